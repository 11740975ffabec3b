#!/usr/bin/env python3
"""Mirrors an organization of Livret into a CRM-like SQLite file, and keeps it in step. Standard library alone.

    livret_mirror.py once      catches up with all that has happened, and ends
    livret_mirror.py follow    the same, and goes on until it is stopped
    livret_mirror.py resync    reads everything again, as at first, and ends

What it holds to, whenever it is killed: the rows and the cursor of the feed that led to them are written in one
transaction. Webhooks, if there are any, only make it look sooner; they may be lost, doubled or out of order.
README.md, beside this file, says how to run it.
"""

import argparse
import base64
import fcntl
import hashlib
import hmac
import http.client
import http.server
import json
import os
import random
import sqlite3
import sys
import threading
import time
import typing
import urllib.error
import urllib.parse
import urllib.request

SCHEMA = """
CREATE TABLE IF NOT EXISTS contacts (id TEXT PRIMARY KEY, version INTEGER NOT NULL, name TEXT, email TEXT, phone TEXT,
    seen INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, version INTEGER NOT NULL, contact_id TEXT, state TEXT,
    seen INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS meetings (id TEXT PRIMARY KEY, version INTEGER NOT NULL, file_id TEXT, starts_at TEXT, state TEXT,
    seen INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS partners (id TEXT PRIMARY KEY, version INTEGER NOT NULL, name TEXT, phone TEXT,
    seen INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS staff (id TEXT PRIMARY KEY, version INTEGER NOT NULL, name TEXT, email TEXT, role TEXT,
    seen INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sync (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT, round INTEGER NOT NULL);
INSERT OR IGNORE INTO sync VALUES (1, NULL, 0);
"""


def full_name(person):
    return f"{person['given_name']} {person['family_name']}"


class Mirrored(typing.NamedTuple):
    """A resource of Livret and the table it goes to."""

    path: str
    table: str
    columns: typing.Callable[[dict], dict]


RESOURCES = {
    "candidate": Mirrored("/v1/candidates", "contacts",
                          lambda o: {"name": full_name(o), "email": o["email"], "phone": o["phone"]}),
    "booklet": Mirrored("/v1/booklets", "files", lambda o: {"contact_id": o["candidate_id"], "state": o["state"]}),
    "appointment": Mirrored("/v1/appointments", "meetings",
                            lambda o: {"file_id": o["booklet_id"], "starts_at": o["starts_at"], "state": o["state"]}),
    "useful_address": Mirrored("/v1/useful-addresses", "partners", lambda o: {"name": o["name"], "phone": o["phone"]}),
    "user": Mirrored("/v1/users", "staff", lambda o: {"name": full_name(o), "email": o["email"], "role": o["role"]}),
}


class Refused(Exception):
    """An answer that does not get better by asking again."""

    def __init__(self, status, problem, retry_after):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.code = problem.get("code")
        self.retry_after = retry_after


class Livret:
    """The API: tokens, and patience with what passes."""

    LONGEST_PAUSE = 30

    def __init__(self, url, client_id, secret):
        self.url = url.rstrip("/")
        self._credentials = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self._token = None

    def get(self, path, **parameters):
        """The answer; None when there is no such object, or not within reach."""
        query = urllib.parse.urlencode(parameters)
        attempt = 0
        while True:
            try:
                headers = {"Authorization": f"Bearer {self._token or self._new_token()}"}
                return self._send(urllib.request.Request(f"{self.url}{path}?{query}", headers=headers))
            except Refused as refused:
                if refused.status == 404:
                    return None
                if refused.status == 401 and self._token:
                    self._token = None  # It has expired.
                    continue
                if refused.status not in (408, 429, 500, 502, 503, 504):
                    raise
                pause = refused.retry_after
            except (OSError, ValueError, http.client.HTTPException):  # No answer, or half of one.
                pause = 0
            attempt += 1
            time.sleep(max(pause, random.random() * min(self.LONGEST_PAUSE, 0.2 * 2**min(attempt, 10))))

    def pages(self, path):
        """All objects of a list."""
        after = ""
        while after is not None:
            page = self.get(path, limit=100, after=after)
            yield page["items"]
            after = page["next"]

    def _new_token(self):
        form = b"grant_type=client_credentials"
        headers = {"Authorization": f"Basic {self._credentials}"}
        self._token = self._send(urllib.request.Request(f"{self.url}/oauth/token", form, headers))["access_token"]
        return self._token

    def _send(self, request):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.loads(error.read() or b"{}")
            raise Refused(error.code, problem, int(error.headers.get("Retry-After", 0))) from None


