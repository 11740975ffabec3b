"""Files sent to a service that is killed (SIGKILL) while they arrive, are checked and are applied. On PostgreSQL two processes
share the database, and either may be killed.

    kills.py sqlite|postgres

The sender does what a program should: it sends again, with the same Idempotency-Key, until there is an answer. At the end
each row is there once, as it was sent, and was told of once; nobody has ever seen a part of a file.
LIVRET_SEED plays the same choices again.
"""

import collections
import contextlib
import csv
import glob
import http.client
import io
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.dont_write_bytecode = True

import server  # noqa: E402

SEED = int(os.environ.get("LIVRET_SEED", "20261123"))
# When nobody is killed any more, and when all must be over.
CALM_SECONDS, SECONDS = 30, 150
PASSWORD = "livret de demonstration"
SCOPES = ["candidates:read", "candidates:write", "directory:read", "directory:write", "events:read"]
BROKEN = (OSError, http.client.HTTPException)


class Candidates:
    """Files of CSV that wait, once they are checked, to be told to be applied."""

    resource, path, kind, rows, goes_on = "candidates", "/v1/candidates", "candidate", 3000, ""
    media_type = "text/csv"

    @staticmethod
    def row(word, n):
        return {
            "given_name": f"Prénom{n % 97}", "family_name": f"Nom; {word} {n}", "birth_date": f"19{50 + n % 50}-0{1 + n % 9}-1{n % 9}",
            "email": f"personne{n}@courriel.example", "phone": f"+336{n:08}", "preferred_channel": ["email", "sms", "phone"][n % 3],
        }

    @staticmethod
    def written(rows):
        text = io.StringIO()
        names = ["external_id", *Candidates.row("", 0)]
        lines = csv.DictWriter(text, names)
        lines.writeheader()
        lines.writerows({"external_id": id_, **row} for id_, row in rows.items())
        return text.getvalue()


class Addresses:
    """Files of JSON Lines that are applied as soon as they are checked."""

    resource, path, kind, rows, goes_on = "useful_addresses", "/v1/useful-addresses", "useful_address", 1000, "&apply=all_or_nothing"
    media_type = "application/x-ndjson"

    @staticmethod
    def row(word, n):
        return {"category": "other", "name": f"Asso {word} {n}", "missions": f"Aider\nn° {n}", "department_codes": ["2A", "35"][: 1 + n % 2]}

    @staticmethod
    def written(rows):
        return "".join(json.dumps({"external_id": id_, **row}) + "\n" for id_, row in rows.items())


