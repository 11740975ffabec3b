"""What stands behind one address: three instances, HAProxy, PgBouncer, and two PostgreSQL. Within a network of its own, so
that every port is free."""

import contextlib
import glob
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/faults"))

LIVRET = os.environ["LIVRET_BINARY"]
# What serves until it is replaced by that.
OLD = os.environ.get("LIVRET_OLD_BINARY", LIVRET)
FRONT, DATABASE_FRONT, BOUNCER = 8080, 5000, 6432
INSTANCES, POSTGRES = (8081, 8082, 8083), (5432, 5433)
AS_POSTGRES = ["runuser", "-u", "postgres", "--"]
# What the service asks of its connections, which PgBouncer does not hand on.
LIMITS = {"statement_timeout": "4s", "lock_timeout": "1800ms", "idle_in_transaction_session_timeout": "10s",
          "timezone": "UTC", "client_min_messages": "error"}


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, cwd="/", capture_output=True, text=True, **more).stdout


def tool(name):
    return pathlib.Path(max(glob.glob("/usr/lib/postgresql/*/bin")), name)


def url(port):
    return f"postgres://livret@127.0.0.1:{port}/livret"


def until(is_so, seconds=30, pause=0.02):
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("it is not so after the time that it may take")
        time.sleep(pause)


def is_ready(port):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1).status == 200
    return False


class Machines:
    def __init__(self, home):
        self.home, self.processes = home, {}
        run("ip", "link", "set", "lo", "up")
        home.chmod(0o755)

    def start(self, name, command, **variables):
        log = (self.home / f"{name}.log").open("ab")
        environment = {"PATH": os.environ["PATH"], **variables}
        self.processes[name] = subprocess.Popen([str(part) for part in command], cwd=self.home, env=environment, stdout=log, stderr=log)

    def stop(self, name, number=signal.SIGTERM):
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.send_signal(number)
        process.wait(timeout=30)

    def stop_all(self):
        for name in list(self.processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stop(name)

    # PostgreSQL: durable, as in earnest.

    def data(self, port):
        return self.home / f"postgres-{port}/data"

    def primary(self, port):
        self.data(port).parent.mkdir()
        shutil.chown(self.data(port).parent, "postgres")
        run(*AS_POSTGRES, tool("initdb"), "--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", self.data(port))
        self.start_postgres(port)
        limits = " ".join(f"ALTER ROLE livret SET {name} = '{value}';" for name, value in LIMITS.items())
        self.ask(port, f"CREATE ROLE livret LOGIN; {limits}", "postgres")
        self.ask(port, "CREATE DATABASE livret OWNER livret", "postgres")

    def standby(self, of, port):
        self.data(port).parent.mkdir()
        shutil.chown(self.data(port).parent, "postgres")
        run(*AS_POSTGRES, tool("pg_basebackup"), "-h", "127.0.0.1", "-p", of, "-U", "postgres", "-R", "-C", "-S", "standby", "-c", "fast",
            "-D", self.data(port))
        self.start_postgres(port)
        until(lambda: self.ask(of, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1")

    def start_postgres(self, port):
        options = f"-p {port} -k '' -c listen_addresses=127.0.0.1"
        run(*AS_POSTGRES, tool("pg_ctl"), "-w", "-D", self.data(port), "-l", self.data(port).parent / "log", "-o", options, "start")

    def control(self, port, *arguments):
        run(*AS_POSTGRES, tool("pg_ctl"), "-D", self.data(port), "-w", *arguments)

    def ask(self, port, query, database="livret"):
        return run("psql", f"postgres://postgres@127.0.0.1:{port}/{database}", "-XAtqc", query).strip()

    # What stands before it.

    def haproxy(self):
        here = {f"LIVRET_{n + 1}": f"127.0.0.1:{port}" for n, port in enumerate(INSTANCES)}
        here |= {f"POSTGRES_{n + 1}": f"127.0.0.1:{port}" for n, port in enumerate(POSTGRES)}
        here |= {"LIVRET_FRONT": f"127.0.0.1:{FRONT}", "DATABASE_FRONT": f"127.0.0.1:{DATABASE_FRONT}"}
        self.start("haproxy", ["haproxy", "-db", "-f", ROOT / "docs/operations/haproxy.cfg"], **here)

    def bouncer(self, program="pgbouncer", mode="session"):
        settings = (ROOT / "docs/operations/pgbouncer.ini").read_text()
        settings = re.sub("pool_mode = .*", f"pool_mode = {mode}", settings)
        if mode == "transaction" and self.bouncer_version(program) >= (1, 21):
            settings += "max_prepared_statements = 500\n"
        (self.home / "pgbouncer.ini").write_text(settings)
        (self.home / "users.txt").write_text('"livret" ""\n')
        self.start("pgbouncer", [*AS_POSTGRES, *program.split(), self.home / "pgbouncer.ini"])
        until(lambda: subprocess.run(["psql", url(BOUNCER), "-XAtqc", "SELECT 1"], capture_output=True).returncode == 0)

    @staticmethod
    def bouncer_version(program):
        return tuple(map(int, re.search(r"PgBouncer (\d+)\.(\d+)", run(*program.split(), "--version")).groups()))

    def instance(self, port, database_port, program=LIVRET):
        keys = self.home / "keys"
        keys.mkdir(exist_ok=True)
        self.start(f"livret-{port}", [program, "serve"], LIVRET_DATABASE_URL=url(database_port), LIVRET_KEY_DIR=str(keys),
                   LIVRET_LISTEN=f"127.0.0.1:{port}", LIVRET_PUBLIC_URL=f"http://127.0.0.1:{FRONT}", LIVRET_TRUSTED_PROXIES="127.0.0.1",
                   LIVRET_RATE_LIMIT="off", LIVRET_DRAIN_SECONDS="2", LIVRET_LOG="warn")
        until(lambda: is_ready(port), 15)

    def last_word(self, port):
        """The last line of an instance's log, without its time."""
        lines = (self.home / f"livret-{port}.log").read_text().splitlines()
        return lines[-1].split(" ", 1)[1].strip()[:160] if lines else "it says nothing"

    def command(self, port, *arguments, program=LIVRET):
        """Another command of the service; what it says."""
        variables = {"LIVRET_DATABASE_URL": url(port), "LIVRET_KEY_DIR": str(self.home / "keys"), "LIVRET_PUBLIC_URL": f"http://127.0.0.1:{FRONT}"}
        (self.home / "keys").mkdir(exist_ok=True)
        return run(program, *arguments, env={"PATH": os.environ["PATH"], **variables})
