#!/usr/bin/env python3
"""What it costs to take 100,000 candidates away, on SQLite: rows a second and the memory that the
service needs at most, for each form, beside Python's sqlite3 and csv writing the same columns of the
same file by themselves.

    python3 docs/measure/export.py target/release/livret [rows]
"""
import contextlib
import csv
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

MIB = 1024
MORE = """
INSERT INTO candidates (id, organization_id, user_id, given_name, family_name, birth_date, email, phone,
    preferred_channel, accessibility_needs, search, sort_key, version, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT randomblob(16), organization_id, NULL, given_name || i, family_name, '1985-04-12',
    'candidat' || i || '@exemple.example', '+33612345678', preferred_channel,
    'Documents en gros caractères, pauses fréquentes', search, sort_key, 1, created_at, updated_at
FROM n, (SELECT * FROM candidates WHERE organization_id = ? LIMIT 1)
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def call(url, token=None, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    return urllib.request.urlopen(request, timeout=600)


@contextlib.contextmanager
def service(binary, folder):
    port = free_port()
    environment = {
        "LIVRET_DATABASE_URL": f"sqlite://{folder}/livret.db?mode=rwc",
        "LIVRET_KEY_DIR": folder,
        "LIVRET_LISTEN": f"127.0.0.1:{port}",
        "LIVRET_RATE_LIMIT": "off",
        "LIVRET_MAIL_OUTBOX": f"{folder}/outbox",
    }
    process = subprocess.Popen([binary, "serve", "--demo"], env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(900):
            with contextlib.suppress(OSError):
                call(f"{url}/health/ready")
                break
            time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def kibibytes(pid, name):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name + ":"))


def forget_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w") as refs:
        refs.write("5")


def taken(url, token, pid, path):
    """Seconds, bytes, MiB at rest before and at most meanwhile."""
    forget_peak(pid)
    before = kibibytes(pid, "VmRSS")
    started = time.perf_counter()
    size = 0
    with call(url + path, token) as answer:
        while piece := answer.read(1 << 16):
            size += len(piece)
    return time.perf_counter() - started, size, before / MIB, kibibytes(pid, "VmHWM") / MIB


def dumped(database, columns, organization, target):
    """What Python needs for the same columns by itself."""
    started = time.perf_counter()
    with contextlib.closing(sqlite3.connect(database)) as db, open(target, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        query = f"SELECT {', '.join(columns)} FROM candidates WHERE organization_id = ?"
        writer.writerows(db.execute(query, (organization,)))
    return time.perf_counter() - started


def main():
    binary = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder, service(binary, folder) as (url, pid):
        login = {"email": "coordinatrice@horizon.example", "password": "livret de demonstration"}
        token = json.load(call(f"{url}/v1/auth/login", body=login))["access_token"]
        listed = json.load(call(f"{url}/v1/exports", token))["items"]
        columns = next(one["columns"] for one in listed if one["dataset"] == "candidates")
        database = f"{folder}/livret.db"
        with contextlib.closing(sqlite3.connect(database)) as db, db:
            organization = db.execute("SELECT organization_id FROM users WHERE email = ?",
                                      (login["email"],)).fetchone()[0]
            db.execute(MORE, (count, organization))
            rows = db.execute("SELECT count(*) FROM candidates WHERE organization_id = ?",
                              (organization,)).fetchone()[0]
        alone = dumped(database, columns, organization, f"{folder}/dump.csv")
        print(f"{rows} candidates, {os.path.getsize(database) >> 20} MiB of database")
        print(f"{'':24}{'seconds':>8}{'rows/s':>10}{'ratio':>7}{'MiB sent':>10}{'MiB before':>12}{'at most':>9}")
        print(f"{'python sqlite3 and csv':24}{alone:8.2f}{rows / alone:10.0f}{1:7.1f}")
        for path in ["/v1/exports/candidates", "/v1/exports/candidates?format=jsonl",
                     "/v1/exports/candidates?format=xlsx", "/v1/exports/archive"]:
            seconds, size, before, most = taken(url, token, pid, path)
            name = path.removeprefix("/v1/exports/")
            print(f"{name:24}{seconds:8.2f}{rows / seconds:10.0f}{seconds / alone:7.1f}{size / (1 << 20):10.1f}"
                  f"{before:12.1f}{most:9.1f}")


main()
