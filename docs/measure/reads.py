#!/usr/bin/env python3
"""What the access log costs a read: requests a second, and CPU time of the service for each, of GET
of one booklet on SQLite. Each binary serves the demo data in turns, so that a busy machine disturbs
them alike; give one of before a change and one of after it.

    python3 docs/measure/reads.py target/release/livret [other/livret …]
"""
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

TURNS = 5
SECONDS = 4
CALLERS = 4
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def call(url, token=None, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def ask(port, request, until, counts):
    """Sends one request after the other on one connection."""
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < until:
            connection.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += connection.recv(65536)
            head, body = answer.split(b"\r\n\r\n", 1)
            if not head.startswith(b"HTTP/1.1 200"):
                sys.exit(head.decode())
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                          if line.lower().startswith(b"content-length:"))
            while len(body) < length:
                body += connection.recv(65536)
            count += 1
    counts.append(count)


def turn(binary, folder):
    """Requests a second, and microseconds of CPU for each."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {"PATH": os.environ["PATH"], "LIVRET_LISTEN": f"127.0.0.1:{port}",
                   "LIVRET_RATE_LIMIT": "off", "LIVRET_LOG": "error"}
    service = subprocess.Popen([binary, "serve", "--demo"], cwd=folder, env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                call(f"{url}/health/ready")
                break
            except OSError:
                time.sleep(0.1)
        tokens = call(f"{url}/v1/auth/login", body={
            "email": "tutrice@horizon.example", "password": "livret de demonstration"})
        token = tokens["access_token"]
        booklet = call(f"{url}/v1/booklets?limit=1", token)["items"][0]["id"]
        request = (f"GET /v1/booklets/{booklet} HTTP/1.1\r\nHost: livret\r\n"
                   f"Authorization: Bearer {token}\r\n\r\n").encode()
        counts = []
        before, started = cpu_seconds(service.pid), time.perf_counter()
        until = started + SECONDS
        callers = [threading.Thread(target=ask, args=(port, request, until, counts))
                   for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        taken = time.perf_counter() - started
        time.sleep(1.5)  # What waits to be written belongs to the cost.
        total = sum(counts)
        return total / taken, (cpu_seconds(service.pid) - before) / total * 1e6
    finally:
        service.terminate()
        service.wait()


def main():
    binaries = [os.path.abspath(path) for path in sys.argv[1:]]
    if not binaries:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as root:
        # Each has its own data: one may know migrations that the other does not.
        folders = [os.path.join(root, str(n)) for n in range(len(binaries))]
        for binary, folder in zip(binaries, folders):
            os.makedirs(folder)
            subprocess.run([binary, "seed"], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
        results = [[] for _ in binaries]
        for _ in range(TURNS):
            for n, (binary, folder) in enumerate(zip(binaries, folders)):
                results[n].append(turn(binary, folder))
    for binary, turns in zip(binaries, results):
        rates, costs = zip(*turns)
        print(f"{binary}: {statistics.median(rates):.0f} requests/s "
              f"({min(rates):.0f} to {max(rates):.0f}), "
              f"{statistics.median(costs):.0f} µs of CPU each "
              f"({min(costs):.0f} to {max(costs):.0f})")


if __name__ == "__main__":
    main()
