"""A receiver with the reference library of Standard Webhooks (PyPI). The secrets that it knows are the lines of
a file; what it takes, it says on standard output: a line of JSON each.

    receiver.py FILE_OF_SECRETS
"""

import http.server
import json
import pathlib
import sys
import threading

from standardwebhooks import Webhook, WebhookVerificationError

SECRETS = pathlib.Path(sys.argv[1])
seen = set()
one_at_a_time = threading.Lock()


def verified(body, headers):
    """By one of the secrets: there are two while one replaces the other."""
    for secret in SECRETS.read_text().split():
        try:
            return Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            continue
    return None


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        message = verified(body, {name.lower(): value for name, value in self.headers.items()})
        if message is None:
            return self.answer(401)
        identity = self.headers["webhook-id"]
        with one_at_a_time:
            if identity not in seen:
                seen.add(identity)
                print(json.dumps({"id": identity, "type": message["type"], "data": message["data"]}), flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
