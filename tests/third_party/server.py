"""The service with its demo data on a port of its own, for checks that call it from outside.

    with serve("sqlite") as url: ...

As a command, it runs another one against such a service, whose address is in LIVRET_URL:

    server.py sqlite|postgres COMMAND [ARGUMENT...]
"""

import contextlib
import glob
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIVRET = pathlib.Path(os.environ.get("LIVRET_BINARY", ROOT / "target/debug/livret"))
START_SECONDS = 90


class Service:
    """One process of the service after another, on the same port and the same data."""

    def __init__(self, folder, database_url, settings):
        port = _free_port()
        self._data, self.database_url = (folder, database_url, settings), database_url
        self.url = f"http://127.0.0.1:{port}"
        self.log = pathlib.Path(folder, "log")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LIVRET_")},
            "LIVRET_DATABASE_URL": database_url,
            "LIVRET_KEY_DIR": folder,
            "LIVRET_LISTEN": f"127.0.0.1:{port}",
            "LIVRET_PUBLIC_URL": self.url,
            "LIVRET_RATE_LIMIT": "off",
            # Streams end before the checks lose patience.
            "LIVRET_STREAM_SECONDS": "2",
            **({} if "smtp_url" in settings else {"LIVRET_MAIL_OUTBOX": f"{folder}/outbox"}),
            **{f"LIVRET_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def environment(self):
        """What a process is started with."""
        return dict(self._environment)

    def twin(self):
        """Another process on the same data, not started yet."""
        twin = Service(*self._data)
        twin._environment["LIVRET_PUBLIC_URL"] = self.url
        return twin

    def command(self, *arguments):
        """Another command of the program, beside the service; what it says."""
        asked = subprocess.run([LIVRET, *arguments], env=self._environment, capture_output=True, text=True)
        if asked.returncode != 0:
            raise SystemExit(f"livret {' '.join(arguments)}: {asked.stdout}{asked.stderr}")
        return asked.stdout

    def start(self):
        with self.log.open("ab") as output:
            command = [LIVRET, "serve", "--demo"]
            self._process = subprocess.Popen(command, env=self._environment, stdout=output, stderr=output)
        _wait(self.url, self._process, self.log)

    def kill(self):
        """As a power cut does."""
        self._process.kill()
        self._process.wait()

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=30)


@contextlib.contextmanager
def service(database, durable=False, **settings):
    """A service that is not started yet, whose PostgreSQL waits for the disk where it is to be `durable`.
    `settings` are LIVRET_* variables without prefix."""
    with tempfile.TemporaryDirectory(prefix="livret-") as folder:
        with _database(database, folder, durable) as database_url:
            yield Service(folder, database_url, settings)


@contextlib.contextmanager
def serve(database, **settings):
    """Starts the service; gives its address."""
    with service(database, **settings) as started:
        try:
            started.start()
            yield started.url
        finally:
            started.stop()


def _free_port():
    """Not one of those that connections leave from: a service that was killed finds it free again."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait(url, service, log):
    for _ in range(START_SECONDS * 10):
        if service.poll() is not None:
            raise SystemExit(f"the service did not start:\n{log.read_text()[-2000:]}")
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{url}/health/ready", timeout=1)
            return
        time.sleep(0.1)
    raise SystemExit(f"the service was not ready within {START_SECONDS} s:\n{log.read_text()[-2000:]}")


@contextlib.contextmanager
def _database(kind, folder, durable=False):
    if kind == "sqlite":
        yield f"sqlite://{folder}/livret.db?mode=rwc"
        return
    binaries = pathlib.Path(max(glob.glob("/usr/lib/postgresql/*/bin")))
    home = tempfile.mkdtemp(prefix="livret-pg-")
    as_postgres = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    quiet = {"cwd": "/", "check": True, "stdout": subprocess.DEVNULL}
    options = f"-k {home} -c listen_addresses= -c fsync={'on' if durable else 'off'}"
    control = [*as_postgres, binaries / "pg_ctl", "-w", "-D", f"{home}/data"]
    initdb = [binaries / "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
    subprocess.run([*as_postgres, *initdb, "-D", f"{home}/data"], **quiet)
    subprocess.run([*control, "-l", f"{home}/log", "-o", options, "start"], **quiet)
    try:
        yield f"postgres://postgres@{urllib.parse.quote(home, safe='')}:5432/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    with serve(sys.argv[1]) as address:
        sys.exit(subprocess.run(sys.argv[2:], env={**os.environ, "LIVRET_URL": address}).returncode)
