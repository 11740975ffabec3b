#!/usr/bin/env python3
"""The service beside alternatives, on the same tables of one PostgreSQL that it starts itself (fsync on): requests a
second, and processor time of each. A bare server (`tests/bare`, actix-web and sqlx) and Fastify (`node/`, from npm) read and
write the same rows by the same statements, and do nothing else: no policy, no trail, no idempotency. Then the service alone
on SQLite.

    cargo build --release
    python3 docs/measure/bench/run.py [target/release/livret [other/livret …]]

Needs wrk, PostgreSQL's binaries and npm. The servers take turns; of each figure the median of the rounds is told, and
how much of the machine others took meanwhile: processor time hardly depends on that, requests a second do.
"""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent
LIVRETS = [os.path.abspath(path) for path in sys.argv[1:]] or [str(ROOT / "target/release/livret")]
os.environ["LIVRET_BINARY"] = LIVRETS[0]
sys.path.insert(0, str(ROOT / "tests/third_party"))
import server  # noqa: E402

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 32
# A person has 5,000 answers kept under a key: fewer seconds of these, and they are forgotten between the rounds.
SECONDS_WITH_KEY = 2
BOOKLETS, ROWS_OF_EACH = 100, 25
TICKS = os.sysconf("SC_CLK_TCK")
PASSWORD = "livret de demonstration"
COMMENT = "Relance : pièces de l'annexe 3 reçues, rendez-vous confirmé"
BODY = {"contacted_on": "2026-03-14", "contact_mode": "phone", "comment": COMMENT}

