#!/usr/bin/env python3
"""Time from the start to the first 200 on an existing SQLite file, and idle memory, of the release
binary; beside it, Python's own http.server on this same machine, in turns.

    cargo build --release && python3 docs/measure/start.py
"""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BINARY = os.path.abspath(os.path.join(ROOT, "target", "release", "livret"))
RUNS = 10


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def first_answer(command, url, environment, folder, rest):
    """Seconds to the first 200, and resident MiB after so many seconds of rest."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = started + 10
        while True:
            try:
                with urllib.request.urlopen(url, timeout=1) as answer:
                    if answer.status == 200:
                        break
            except (urllib.error.URLError, ConnectionError):
                pass
            if time.perf_counter() > deadline or process.poll() is not None:
                sys.exit(f"{command[0]} did not answer")
            time.sleep(0.002)
        taken = time.perf_counter() - started
        time.sleep(rest)
        with open(f"/proc/{process.pid}/status") as status:
            resident = next(line for line in status if line.startswith("VmRSS"))
        return taken, int(resident.split()[1]) / 1024
    finally:
        process.terminate()
        process.wait()


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"]}
        subprocess.run([BINARY, "seed"], cwd=folder, env=environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ours, theirs = [], []
        for run in range(RUNS):
            # The last one is left alone until the allocator has given back what it does not need.
            rest = 15 if run == RUNS - 1 else 0
            port = free_port()
            ours.append(first_answer([BINARY], f"http://127.0.0.1:{port}/health/ready",
                                     {**environment, "LIVRET_LISTEN": f"127.0.0.1:{port}"}, folder, rest))
            port = free_port()
            command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
            theirs.append(first_answer(command, f"http://127.0.0.1:{port}/", environment, folder, rest))
    for name, runs in (("livret", ours), ("python http.server", theirs)):
        seconds = [taken for taken, _ in runs]
        print(f"{name:20} first 200: median {statistics.median(seconds) * 1000:.0f} ms, "
              f"worst {max(seconds) * 1000:.0f} ms; idle: {runs[-1][1]:.1f} MiB resident")


if __name__ == "__main__":
    main()