class Mirror:
    """The CRM's side."""

    def __init__(self, file, livret):
        # Two of them would overtake one another.
        self._lock = open(f"{file}.lock", "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.livret = livret
        self.db = sqlite3.connect(file, isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.executescript(SCHEMA)

    def catch_up(self, wait=0):
        """Applies one page of the feed; whether there was anything."""
        cursor, round_ = self.db.execute("SELECT cursor, round FROM sync").fetchone()
        if cursor is None:
            self._read_everything(round_ + 1)
            return True
        try:
            page = self.livret.get("/v1/changes", after=cursor, limit=100, wait=wait)
        except Refused as refused:
            if refused.code != "invalid_cursor":
                raise
            # Livret was restored from a backup: what we know may never have happened.
            self.forget_cursor()
            return True
        # Each object once, as it is now: never older than the last change that tells of it.
        objects = {}
        for change in page["items"]:
            if change["resource"] in RESOURCES:
                objects[change["resource"], change["resource_id"]] = change["type"].endswith(".deleted")
        found = [
            (resource, id_, None if is_gone else self.livret.get(f"{RESOURCES[resource].path}/{id_}"))
            for (resource, id_), is_gone in objects.items()
        ]
        with self._transaction():
            for resource, id_, object_ in found:
                self._keep(resource, object_, round_) if object_ else self._remove(resource, id_)
            self.db.execute("UPDATE sync SET cursor = ?", [page["next"]])
        return bool(page["items"])

    def forget_cursor(self):
        """The next time everything is read again."""
        self.db.execute("UPDATE sync SET cursor = NULL")

    def _read_everything(self, round_):
        # The end of the feed before the lists: what changes while we read comes after it.
        cursor = self.livret.get("/v1/changes", after="latest")["next"]
        self.db.execute("UPDATE sync SET round = ?", [round_])
        for resource, mirrored in RESOURCES.items():
            for items in self.livret.pages(mirrored.path):
                with self._transaction():
                    for object_ in items:
                        self._keep(resource, object_, round_)
        with self._transaction():
            for mirrored in RESOURCES.values():
                self.db.execute(f"DELETE FROM {mirrored.table} WHERE seen <> ?", [round_])
            self.db.execute("UPDATE sync SET cursor = ?", [cursor])

    def _keep(self, resource, object_, round_):
        # What all organizations share is in nobody's feed.
        if resource == "useful_address" and object_["organization_id"] is None:
            return
        mirrored = RESOURCES[resource]
        row = {
            "id": object_["id"], "version": object_["version"], "seen": round_,
            "body": json.dumps(object_, sort_keys=True), **mirrored.columns(object_),
        }
        places = ", ".join("?" * len(row))
        self.db.execute(f"INSERT OR REPLACE INTO {mirrored.table} ({', '.join(row)}) VALUES ({places})", [*row.values()])

    def _remove(self, resource, id_):
        self.db.execute(f"DELETE FROM {RESOURCES[resource].table} WHERE id = ?", [id_])
        if resource == "booklet":  # Its pages go with it, and are not told one by one.
            self.db.execute("DELETE FROM meetings WHERE file_id = ?", [id_])

    def _transaction(self):
        self.db.execute("BEGIN IMMEDIATE")
        return self.db  # As a context it commits, or rolls back.


def is_genuine(secret, headers, body, now, tolerance=300):
    """Whether a webhook was signed with this secret, lately (https://www.standardwebhooks.com)."""
    id_, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id_ or not timestamp.isdecimal() or abs(now - int(timestamp)) > tolerance:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(expected)
    signatures = headers.get("webhook-signature", "").encode().split()
    return any([hmac.compare_digest(expected, signature) for signature in signatures])


def receive_webhooks(address, secret, wake):
    """Wakes the reader of the feed for each genuine webhook, and believes nothing else of it."""

    class Receiver(http.server.BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self):
            length = self.headers.get("Content-Length", "")
            body = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= 1 << 20 else None
            genuine = body is not None and is_genuine(secret, self.headers, body, time.time())
            if genuine:
                wake.set()
            self.send_response(204 if genuine else 400)
            self.end_headers()

        def log_message(self, *_):
            pass

    host, port = address.rsplit(":", 1)
    server = http.server.ThreadingHTTPServer((host, int(port)), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def follow(mirror, options):
    wake = threading.Event()
    if options.listen:
        receive_webhooks(options.listen, os.environ["LIVRET_WEBHOOK_SECRET"], wake)
    while True:
        wake.clear()
        # Without webhooks the question is kept open; with them it is asked when one comes, and from time to time.
        while mirror.catch_up(wait=0 if options.listen else 25):
            pass
        if options.listen:
            wake.wait(options.every)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["once", "follow", "resync"])
    parser.add_argument("--mirror", default="mirror.db", help="the SQLite file")
    parser.add_argument("--listen", help="receive webhooks at this host:port (LIVRET_WEBHOOK_SECRET)")
    parser.add_argument("--every", type=float, default=60, help="with --listen: look at least every so many seconds")
    options = parser.parse_args()
    livret = Livret(*(os.environ[name] for name in ("LIVRET_URL", "LIVRET_CLIENT_ID", "LIVRET_CLIENT_SECRET")))
    mirror = Mirror(options.mirror, livret)
    if options.command == "follow":
        follow(mirror, options)
    if options.command == "resync":
        mirror.forget_cursor()
    while mirror.catch_up():
        pass


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        pass