SCRIPT = """
wrk.method = "%s"
%s
local body = %s
local paths, sent, with_key = %s, 0, %s
function request()
  sent = sent + 1
  if with_key then wrk.headers["idempotency-key"] = "%s-" .. sent end
  return wrk.format(nil, paths[sent %% #paths + 1], nil, body and body:gsub("NUMBER", sent))
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests": %%d, "seconds": %%f, "failed": %%d, "p50": %%f, "p99": %%f}\\n', summary.requests,
    summary.duration / 1e6, e.status + e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


def call(method, url, token=None, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def log_in(url, name):
    return call("POST", f"{url}/v1/auth/login", body={"email": name, "password": PASSWORD})["access_token"]


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def script(folder, name, method, paths, headers, body=None, with_key=False):
    """For wrk: asks these addresses in turn."""
    path = pathlib.Path(folder, f"{name}.lua")
    lines = "\n".join(f"wrk.headers[{json.dumps(key)}] = {json.dumps(value)}" for key, value in headers.items())
    text = json.dumps(json.dumps(body, ensure_ascii=False), ensure_ascii=False) if body else "nil"
    paths = "{" + ", ".join(map(json.dumps, paths)) + "}"
    prefix = f"{name}-{time.monotonic_ns()}"
    path.write_text(SCRIPT % (method, lines, text, paths, "true" if with_key else "false", prefix))
    return str(path)


def prepare(folder, service):
    """A tutor with booklets and follow-ups; gives a file for wrk for each operation."""
    service.start()
    coordinator, tutor = (log_in(service.url, f"{who}@horizon.example") for who in ("coordinatrice", "tutrice"))
    known = claims(tutor)
    pages, rows = [], []
    for number in range(BOOKLETS):
        name = {"given_name": "Zoé", "family_name": f"Élève {number}"}
        candidate = call("POST", f"{service.url}/v1/candidates", coordinator, name)["id"]
        new = {"candidate_id": candidate, "tutor_id": known["sub"]}
        booklet = call("POST", f"{service.url}/v1/booklets", coordinator, new)["id"]
        pages.append(f"/v1/booklets/{booklet}/follow-ups")
        for _ in range(ROWS_OF_EACH):
            rows.append("/v1/follow-ups/" + call("POST", service.url + pages[-1], tutor, BODY)["id"])
    service.stop()
    headers = {
        "authorization": f"Bearer {tutor}",
        "x-caller": f"{known['sid']},{known['sub']},{known['org']}",
        "accept": "application/json",
    }
    sends = {**headers, "content-type": "application/json"}
    merges = {**headers, "content-type": "application/merge-patch+json", "if-match": "*"}
    return {
        "get": script(folder, "get", "GET", rows, headers),
        "list 20": script(folder, "list", "GET", pages, headers),
        "post": script(folder, "post", "POST", pages, sends, BODY),
        "patch": script(folder, "patch", "PATCH", rows, merges, {"comment": f"{COMMENT} NUMBER"}),
        "post with key": script(folder, "key", "POST", pages, sends, BODY, with_key=True),
    }


def tree(pid):
    """A process and those that it started."""
    found = [pid]
    for one in found:
        for task in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def processor(pids):
    seconds = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def machine():
    """Seconds that all processors have worked."""
    fields = list(map(int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def database_of(service):
    """The processes of the PostgreSQL that serves it; none for SQLite."""
    if service.database_url.startswith("sqlite"):
        return lambda: []
    shown = subprocess.run(["psql", service.database_url, "-Atc", "SHOW data_directory"], capture_output=True, text=True)
    pid_file = pathlib.Path(shown.stdout.strip(), "postmaster.pid")
    return lambda: tree(int(pid_file.read_text().split()[0]))


def ask(how, url, database, process, seconds=SECONDS):
    """Requests a second; milliseconds of a processor for each, of the server and the database; the middle and the slowest
    hundredth of the answers in ms; how many processors others kept busy."""

    def now():
        return processor(tree(process.pid)), processor(database()), machine()

    before, children = now(), os.times()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", how, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after, later = now(), os.times()
    told = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
    if told["failed"] or not told["requests"]:
        sys.exit(f"{process.args[0]}, {how}: {told['failed']} of {told['requests']} were refused or failed")
    own, theirs, all_of_it = (b - a for a, b in zip(before, after))
    wrk = later.children_user + later.children_system - children.children_user - children.children_system
    requests, seconds = told["requests"], told["seconds"]
    others = max(0, all_of_it - own - theirs - wrk) / seconds
    return requests / seconds, 1000 * own / requests, 1000 * theirs / requests, told["p50"], told["p99"], others


def start(command, environment, url, folder):
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=1)
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            if process.poll() is not None:
                sys.exit(f"{command[0]} did not start")
            time.sleep(0.05)
    return process


def servers(folder, service):
    """Name, command, environment and folder of each."""
    own = {**service.environment(), "LIVRET_CONCURRENCY": "10000"}
    for path in LIVRETS:
        yield "livret" if len(LIVRETS) == 1 else path, [path, "serve"], own, None
    if service.database_url.startswith("sqlite"):
        return
    theirs = {**own, "DATABASE_URL": service.database_url, "PORT": str(urllib.parse.urlsplit(service.url).port)}
    bare = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "bare"]
    subprocess.run(bare, cwd=ROOT, check=True)
    yield "actix-web + sqlx", [str(ROOT / "target/release/bare")], theirs, None
    if shutil.which("npm"):
        node = pathlib.Path(folder, "node")
        shutil.copytree(HERE / "node", node)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=node, check=True)
        yield "Fastify + pg", ["node", "server.js"], theirs, node


def measure(kind, settings, figures):
    with tempfile.TemporaryDirectory() as folder, server.service(kind, durable=True, **settings) as service:
        operations, database = prepare(folder, service), database_of(service)
        if kind == "postgres":
            subprocess.run(["psql", service.database_url, "-qc", "VACUUM ANALYZE"], check=True)
        each = list(servers(folder, service))
        for turn in range(ROUNDS):
            for name, command, environment, where in each[turn % len(each) :] + each[: turn % len(each)]:
                process = start(command, environment, f"{service.url}/health/ready", where)
                try:
                    ask(operations["get"], service.url, database, process)
                    for operation, how in operations.items():
                        if operation == "post with key" and command[-1] != "serve":
                            continue
                        seconds = SECONDS_WITH_KEY if operation == "post with key" else SECONDS
                        found = ask(how, service.url, database, process, seconds)
                        figures.setdefault((kind, operation), {}).setdefault(name, []).append(found)
                finally:
                    process.terminate()
                    process.wait(timeout=30)
                forget_keys(service)


def forget_keys(service):
    forget = "DELETE FROM idempotency_keys"
    if service.database_url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(service.database_url.removeprefix("sqlite://").split("?")[0])) as db, db:
            db.execute(forget)
    else:
        subprocess.run(["psql", service.database_url, "-qc", forget], check=True)


def tell(figures):
    """Ratios are to the first server's requests and processor time, that of the database included."""
    print("| database | what | server | requests/s (×) | ms of a processor: server + database (×) | p50, p99 in ms | others |")
    print("|---|---|---|---|---|---|---|")
    for (kind, operation), of_servers in figures.items():
        first = None
        for name, rounds in of_servers.items():
            rate, own, theirs, p50, p99, others = (statistics.median(column) for column in zip(*rounds))
            first = first or (rate, own + theirs)
            print(
                f"| {kind} | {operation} | {name} | {rate:,.0f} ({rate / first[0]:.2f}) "
                f"| {own:.2f} + {theirs:.2f} ({(own + theirs) / first[1]:.2f}) | {p50:.0f}, {p99:.0f} | {others:.1f} |"
            )


if __name__ == "__main__":
    FIGURES = {}
    measure("postgres", {"log": "info"}, FIGURES)
    measure("sqlite", {"log": "info", "sqlite_synchronous": "normal"}, FIGURES)
    tell(FIGURES)
