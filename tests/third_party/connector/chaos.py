"""The reference connector (docs/integrations) against a service that is killed, while it is killed itself.

    chaos.py sqlite|postgres

Writers write, the service and the connector are killed and started again at random, webhooks come twice, late and
forged. Then the mirror must equal what the service answers. LIVRET_SEED plays the same choices again, LIVRET_CHAOS_SECONDS
says for how long.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[3]
sys.path[:0] = [str(HERE.parents[1]), str(ROOT / "docs/integrations")]
sys.dont_write_bytecode = True

import livret_mirror  # noqa: E402
import server  # noqa: E402

SECONDS = float(os.environ.get("LIVRET_CHAOS_SECONDS", "25"))
SEED = int(os.environ.get("LIVRET_SEED", "20261123"))
CONNECTOR = ROOT / "docs/integrations/livret_mirror.py"
PASSWORD = "livret de demonstration"
SECRET = "whsec_" + base64.b64encode(b"a secret of this test alone 0123").decode()
SCOPES = [f"{family}:read" for family in ("candidates", "booklets", "appointments", "directory", "users", "events")]


class Person:
    """Somebody who writes."""

    def __init__(self, url, email):
        self.url = url
        login = {"email": email, "password": PASSWORD}
        self._token = self.call("POST", "/v1/auth/login", login, token=None)["access_token"]

    def call(self, method, path, body=None, token=""):
        headers = {"If-Match": "*"} if method in ("PATCH", "DELETE") else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
            return json.loads(text) if text else None


class Writer(threading.Thread):
    """Makes, changes and deletes at random; what fails because the service is gone may have happened or not."""

    def __init__(self, person, chance, over):
        super().__init__(daemon=True)
        self.person, self.chance, self.over = person, chance, over
        self.made = {"candidates": [], "booklets": [], "appointments": [], "useful-addresses": []}
        self.done = 0

    def run(self):
        while not self.over.is_set():
            with contextlib.suppress(OSError, ValueError):
                self.write()
                self.done += 1
            time.sleep(self.chance.random() * 0.05)

    def write(self):
        kind = self.chance.choice(sorted(self.made))
        made = self.made[kind]
        action = self.chance.random()
        if not made or action < 0.45:
            made.append(self.make(kind))
            return
        id_ = self.chance.choice(made)
        if action < 0.8 or kind == "booklets":
            self.person.call("PATCH", f"/v1/{kind}/{id_}", self.change(kind))
        else:
            made.remove(id_)
            self.person.call("DELETE", f"/v1/{kind}/{id_}")

    def make(self, kind):
        number = self.chance.randrange(10**6)
        candidate = {"given_name": "Ana", "family_name": f"Essai {number}"}
        if kind == "candidates":
            path, body = "/v1/candidates", candidate
        elif kind == "useful-addresses":
            path, body = "/v1/useful-addresses", {"category": "other", "name": f"Asso {number}", "missions": "Aider"}
        elif kind == "booklets":
            owner = self.person.call("POST", "/v1/candidates", candidate)["id"]
            self.made["candidates"].append(owner)
            path, body = "/v1/booklets", {"candidate_id": owner, "tutor_id": self.tutor()}
        else:
            if not self.made["booklets"]:
                self.made["booklets"].append(self.make("booklets"))
            path = f"/v1/booklets/{self.chance.choice(self.made['booklets'])}/appointments"
            body = {"starts_at": "2027-01-05T09:00:00Z", "ends_at": "2027-01-05T10:00:00Z", "kind": "interview", "mode": "phone"}
        return self.person.call("POST", path, body)["id"]

    def change(self, kind):
        word = f"changed {self.chance.randrange(10**6)}"
        return {
            "candidates": {"family_name": word},
            "booklets": {"purpose": word},
            "appointments": {"place": word},
            "useful-addresses": {"missions": word},
        }[kind]

    def tutor(self):
        return self.person.call("GET", "/v1/users?role=tutor")["items"][0]["id"]


class Connector:
    """The program itself, as somebody would run it."""

    def __init__(self, folder, account, url):
        self.mirror = pathlib.Path(folder, "mirror.db")
        self.port = server._free_port()
        self.environment = {
            **os.environ, "LIVRET_URL": url, "LIVRET_WEBHOOK_SECRET": SECRET, "PYTHONDONTWRITEBYTECODE": "1",
            "LIVRET_CLIENT_ID": account["client_id"], "LIVRET_CLIENT_SECRET": account["secret"],
        }
        self.process = None

    def command(self, *arguments):
        return [sys.executable, str(CONNECTOR), *arguments, "--mirror", str(self.mirror)]

    def start(self, chance):
        # Now with webhooks, now without.
        hooks = ["--listen", f"127.0.0.1:{self.port}", "--every", "3600"] if chance.random() < 0.5 else []
        self.process = subprocess.Popen([*self.command("follow"), *hooks], env=self.environment)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def run(self, command):
        subprocess.run(self.command(command), env=self.environment, check=True, timeout=120)

    def webhook(self, chance, age=0, secret=SECRET):
        """What Livret would send: genuine, late, forged, or twice. Its status, if anybody listens."""
        id_, now, body = f"msg_{chance.randrange(10**9)}", str(int(time.time()) - age), b'{"type": "any"}'
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = hmac.new(key, f"{id_}.{now}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "webhook-id": id_, "webhook-timestamp": now, "webhook-signature": "v1," + base64.b64encode(signed).decode(),
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}", body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None


def expected(livret):
    """What the service answers to the same service account, now."""
    rows = {}
    for mirrored in livret_mirror.RESOURCES.values():
        for items in livret.pages(mirrored.path):
            for object_ in items:
                if object_.get("organization_id", "own") is not None:
                    rows[mirrored.table, object_["id"]] = json.dumps(object_, sort_keys=True)
    return rows


def mirrored(connector):
    with contextlib.closing(sqlite3.connect(connector.mirror)) as db:
        return {
            (kind.table, id_): body
            for kind in livret_mirror.RESOURCES.values()
            for id_, body in db.execute(f"SELECT id, body FROM {kind.table}")
        }


def compare(connector, livret, what):
    wanted, found = expected(livret), mirrored(connector)
    missing, surplus = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    stale = [key for key in wanted.keys() & found.keys() if wanted[key] != found[key]]
    if missing or surplus or stale:
        raise SystemExit(f"LIVRET_SEED={SEED}: {what}: missing {sorted(missing)}, surplus {sorted(surplus)}, stale {stale}")
    print(f"connector: {what}: {len(wanted)} rows, as the service has them", flush=True)


def disturb(service, connector, chance):
    """Kills this and that, until the time is over."""
    kills = {"service": 0, "connector": 0}
    until = time.monotonic() + SECONDS
    connector.start(chance)
    while time.monotonic() < until:
        time.sleep(chance.random() * 1.5)
        choice = chance.random()
        if choice < 0.25:
            service.kill()
            kills["service"] += 1
            time.sleep(chance.random() * 0.5)
            service.start()
        elif choice < 0.6:
            connector.kill()
            kills["connector"] += 1
            connector.start(chance)
        else:
            connector.webhook(chance, age=chance.choice([0, 0, 3600]), secret=chance.choice([SECRET, "whsec_" + "AAAA" * 8]))
    connector.kill()
    return kills


def only_genuine_webhooks_wake(connector, service, person, livret):
    """With webhooks and an hour between two looks, a change arrives because of the webhook."""
    chance = random.Random(SEED)
    arguments = ["--listen", f"127.0.0.1:{connector.port}", "--every", "3600"]
    connector.process = subprocess.Popen([*connector.command("follow"), *arguments], env=connector.environment)
    while connector.webhook(chance) != 204:
        time.sleep(0.1)
    time.sleep(1)
    id_ = person.call("POST", "/v1/candidates", {"given_name": "Awa", "family_name": "Réveil"})["id"]
    assert connector.webhook(chance, age=3600) == 400, "a late one was believed"
    assert connector.webhook(chance, secret="whsec_" + "AAAA" * 8) == 400, "a forged one was believed"
    time.sleep(1)
    assert ("contacts", id_) not in mirrored(connector), "it looked without being told"
    assert connector.webhook(chance) == 204
    for _ in range(100):
        if ("contacts", id_) in mirrored(connector):
            break
        time.sleep(0.1)
    connector.kill()
    compare(connector, livret, "woken by a webhook")


def main(database):
    chance = random.Random(SEED)
    print(f"connector: LIVRET_SEED={SEED} on {database}", flush=True)
    with server.service(database) as service, tempfile.TemporaryDirectory() as folder:
        service.start()
        try:
            claire = Person(service.url, "coordinatrice@horizon.example")
            account = claire.call("POST", "/v1/service-accounts", {"name": "CRM", "scopes": SCOPES})
            livret = livret_mirror.Livret(service.url, account["client_id"], account["secret"])
            connector = Connector(folder, account, service.url)
            over = threading.Event()
            writers = [Writer(claire, random.Random(chance.random()), over) for _ in range(3)]
            for writer in writers:
                writer.start()
            kills = disturb(service, connector, chance)
            over.set()
            for writer in writers:
                writer.join()
            done = sum(writer.done for writer in writers)
            print(f"connector: {done} writes, killed {kills}", flush=True)
            assert done > 20 and min(kills.values()) > 1, "too little happened"
            connector.run("once")
            compare(connector, livret, "after all the kills")

            # A week away.
            writer = Writer(claire, random.Random(chance.random()), over)
            for _ in range(120):
                # What somebody deleted with its candidate is not there any more.
                with contextlib.suppress(urllib.error.HTTPError):
                    writer.write()
            connector.run("once")
            compare(connector, livret, "after a week away")

            # Killed while it reads everything again.
            for _ in range(4):
                process = subprocess.Popen(connector.command("resync"), env=connector.environment)
                time.sleep(chance.random() * 1.0)
                process.kill()
                process.wait()
            connector.run("once")
            compare(connector, livret, "after broken resyncs")
            only_genuine_webhooks_wake(connector, service, claire, livret)
        finally:
            with contextlib.suppress(Exception):
                service.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
