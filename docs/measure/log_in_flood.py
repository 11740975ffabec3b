#!/usr/bin/env python3
"""What a flood of wrong log-ins from many addresses does to others: the time of GETs of four people,
25 a second each, without the flood, at its beginning (passwords are hashed as fast as the service
allows), and once it is refused without hashing. On the demo data, limits on.

    cargo build --release && python3 docs/measure/log_in_flood.py [other/livret]
"""
import collections
import http.client
import itertools
import json
import multiprocessing
import os
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from sign_in_timing import wait_for
from start import BINARY, free_port

READERS = ["coordinatrice@horizon.example", "tutrice@horizon.example",
           "aminata.traore@horizon.example", "candidate@horizon.example"]
EACH_SECOND = 25
SECONDS = 15
ATTACKERS = 32
BAR = 250  # milliseconds


def call(connection, method, path, headers, body=None):
    connection.request(method, path, body and json.dumps(body), {
        "Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    return answer.status, answer.read()


def attack(port, until, seen):
    """Guesses, each from another address, at an account that is there or at none."""
    statuses = collections.Counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.time() < until:
        address = f"198.18.{random.randrange(256)}.{random.randrange(256)}"
        email = random.choice([*READERS, f"nobody{random.randrange(10_000)}@horizon.example"])
        try:
            status, _ = call(connection, "POST", "/v1/auth/login", {"X-Forwarded-For": address},
                             {"email": email, "password": "quatre chevaux verts"})
            statuses[status] += 1
        except (OSError, http.client.HTTPException):
            statuses["cut"] += 1
            connection.close()
    seen.put(statuses)


def flood(port, until, told):
    """The attackers, in a process of their own: they shall not slow the readers' clock."""
    seen = queue.Queue()
    attackers = [threading.Thread(target=attack, args=(port, until, seen)) for _ in range(ATTACKERS)]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join()
    told.put(sum((seen.get() for _ in attackers), collections.Counter()))


def read(port, token, started, until, times, faults):
    """GETs at their pace; one that waits for the one before it has waited since it was due."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in itertools.count():
        due = started + number / EACH_SECOND
        if due >= until:
            return
        time.sleep(max(0, due - time.time()))
        path = ["/v1/me", "/v1/booklets", "/v1/booklets?limit=1"][number % 3]
        status, _ = call(connection, "GET", path, {"Authorization": f"Bearer {token}"})
        if status != 200:
            faults.append(f"GET {path}: {status} instead of 200")
        times.append(time.time() - due)


def phase(port, tokens):
    """Seconds that each GET took."""
    started, times, faults = time.time(), [], []
    until = started + SECONDS
    readers = [threading.Thread(target=read, args=(port, token, started, until, times, faults))
               for token in tokens]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if faults or len(times) != len(tokens) * SECONDS * EACH_SECOND:
        sys.exit("\n".join(["the readers were not answered", *sorted(set(faults))]))
    return times


def log_in(port, email):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    status, body = call(connection, "POST", "/v1/auth/login", {},
                        {"email": email, "password": "livret de demonstration"})
    if status != 200:
        sys.exit(f"{email}: {status} instead of 200")
    return json.loads(body)["access_token"]


def tell(name, times):
    percentiles = statistics.quantiles([seconds * 1000 for seconds in times], n=100)
    print(f"{name:24} median {percentiles[49]:6.1f} ms, p99 {percentiles[98]:6.1f} ms, "
          f"worst {max(times) * 1000:6.1f} ms of {len(times)} GETs")
    return percentiles[98]


def main():
    binary = os.path.abspath(sys.argv[1]) if sys.argv[1:] else BINARY
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "LIVRET_LISTEN": f"127.0.0.1:{port}",
                       "LIVRET_TRUSTED_PROXIES": "127.0.0.1/32", "LIVRET_LOG": "error"}
        process = subprocess.Popen([binary, "serve", "--demo"], cwd=folder, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            tokens = [log_in(port, email) for email in READERS]
            phase(port, tokens)  # Warm.
            quiet = phase(port, tokens)
            told = multiprocessing.Queue()
            until = time.time() + 2 * SECONDS + 1
            attackers = multiprocessing.Process(target=flood, args=(port, until, told))
            attackers.start()
            begun, refused = phase(port, tokens), phase(port, tokens)
            statuses = told.get()
            attackers.join()
        finally:
            process.terminate()
            process.wait()
    tell("without the flood", quiet)
    worst = max(tell("the flood begins", begun), tell("the flood goes on", refused))
    print("log-ins: " + ", ".join(f"{count} × {status}" for status, count in sorted(
        statuses.items(), key=str)))
    if not statuses[401] or not statuses[429]:
        sys.exit("that was no flood")
    if worst > BAR:
        sys.exit(f"more than {BAR} ms")


if __name__ == "__main__":
    main()