class Crm:
    """Calls the service, whichever process answers, until one does."""

    def __init__(self, services, account, chance):
        self.services, self.chance, self.until = services, chance, time.monotonic() + SECONDS
        form = {"grant_type": "client_credentials", "client_id": account["client_id"], "client_secret": account["secret"]}
        form = urllib.parse.urlencode(form).encode()
        self.token = self.call("POST", "/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})["access_token"]

    def call(self, method, path, body=None, headers=None):
        headers = {**({"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}), **(headers or {})}
        while True:
            url = self.chance.choice(self.services).url
            request = urllib.request.Request(url + path, body, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code not in (409, 429, 503) or (error.code == 409 and method == "GET"):
                    raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error
            except BROKEN:
                pass
            if time.monotonic() > self.until:
                raise SystemExit(f"{method} {path} is not answered")
            time.sleep(0.05)

    def pages(self, path, **query):
        after = ""
        while after is not None:
            page = self.call("GET", f"{path}?{urllib.parse.urlencode({**query, 'limit': 100, 'after': after})}")
            yield from page["items"]
            after = page["next"]


class File:
    """A file and what is known of it."""

    def __init__(self, of, number):
        self.of, self.word = of, f"{of.kind}{SEED}x{number}x"
        self.rows = {f"{self.word}-{n}": of.row(self.word, n) for n in range(of.rows)}
        self.is_visible = False

    def seen(self, crm):
        """Newest first: what is committed while one reads comes before what is read, so that it is all or nothing."""
        seen = list(crm.pages(self.of.path, q=self.word))
        if len(seen) not in ({len(self.rows)} if self.is_visible else {0, len(self.rows)}):
            raise SystemExit(f"{len(seen)} of {len(self.rows)} rows of {self.word} were seen")
        self.is_visible = bool(seen)
        return seen


class Sender(threading.Thread):
    """Sends one file after the other while there is somebody to be killed."""

    def __init__(self, of, crm, world):
        super().__init__(daemon=True)
        self.of, self.crm, self.world, self.phase = of, crm, world, None

    def run(self):
        with self.world.reporting():
            while not self.world.files_of(self.of) or not self.world.is_calm.is_set():
                file = File(self.of, len(self.world.files))
                self.world.files.append(file)
                self.send(file)
            self.phase = None

    def send(self, file):
        key = {"Idempotency-Key": file.word}
        self.phase = "arriving"
        path = f"/v1/imports?resource={self.of.resource}&system=crm{self.of.goes_on}"
        body = self.of.written(file.rows).encode()
        id_ = self.crm.call("POST", path, body, {"Content-Type": self.of.media_type, **key})["id"]
        while True:
            import_ = self.crm.call("GET", f"/v1/imports/{id_}")
            self.phase = import_["state"]
            if self.phase == "ready":
                self.crm.call("POST", f"/v1/imports/{id_}/apply", headers=key)
            elif self.phase == "done":
                assert import_["rows_created"] == len(file.rows), import_
                return
            elif self.phase not in ("checking", "applying"):
                raise SystemExit(f"{file.word}: {import_}")
            time.sleep(0.02)


class Killer(threading.Thread):
    """Kills whom chance names, at a moment that it names, and starts them again."""

    def __init__(self, world, chance):
        super().__init__(daemon=True)
        self.world, self.chance, self.killed = world, chance, collections.Counter()

    def run(self):
        with self.world.reporting():
            worked_on = ["checking", "applying"]
            wanted = ["arriving", self.chance.choice(worked_on), self.chance.choice(["arriving", *worked_on])]
            self.chance.shuffle(wanted)
            until = time.monotonic() + CALM_SECONDS
            span = 1.0
            while wanted and time.monotonic() < until and not self.world.fault:
                if not self.anybody(wanted[0]):
                    time.sleep(0.005)
                    continue
                time.sleep(self.chance.random() * span)
                if not self.anybody(wanted[0]):
                    span = span * 0.7
                    continue
                service = self.chance.choice(self.world.services)
                service.kill()
                self.killed[wanted.pop(0)] += 1
                span = 1.0
                time.sleep(self.chance.random() * 0.5)
                service.start()
            self.world.is_calm.set()

    def anybody(self, phase):
        return any(sender.phase == phase for sender in self.world.senders)


class Reader(threading.Thread):
    """Looks at files all the while."""

    def __init__(self, crm, world):
        super().__init__(daemon=True)
        self.crm, self.world, self.looks = crm, world, collections.Counter()

    def run(self):
        with self.world.reporting():
            while not self.world.is_over.is_set():
                for file in [file for file in self.world.files if not file.is_visible]:
                    self.looks[bool(file.seen(self.crm))] += 1
                time.sleep(0.01)


class World:
    def __init__(self, services):
        self.services, self.files, self.senders, self.fault = services, [], [], None
        self.is_calm, self.is_over = threading.Event(), threading.Event()

    def files_of(self, of):
        return [file for file in self.files if file.of is of]

    @contextlib.contextmanager
    def reporting(self):
        """What goes wrong in a thread ends it all."""
        try:
            yield
        except BaseException as fault:  # noqa: BLE001
            self.fault = fault
            self.is_calm.set()
            self.is_over.set()


def ask(database_url, query):
    """The only number that the database itself answers."""
    if database_url.startswith("sqlite://"):
        path = database_url.removeprefix("sqlite://").split("?")[0]
        with contextlib.closing(sqlite3.connect(path)) as db:
            return db.execute(query).fetchone()[0]
    psql = max(glob.glob("/usr/lib/postgresql/*/bin/psql"))
    return int(subprocess.run([psql, database_url, "-Atc", query], check=True, capture_output=True, text=True).stdout)


def compare(crm, files, changes):
    """Each row once, as it was sent, in its first version, told of once."""
    told = collections.Counter((change["type"], change["resource_id"]) for change in changes)
    objects = set()
    for file in files:
        seen = file.seen(crm)
        assert seen, f"nothing of {file.word}"
        by_name = {row["external_references"][0]["external_id"]: row for row in seen}
        assert by_name.keys() == file.rows.keys(), f"{file.word}: others than were sent"
        for name, sent in file.rows.items():
            row = by_name[name]
            assert {key: row[key] for key in sent} == sent, (row, sent)
            assert (row["version"], row["external_references"]) == (1, [{"system": "crm", "external_id": name}]), row
            assert told[f"{file.of.kind}.created", row["id"]] == 1, row
            objects.add(row["id"])
    about = {kind: sum(count for (type_, id_), count in told.items() if id_ in objects and type_.endswith(kind)) for kind in (".created", "")}
    assert about == {".created": len(objects), "": len(objects)}, about
    assert sum(count for (type_, _), count in told.items() if type_ == "import.applied") == len(files)
    return len(objects)


def play(world, account, chance):
    crm = lambda: Crm(world.services, account, random.Random(chance.random()))  # noqa: E731
    after = crm().call("GET", "/v1/changes?after=latest")["next"]
    killer, reader = Killer(world, random.Random(chance.random())), Reader(crm(), world)
    world.senders = [Sender(of, crm(), world) for of in (Candidates, Addresses)]
    for thread in [*world.senders, reader, killer]:
        thread.start()
    for thread in [*world.senders, killer]:
        thread.join()
    world.is_over.set()
    reader.join()
    if world.fault:
        raise world.fault
    print(f"imports: killed {dict(killer.killed)}; {reader.looks[False]} looks saw nothing of a file, {reader.looks[True]} all", flush=True)
    assert killer.killed["arriving"] and killer.killed["checking"] + killer.killed["applying"], "too little happened"
    assert reader.looks[False], "nobody looked in time"
    changes = []
    while page := crm().call("GET", f"/v1/changes?limit=100&after={after}"):
        changes += page["items"]
        after = page["next"]
        if not page["items"]:
            break
    print(f"imports: {compare(crm(), world.files, changes)} rows of {len(world.files)} files, each once", flush=True)


def nothing_stays(service):
    """Of what is over, once the service has kept house; what killed ones left of uploads goes later, by its age."""
    service.stop()
    service.start()
    over = "SELECT count(*) FROM import_rows WHERE import_id IN (SELECT id FROM imports WHERE finished_at IS NOT NULL)"
    for _ in range(100):
        if ask(service.database_url, over) == 0:
            break
        time.sleep(0.1)
    else:
        raise SystemExit("rows of imports that are over stay")
    left = "SELECT count(DISTINCT import_id) FROM import_rows WHERE import_id NOT IN (SELECT id FROM imports)"
    print(f"imports: {ask(service.database_url, left)} broken uploads wait to be forgotten", flush=True)
    service.command("verify-audit")


def main(database):
    chance, started = random.Random(SEED), time.monotonic()
    print(f"imports: LIVRET_SEED={SEED} on {database}", flush=True)
    with server.service(database) as service:
        services = [service, service.twin()] if database == "postgres" else [service]
        try:
            for one in services:
                one.start()
            login = json.dumps({"email": "coordinatrice@horizon.example", "password": PASSWORD}).encode()
            request = urllib.request.Request(f"{service.url}/v1/auth/login", login, {"Content-Type": "application/json"})
            token = json.load(urllib.request.urlopen(request, timeout=20))["access_token"]
            body = json.dumps({"name": "CRM", "scopes": SCOPES}).encode()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            request = urllib.request.Request(f"{service.url}/v1/service-accounts", body, headers)
            account = json.load(urllib.request.urlopen(request, timeout=20))
            play(World(services), account, chance)
            nothing_stays(service)
        except BaseException:
            print(f"imports: LIVRET_SEED={SEED} plays this again", file=sys.stderr, flush=True)
            raise
        finally:
            for one in services:
                with contextlib.suppress(Exception):
                    one.kill()
    print(f"imports: all well after {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
