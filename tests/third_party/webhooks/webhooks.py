"""Real deliveries, verified by the reference libraries of Standard Webhooks (npm and PyPI): signatures, a secret
that replaces another one, the trial of a receiver, and a service that is killed while it delivers.

    webhooks.py sqlite|postgres
"""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import server  # noqa: E402

PASSWORD = "livret de demonstration"
CHANGES = 40
# What an instance that was killed had taken is another's after a minute.
PATIENCE = 120


class Receiver:
    def __init__(self, folder, name, *command):
        self.name, self.secrets = name, pathlib.Path(folder, name)
        self.secrets.write_text("")
        self.messages = []
        self._process = subprocess.Popen([*command, self.secrets], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self._process.stdout:
            self.messages.append(json.loads(line))

    def gets(self, what, count=1):
        def found():
            messages = [message for message in self.messages if what(message)]
            return messages if len(messages) >= count else None

        return wait_for(found, f"{self.name}: {len(self.messages)} messages, not those that were expected")

    def stop(self):
        self._process.kill()
        self._process.wait()


def wait_for(what, otherwise):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(otherwise)


class Api:
    def __init__(self, url):
        self.url, self.token = url, None
        login = {"email": "coordinatrice@horizon.example", "password": PASSWORD}
        self.token = self.post("/v1/auth/login", login)["access_token"]

    def post(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    def change(self, number):
        return self.post("/v1/candidates", {"given_name": "Awa", "family_name": f"Diop {number}"})["id"]


def is_about(ids):
    return lambda message: message["data"].get("resource_id") in ids


def check(service, receivers):
    service.start()
    api = Api(service.url)
    webhooks = {}
    for receiver in receivers:
        webhook = api.post("/v1/webhooks", {"url": receiver.url, "topics": ["candidate.*"]})
        receiver.secrets.write_text(webhook["secret"])
        webhooks[receiver.name] = f"/v1/webhooks/{webhook['id']}"
        api.post(f"{webhooks[receiver.name]}/ping")
    made = {api.change(0)}
    for receiver in receivers:
        receiver.gets(lambda message: message["type"] == "webhook.ping")
        [message] = receiver.gets(is_about(made))
        assert message["type"] == "candidate.created" and "Diop" not in json.dumps(message), message

    # One secret replaces the other: who knows the new one alone verifies, and who knows the old one alone too.
    for place, receiver in enumerate(receivers):
        rotated = api.post(f"{webhooks[receiver.name]}/rotate-secret", {"overlap_hours": 1})
        if place == 0:
            receiver.secrets.write_text(rotated["secret"])
    made = {api.change(1)}
    for receiver in receivers:
        receiver.gets(is_about(made))

    for receiver in receivers:
        report = api.post(f"{webhooks[receiver.name]}/conformance")
        assert report["passed"], json.dumps(report, indent=1)

    # Killed while it delivers, twice: every change comes.
    made = set()
    for _ in range(2):
        made |= {api.change(number) for number in range(CHANGES // 2)}
        service.kill()
        service.start()
        api = Api(service.url)
    started = time.monotonic()
    for receiver in receivers:
        receiver.gets(is_about(made), CHANGES)
        told = [message["data"]["resource_id"] for message in receiver.messages if is_about(made)(message)]
        assert len(told) == len(set(told)) == CHANGES, "a change came under two ids"
    return time.monotonic() - started


def main(database):
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="livret-webhooks-"))
        receivers = [
            Receiver(folder, "PyPI", sys.executable, HERE / "receiver.py"),
            Receiver(folder, "npm", "node", HERE / "receiver.js"),
        ]
        for receiver in receivers:
            stack.callback(receiver.stop)
        service = stack.enter_context(server.service(database, allow_local_targets="on", webhook_retry_seconds=1))
        try:
            seconds = check(service, receivers)
        finally:
            service.stop()
    print(
        f"webhooks on {database}: verified by the libraries of npm and PyPI; {CHANGES} changes around two kills "
        f"came to both receivers, the last {seconds:.0f} s after the restart"
    )


if __name__ == "__main__":
    main(sys.argv[1])
