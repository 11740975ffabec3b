#!/usr/bin/env python3
"""What an import of 100,000 candidates takes (on SQLite of 20,000, as many as a file may have): rows a second of each step, the peak memory of the service,
how long another writer waits meanwhile; beside it, the database's own bulk load of the same rows into a
like table with the same indexes (`.import` of the sqlite3 shell or Python's executemany; `\\copy`).

    cargo build --release && python3 docs/measure/import.py sqlite
    python3 docs/measure/import.py sqlite|postgres [ROWS] [path/to/livret]
"""
import csv
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
if len(sys.argv) < 2:
    sys.exit(__doc__)
DATABASE = sys.argv[1]
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000 if DATABASE == "sqlite" else 100_000
os.environ["LIVRET_BINARY"] = os.path.abspath(sys.argv[3] if len(sys.argv) > 3 else ROOT / "target/release/livret")
sys.path.insert(0, str(ROOT / "tests/third_party"))
import server  # noqa: E402

COLUMNS = ["external_id", "given_name", "family_name", "birth_date", "email", "phone", "preferred_channel"]
LIKE_TABLE = f"""CREATE TABLE like_table ({', '.join(f'{name} TEXT' for name in COLUMNS)});
CREATE UNIQUE INDEX like_external ON like_table (external_id);
CREATE INDEX like_name ON like_table (family_name, given_name);"""


def call(method, url, token=None, body=None, kind="application/json"):
    headers = {"content-type": kind} if body is not None else {}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)


def write_file(path):
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for n in range(ROWS):
            rows.writerow([f"C-{n:06}", f"Prénom{n % 977}", f"Nom{(n * 7919) % ROWS:06}", f"19{50 + n % 50}-0{1 + n % 9}-1{n % 9}",
                           f"personne{n}@courriel.example", f"+336{n:08}", ["email", "sms", "phone"][n % 3]])


def peak_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


class OtherWriter(threading.Thread):
    """Somebody who writes notes all the while: the longest wait, and the refusals with Retry-After."""

    def __init__(self, url, token):
        super().__init__(daemon=True)
        self.url, self.token, self.goes_on, self.longest, self.refused = url, token, True, 0.0, 0

    def run(self):
        body = json.dumps({"given_name": "Une", "family_name": "Autre"}).encode()
        while self.goes_on:
            started = time.perf_counter()
            try:
                call("POST", f"{self.url}/v1/candidates", self.token, body)
            except urllib.error.HTTPError as error:
                assert error.code == 503, error
                self.refused += 1
            self.longest = max(self.longest, time.perf_counter() - started)
            time.sleep(0.05)


def wait_for(url, token, import_id, states):
    while True:
        found = call("GET", f"{url}/v1/imports/{import_id}", token)
        if found["state"] in states:
            return found
        time.sleep(0.05)


def ours(path):
    settings = {"import_rows": ROWS} if DATABASE == "sqlite" else {"database_pool": 8}
    with server.service(DATABASE, **settings) as service:
        service.start()
        # The memory that it took to tell the demo's stories is not an import's.
        service.stop()
        service.start()
        try:
            login = json.dumps({"email": "coordinatrice@horizon.example", "password": "livret de demonstration"})
            token = call("POST", f"{service.url}/v1/auth/login", body=login.encode())["access_token"]
            pid = service._process.pid
            before = peak_mib(pid)
            file = path.read_bytes()
            took = []
            for _ in range(2):
                started = time.perf_counter()
                sent = call("POST", f"{service.url}/v1/imports?resource=candidates&system=crm", token, file, "text/csv")
                staged = time.perf_counter()
                found = wait_for(service.url, token, sent["id"], ["ready"])
                checked = time.perf_counter()
                assert found["faults_total"] == 0, found
                other = OtherWriter(service.url, token)
                other.start()
                call("POST", f"{service.url}/v1/imports/{sent['id']}/apply", token, b"{}")
                found = wait_for(service.url, token, sent["id"], ["done", "failed"])
                assert found["state"] == "done", found
                applied = time.perf_counter()
                other.goes_on = False
                other.join()
                took.append((staged - started, checked - staged, applied - checked, other, found))
            return took, before, peak_mib(pid)
        finally:
            service.stop()


def theirs_sqlite(path, folder):
    took = {}
    for name in ("sqlite3 .import", "python executemany"):
        file = pathlib.Path(folder, f"{name.split()[0]}.db")
        base = sqlite3.connect(file)
        base.execute("PRAGMA journal_mode=WAL")
        base.executescript(LIKE_TABLE)
        started = time.perf_counter()
        if name == "sqlite3 .import":
            try:
                subprocess.run(["sqlite3", file, f".import --csv --skip 1 {path} like_table"], check=True)
            except FileNotFoundError:
                continue
        else:
            with open(path, newline="", encoding="utf-8") as rows, base:
                reader = csv.reader(rows)
                next(reader)
                base.executemany(f"INSERT INTO like_table VALUES ({','.join('?' * len(COLUMNS))})", reader)
        took[name] = time.perf_counter() - started
        assert base.execute("SELECT count(*) FROM like_table").fetchone()[0] == ROWS
    return took


def theirs_postgres(path, folder):
    with server._database("postgres", folder) as url:
        psql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", url]
        subprocess.run([*psql, "-c", LIKE_TABLE], check=True)
        started = time.perf_counter()
        subprocess.run([*psql, "-c", f"\\copy like_table FROM '{path}' CSV HEADER"], check=True)
        return {"psql \\copy": time.perf_counter() - started}


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "candidates.csv")
        write_file(path)
        print(f"{DATABASE}: {ROWS} rows, {path.stat().st_size / 2**20:.1f} MiB")
        theirs = (theirs_sqlite if DATABASE == "sqlite" else theirs_postgres)(path, folder)
        took, before, peak = ours(path)
    whole = sum(took[0][:3])
    for name, seconds in theirs.items():
        print(f"  {name:22} {seconds:6.2f} s  {ROWS / seconds:9.0f} rows/s   (an import takes {whole / seconds:.1f} times as long)")
    for title, (staged, checked, applied, other, found) in zip(("new rows", "the same again"), took):
        seconds = staged + checked + applied
        print(f"  import, {title:14} {seconds:6.2f} s  {ROWS / seconds:9.0f} rows/s: sent and staged {staged:.2f} s, "
              f"checked {checked:.2f} s, applied {applied:.2f} s ({ROWS / applied:.0f} rows/s)")
        print(f"    {found['rows_created']} created, {found['rows_unchanged']} unchanged; another writer waited {other.longest:.2f} s at most, "
              f"{other.refused} times told to come back (503)")
    print(f"  peak memory of the service: {peak:.0f} MiB, before the first import {before:.0f} MiB")


if __name__ == "__main__":
    main()
