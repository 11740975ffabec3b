"""The two programs of the reference connector, as somebody would run them, and what they wrote."""

import contextlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
CONNECTOR = ROOT / "docs/integrations/livret_mirror.py"
sys.path[:0] = [str(CONNECTOR.parent)]
import livret_mirror  # noqa: E402

# So rarely that what it learns of meanwhile, it learns of by a webhook.
ONLY_WHEN_TOLD = ["--every", "3600"]


class Program:
    """`livret_mirror.py` with one of its commands: one process after another, on the same file."""

    def __init__(self, file, environment, *command):
        self.log = file.with_name(f"{command[0]}.log")
        self._command = [sys.executable, CONNECTOR, *command, "--mirror", file]
        self._environment = {**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = None

    def start(self, *options):
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([*self._command, *options], env=self._environment, stderr=log)

    def kill(self, may_have_ended=False):
        """SIGKILL, if it was started. To have ended by itself is a fault, unless it may have, and well."""
        if self._process:
            status = self._process.poll()
            self._process.kill()
            self._process.wait()
            self._process = None
            is_well = status is None or may_have_ended and status == 0
            assert is_well, f"ended by itself with {status}:\n{self.log.read_text()[-2000:]}"

    def ends_well(self):
        self.start()
        status = self._process.wait(timeout=60)
        self._process = None
        assert status == 0, f"ended with {status}:\n{self.log.read_text()[-2000:]}"


class Mirror:
    """What stands in the file."""

    def __init__(self, file):
        self.file = file

    def ask(self, query, *values):
        with contextlib.closing(sqlite3.connect(self.file, timeout=30)) as db:
            return db.execute(query, values).fetchall()

    def rows(self):
        return {
            (kind.table, id_): body
            for kind in livret_mirror.RESOURCES.values()
            for id_, body in self.ask(f"SELECT id, body FROM {kind.table}")
        }

    def has(self, candidate):
        return bool(self.ask("SELECT 1 FROM contacts WHERE id = ?", candidate))

    def webhooks(self):
        """Those that were stored, and whether they were followed."""
        return dict(self.ask("SELECT message_id, followed FROM webhooks"))

    @contextlib.contextmanager
    def nobody_writes(self):
        """Whoever wants to store something waits meanwhile."""
        with contextlib.closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            yield


def arrived(receiver):
    """The genuine webhooks that the receiver wrote of before it stored them, each as often as it came."""
    return re.findall(r"^webhook (\S+)", receiver.log.read_text(), re.MULTILINE)


def kill_before_it_stores(receiver, mirror, patience, act=lambda: None):
    """Kills the receiver when a webhook has arrived and is not stored. Its id; none if none came."""
    with mirror.nobody_writes():
        before = len(arrived(receiver))
        act()
        wait_until(lambda: len(arrived(receiver)) > before, patience)
        receiver.kill()
    return arrived(receiver)[before:]


def wait_until(what, patience=30):
    """Whether it came to be so."""
    until = time.monotonic() + patience
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def expected(livret):
    """What the service answers to the same service account, now."""
    rows = {}
    for mirrored in livret_mirror.RESOURCES.values():
        for items in livret.pages(mirrored.path):
            for object_ in items:
                if object_.get("organization_id", "own") is not None:
                    rows[mirrored.table, object_["id"]] = json.dumps(object_, sort_keys=True)
    return rows


def compare(mirror, livret, what):
    wanted, found = expected(livret), mirror.rows()
    missing, surplus = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    stale = [key for key in wanted.keys() & found.keys() if wanted[key] != found[key]]
    differ = f"{what}: missing {sorted(missing)}, surplus {sorted(surplus)}, stale {stale}"
    assert not (missing or surplus or stale), differ
    print(f"connector: {what}: {len(wanted)} rows, as the service has them", flush=True)
