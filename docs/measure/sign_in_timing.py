#!/usr/bin/env python3
"""Whether the time of a refused log-in tells if the account exists: wrong passwords for an account
and for nobody, in turns, on the demo data. A difference that a bystander could see would be a
difference between the medians larger than what each kind differs from itself.

    cargo build --release && python3 docs/measure/sign_in_timing.py
"""
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from start import BINARY, free_port

ROUNDS = 400


def seconds(port, email):
    """What one refused log-in takes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = json.dumps({"email": email, "password": "quatre chevaux verts"})
    started = time.perf_counter()
    connection.request("POST", "/v1/auth/login", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - started
    if answer.status != 401:
        sys.exit(f"{answer.status} instead of 401")
    connection.close()
    return taken


def wait_for(port):
    for _ in range(500):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.02)
    sys.exit("livret did not answer")


def main():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "LIVRET_LISTEN": f"127.0.0.1:{port}",
                       "LIVRET_RATE_LIMIT": "off"}
        process = subprocess.Popen([BINARY, "serve", "--demo"], cwd=folder, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            known, unknown = [], []
            for _ in range(ROUNDS):
                known.append(seconds(port, "tutrice@horizon.example"))
                unknown.append(seconds(port, "personne@horizon.example"))
        finally:
            process.terminate()
            process.wait()
    for name, times in (("account", known), ("nobody", unknown)):
        quartiles = [quartile * 1000 for quartile in statistics.quantiles(times, n=4)]
        print(f"{name:8} median {quartiles[1]:.2f} ms, quartiles {quartiles[0]:.2f} and {quartiles[2]:.2f}")
    ratio = statistics.median(known) / statistics.median(unknown)
    halves = statistics.median(known[::2]) / statistics.median(known[1::2])
    print(f"account / nobody: {ratio:.3f}; account / itself, every other one: {halves:.3f}")


if __name__ == "__main__":
    main()
