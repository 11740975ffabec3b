"""Traces that the service sends: a small OpenTelemetry collector on this machine, and a receiver of webhooks, see what is told of a
request and of the message that follows it.

    traces.py            with a program built by `cargo build -p api --features otel` (LIVRET_BINARY, target/debug/livret)
"""

import contextlib
import http.server
import os
import pathlib
import sys
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/third_party"), str(ROOT / "tests/faults")]
import server  # noqa: E402
from calls import HORIZON, Caller, signed_in  # noqa: E402

PATIENCE = 20


class Kept(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent, and takes it."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.kept.append((self.path, dict(self.headers.items()), body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def keeping():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Kept)
    receiver.kept = []
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.shutdown()


def fields(message):
    """The fields of a message of Protocol Buffers, as number and value: numbers, or bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            length = {1: 8, 5: 4}.get(key & 7) or varint()
            yield key >> 3, message[at : at + length]
            at += length


def all_of(message, *path):
    """The values at the end of a path of numbers."""
    if not path:
        return [message]
    return [found for number, value in fields(message) if number == path[0] for found in all_of(value, *path[1:])]


def attributes(message, number):
    """Texts and numbers by name."""
    found = {}
    for pair in all_of(message, number):
        [key], [value] = all_of(pair, 1), all_of(pair, 2)
        [(kind, value)] = fields(value)
        found[key.decode()] = value.decode() if kind == 1 else value
    return found


def spans(collector):
    """Each span (opentelemetry/proto/trace/v1/trace.proto), with the service that sent it."""
    for path, headers, body in list(collector.kept):
        assert path == "/v1/traces" and headers["content-type"] == "application/x-protobuf", (path, headers)
        for sent in all_of(body, 1):
            service = attributes(all_of(sent, 1)[0], 1)["service.name"]
            for span in all_of(sent, 2, 2):
                yield {
                    "service": service,
                    "trace": all_of(span, 1)[0].hex(),
                    "span": all_of(span, 2)[0].hex(),
                    "parent": b"".join(all_of(span, 4)).hex(),
                    "name": all_of(span, 5)[0].decode(),
                    "kind": all_of(span, 6)[0],
                    "is_error": all_of(span, 15, 3) == [2],
                    **attributes(span, 9),
                }


def until(ask, what):
    deadline = time.monotonic() + PATIENCE
    while not (found := ask()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


def play(url, receiver):
    """A webhook, and one request that belongs to a caller's trace; where it stands there."""
    port = int(url.rsplit(":", 1)[1])
    caller = Caller(port, signed_in(port, HORIZON))
    made = caller.call("POST", "/v1/webhooks", {"url": f"http://127.0.0.1:{receiver.server_port}/hook", "topics": ["candidate.created"]})
    assert made.status == 201, made.body
    trace, span = uuid.uuid4().hex, "b7ad6b7169203331"
    person = {"given_name": "Aminata", "family_name": "Zwingelstein"}
    made = caller.call("POST", "/v1/candidates", person, traceparent=f"00-{trace}-{span}-01", x_request_id="a-name-of-its-own")
    assert made.status == 201, made.body
    assert caller.call("GET", "/v1/candidates?q=Zwingelstein").status == 200
    assert caller.call("GET", "/health/ready").status == 200
    until(lambda: receiver.kept, "the message of the webhook")
    return trace, span


def sent(collector, receiver):
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{collector.server_port}"
    with server.serve("sqlite", allow_local_targets="on") as url:
        trace, span = play(url, receiver)
    # What was not sent yet was sent at the end.
    found = list(spans(collector))
    in_trace = {found["name"]: found for found in found if found["trace"] == trace}
    assert in_trace.keys() == {"create_candidate", "deliver_webhook"}, found
    request, message = in_trace["create_candidate"], in_trace["deliver_webhook"]
    assert request["parent"] == span and request["kind"] == 2 and message["kind"] == 3, in_trace
    assert message["parent"] == request["span"], in_trace
    assert (request["http.request.method"], request["http.response.status_code"]) == ("POST", 201), request
    assert (message["http.response.status_code"], message["livret.event"]) == (200, "candidate.created"), message
    assert request["livret.request_id"] == "a-name-of-its-own" and not request["is_error"], request
    [(_, headers, _)] = receiver.kept
    assert headers["traceparent"] == f"00-{trace}-{message['span']}-01", headers
    names = [span["name"] for span in found]
    assert "list_candidates" in names and "unknown" not in names, names
    assert all(span["service"] == "livret" for span in found), found
    everything = b"".join(body for _, _, body in collector.kept)
    for personal in (b"Zwingelstein", b"Aminata", b"horizon.example", b"127.0.0.1", b"/v1/"):
        assert personal not in everything, personal
    return len(found)


def not_sent(collector, receiver):
    """Without an address nothing is sent, and the receiver is told the caller's place in the trace."""
    del os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
    receiver.kept.clear()
    before = len(collector.kept)
    with server.serve("sqlite", allow_local_targets="on") as url:
        trace, span = play(url, receiver)
    assert len(collector.kept) == before
    assert receiver.kept[0][1]["traceparent"] == f"00-{trace}-{span}-01", receiver.kept


def main():
    began = time.monotonic()
    with keeping() as collector, keeping() as receiver:
        count = sent(collector, receiver)
        not_sent(collector, receiver)
    print(f"traces: {count} spans as they should be, none without an address, {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
