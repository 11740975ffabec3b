#!/usr/bin/env python3
"""Mirrors an organization of Livret into a CRM-like SQLite file, and keeps it in step. Standard library alone.

    livret_mirror.py once      catches up with all that has happened, and ends
    livret_mirror.py follow    the same, and goes on until it is stopped
    livret_mirror.py receive   beside `follow --every`, a process of its own: takes webhooks, and has it look at once
    livret_mirror.py resync    reads everything again, as at first, and ends

What it holds to, whenever it is killed: the rows and the cursor of the feed that led to them are written in one
transaction. Webhooks are stored before they are answered, and only make it look sooner; they may be lost, doubled
or out of order. README.md, beside this file, says how to run it.
"""

import argparse
import base64
import contextlib
import fcntl
import hashlib
import hmac
import http.client
import http.server
import json
import os
import random
import re
import sqlite3
import sys
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
CREATE TABLE IF NOT EXISTS webhooks (place INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, type TEXT,
    received_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, followed INTEGER NOT NULL DEFAULT 0);
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
        what = problem.get("code") or problem.get("error")
        super().__init__(f"{status} {what}: {problem.get('detail') or problem.get('error_description')}")
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
                why, pause = refused, refused.retry_after
            except (OSError, ValueError, http.client.HTTPException) as error:  # No answer, or half of one.
                why, pause = error, 0
            attempt += 1
            pause = max(pause, random.random() * min(self.LONGEST_PAUSE, 0.2 * 2**min(attempt, 10)))
            log(f"{self.url}{path}: {why}; again in {pause:.1f} s")
            time.sleep(pause)

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


def open_file(file):
    """The SQLite file, which the processes share. Each of them waits for another one's write to end."""
    db = sqlite3.connect(file, isolation_level=None, timeout=10)
    db.executescript(SCHEMA)
    return db


class Mirror:
    """The CRM's side."""

    def __init__(self, file, livret):
        self._lock = open(f"{file}.lock", "w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"{file} is kept by another one, and two would overtake one another")
        self.livret = livret
        self.db = open_file(file)
        self.db.execute("PRAGMA journal_mode = WAL")

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

    def last_webhook(self):
        """The place of the last webhook received, and whether it was followed."""
        return self.db.execute("SELECT place, followed FROM webhooks ORDER BY place DESC").fetchone() or (0, 1)

    def have_followed(self, place):
        """All that the webhooks up to this place told of is here. Those of last week are forgotten."""
        self.db.execute("UPDATE webhooks SET followed = 1 WHERE place <= ? AND NOT followed", [place])
        self.db.execute("DELETE FROM webhooks WHERE received_at < datetime('now', '-7 days')")

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


def is_genuine(key, headers, body, now, tolerance=300):
    """Whether a webhook was signed with this key, lately (https://www.standardwebhooks.com)."""
    id_, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id_ or not re.fullmatch("[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > tolerance:
        return False
    expected = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(expected)
    signatures = headers.get("webhook-signature", "").encode().split()
    return any([hmac.compare_digest(expected, signature) for signature in signatures])


def receive(address, secret, file):
    """Stores each genuine webhook for the one who follows, and believes nothing of it but that there is something.
    What it does not live to store it has not answered either: Livret sends that again."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not key:
        sys.exit("LIVRET_WEBHOOK_SECRET is not a webhook's secret: take it whole, as the answer gave it (whsec_…)")

    class Receiver(http.server.BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self):
            length = self.headers.get("Content-Length", "")
            is_bounded = re.fullmatch("[0-9]{1,7}", length) and int(length) <= 1 << 20
            body = self.rfile.read(int(length)) if is_bounded else b""
            if is_genuine(key, self.headers, body, time.time()):
                message = self.headers["webhook-id"], json.loads(body)["type"]
                log("webhook", *message)
                with contextlib.closing(open_file(file)) as db:
                    db.execute("INSERT OR IGNORE INTO webhooks (message_id, type) VALUES (?, ?)", message)
                self.send_response(204)
            else:
                self.send_response(401)
            self.end_headers()

    open_file(file).close()
    host, port = address.rsplit(":", 1)
    http.server.ThreadingHTTPServer((host, int(port)), Receiver).serve_forever()


def follow(mirror, every):
    """Keeps the question for changes open; with `every`, asks when a webhook came, and every so many seconds."""
    while True:
        place, _ = mirror.last_webhook()  # Before the question: what comes later needs one of its own.
        while mirror.catch_up(wait=0 if every else 25):
            pass
        mirror.have_followed(place)
        until = time.monotonic() + every
        while time.monotonic() < until and mirror.last_webhook()[1]:
            time.sleep(0.2)


def log(*words):
    print(*words, file=sys.stderr, flush=True)


def setting(name):
    return os.environ.get(name) or sys.exit(f"{name} is not set: README.md says where it comes from")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["once", "follow", "receive", "resync"])
    parser.add_argument("--mirror", default="mirror.db", help="the SQLite file")
    parser.add_argument("--every", type=float, default=0, metavar="SECONDS",
                        help="follow: ask when a webhook came, and so often, instead of keeping the question open")
    parser.add_argument("--listen", default="127.0.0.1:9000", metavar="HOST:PORT", help="receive: where")
    options = parser.parse_args()
    if options.command == "receive":
        receive(options.listen, setting("LIVRET_WEBHOOK_SECRET"), options.mirror)
    livret = Livret(*(setting(name) for name in ("LIVRET_URL", "LIVRET_CLIENT_ID", "LIVRET_CLIENT_SECRET")))
    mirror = Mirror(options.mirror, livret)
    if options.command == "follow":
        follow(mirror, options.every)
    if options.command == "resync":
        mirror.forget_cursor()
    while mirror.catch_up():
        pass


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))
    except KeyboardInterrupt:
        pass
