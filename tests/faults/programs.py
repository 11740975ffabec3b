"""The processes of a run: the service, and the two databases with their own tools, each on a disk that can be filled."""

import contextlib
import glob
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "third_party"))
sys.dont_write_bytecode = True

import server  # noqa: E402

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def tool(name):
    """A program of PostgreSQL's newest version."""
    return str(pathlib.Path(max(glob.glob("/usr/lib/postgresql/*/bin")), name))


class Program(server.Service):
    """The service; `before` is put before its command line, for strace and its like."""

    def __init__(self, folder, database_url, settings, before=(), variables=None):
        super().__init__(str(folder), database_url, settings)
        self.port = int(self.url.rsplit(":", 1)[1])
        self.before = list(before)
        self._environment.update(variables or {})

    def start(self, wait=True, command=("serve",)):
        with self.log.open("ab") as output:
            started = [*self.before, str(server.LIVRET), *command]
            self._process = subprocess.Popen(started, env=self._environment, stdout=output, stderr=output)
        if wait:
            server._wait(self.url, self._process, self.log)

    @property
    def pid(self):
        """Of the service itself, whatever stands before it."""
        children = pathlib.Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        if self.before and children.exists() and (found := children.read_text().split()):
            return int(found[0])
        return self._process.pid

    def is_alive(self):
        return self._process.poll() is None

    def kill(self):
        if not hasattr(self, "_process"):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def ended(self, seconds):
        """Its exit status, or nothing if it goes on for longer."""
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None

    def most_memory(self):
        """The most that it had at once, in MiB."""
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
        return None

    def waited(self):
        """How long the thread that waited most for a processor did so, in seconds."""
        waits = []
        for thread in pathlib.Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                waits.append(int(thread.read_text().split()[1]) / 1e9)
        return max(waits, default=None)

    def asked(self, *arguments, seconds=60):
        """Another command of the program: its exit status and what it says."""
        done = subprocess.run([str(server.LIVRET), *arguments], env=self._environment, capture_output=True, text=True,
                              timeout=seconds)
        return done.returncode, done.stdout + done.stderr


class Disk:
    """A folder of its own, small when `size` is given (a tmpfs of so many MiB), that can be filled."""

    def __init__(self, path, size=None):
        self.path, self.size = path, size
        path.mkdir()
        if size:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", path], check=True)

    def fill(self):
        """Takes all that is left, to the last page."""
        with open(self.path / "ballast", "ab", buffering=0) as ballast, contextlib.suppress(OSError):
            for piece in (1 << 20, 1 << 12):
                with contextlib.suppress(OSError):
                    while ballast.write(b"\0" * piece) == piece:
                        pass

    def free(self):
        (self.path / "ballast").unlink()

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,{how}", self.path], check=True)

    def close(self):
        if self.size and subprocess.run(["umount", self.path], **QUIET).returncode != 0:
            subprocess.run(["umount", "-l", self.path], check=True)


class Sqlite:
    kind = "sqlite"
    # An id of a column, as 32 digits: SQLite keeps sixteen bytes.
    digits = "lower(hex({}))"

    def __init__(self, folder):
        self.folder, self.path = folder, folder / "livret.db"
        self.url = f"sqlite://{self.path}?mode=rwc"

    def start(self):
        """It starts with the service."""

    stop = start

    def rows(self, query):
        with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as db:
            return [tuple(map(str, row)) for row in db.execute(query)]

    def write(self, query):
        with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as db, db:
            db.execute(query)

    def fault(self):
        """What its own check says is wrong."""
        try:
            found = self.rows("PRAGMA integrity_check") + self.rows("PRAGMA foreign_key_check")
        except sqlite3.Error as error:
            return f"SQLite cannot open its file: {error}"
        return None if found == [("ok",)] else f"integrity_check: {found[:3]}"


class Postgres:
    kind = "postgres"
    digits = "replace({}::text, '-', '')"

    def __init__(self, folder):
        self.folder, self.port = folder, server._free_port()
        self.data = folder / "data"
        self.url = self.at(self.port)

    @staticmethod
    def at(port):
        return f"postgres://postgres@127.0.0.1:{port}/postgres"

    def make(self):
        shutil.chown(self.folder, "postgres")
        initdb = [tool("initdb"), "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", self.data]
        subprocess.run([*AS_POSTGRES, *initdb], cwd="/", check=True, **QUIET)

    def control(self, *arguments, check=True):
        subprocess.run([*AS_POSTGRES, tool("pg_ctl"), "-D", self.data, *arguments], cwd="/", check=check, timeout=60, **QUIET)

    def start(self):
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c max_connections=60"
        self.control("-w", "-l", self.data / "log", "-o", options, "start")

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.control("-w", "-m", "immediate", "stop", check=False)

    def processes(self):
        """The postmaster and its children, which are ours."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = pathlib.Path(f"/proc/{first}/task/{first}/children").read_text()
        return [first, *map(int, children.split())]

    def is_alive(self):
        with contextlib.suppress(OSError, ValueError, IndexError):
            return bool(self.processes())
        return False

    def signal(self, number):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def psql(self, *queries):
        """A psql that waits for nothing else but these, as a process."""
        arguments = [part for query in queries for part in ("-c", query)]
        return subprocess.Popen([tool("psql"), self.url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-R", "\x1e",
                                 *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def rows(self, query):
        said, complaint = (asked := self.psql(query)).communicate(timeout=60)
        if asked.returncode != 0:
            raise RuntimeError(complaint)
        said = said.removesuffix("\n").removesuffix("\x1e")
        return [tuple(row.split("\x1f")) for row in said.split("\x1e")] if said else []

    write = rows

    def fault(self):
        """What its own check says is wrong."""
        here = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        done = subprocess.run([tool("pg_amcheck"), "--install-missing", "--heapallindexed", "--parent-check", *here],
                              capture_output=True, text=True, timeout=120)
        return None if done.returncode == 0 else f"pg_amcheck: {(done.stdout + done.stderr)[:300].strip()}"

    def wait(self, seconds=30):
        """Until it answers again."""
        deadline = time.monotonic() + seconds
        while subprocess.run([tool("pg_isready"), "-q", "-d", self.url]).returncode != 0:
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL is not back after {seconds} s")
            time.sleep(0.05)
