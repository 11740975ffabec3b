"""A service under work: a copy of the demo, threads that write and read, and what is owed to them.

    with World("sqlite", "disk_full") as world:
        world.work(writers=8, readers=4)
        ...                     # something breaks: world.breaks(), and is mended: world.is_mended()
        world.close_account()   # kill -9, restart, and nothing that was acknowledged may be missing

What does not hold goes to `broken`, in a sentence.
"""

import contextlib
import pathlib
import shutil
import tempfile
import threading
import time

import account
from calls import HORIZON, Caller, signed_in
from programs import Disk, Postgres, Program, Sqlite, server
from workers import Follower, Reader, Tally, Writer

# Where the log of the service is kept when a promise is broken.
LOGS = server.ROOT / "target/faults"
CLOSED = ("closed", "withdrawn")
_templates = {}


def _database(kind, folder):
    return Sqlite(folder) if kind == "sqlite" else Postgres(folder)


def template(kind):
    """A stopped database with the demo in it, and its keys; made once."""
    if kind not in _templates:
        home = pathlib.Path(tempfile.mkdtemp(prefix=f"livret-demo-{kind}-"))
        home.chmod(0o755)
        disk = home / "disk"
        disk.mkdir()
        database = _database(kind, disk)
        if kind == "postgres":
            database.make()
        _templates[kind] = home
        program = Program(home, database.url, {})
        database.start()
        try:
            _fill(program, database)
        except BaseException:
            program.kill()
            raise
        finally:
            if kind == "postgres":
                database.control("-w", "-m", "fast", "stop")
    return _templates[kind]


def _fill(program, database):
    """Until the service has done all that is due in the demo, so that later starts find nothing to do. The database is asked
    only while the service does not run."""
    unbound = "(SELECT count(*) FROM events WHERE link IS NULL) + (SELECT count(*) FROM access_entries WHERE link IS NULL)"
    for number in range(4):
        program.start(command=("serve", "--demo") if number == 0 else ("serve",))
        time.sleep(6)
        program.stop()
        if database.rows(f"SELECT {unbound}") == [("0",)]:
            return
    raise RuntimeError("the demo is not chained to its end")


def forget_templates():
    for home in _templates.values():
        shutil.rmtree(home, ignore_errors=True)
    _templates.clear()


class World:
    def __init__(self, kind, name, disk_size=None, is_empty=False, database_url=None, before=(), variables=None, **settings):
        self.kind, self.name, self.broken, self.threads = kind, name, [], []
        self.asked_for = (disk_size, is_empty, database_url, before, variables, settings)
        self.tally, self.over = Tally(), threading.Event()
        self.broke_at = self.mended_at = self.memory = None
        self.found_by_same = self.found_after = None
        self.notes, self.is_killed = [], False

    def __enter__(self):
        disk_size, is_empty, database_url, before, variables, settings = self.asked_for
        self._stack = contextlib.ExitStack()
        try:
            self.home = pathlib.Path(tempfile.mkdtemp(prefix="livret-fault-"))
            self._stack.callback(shutil.rmtree, self.home, ignore_errors=True)
            self.home.chmod(0o755)
            self.disk = Disk(self.home / "disk", disk_size)
            self._stack.callback(self.disk.close)
            origin = template(self.kind)
            for key in ("mac.key", "token-1.pem"):
                shutil.copy(origin / key, self.home)
            self.database = _database(self.kind, self.disk.path)
            if self.kind == "postgres":
                shutil.chown(self.disk.path, "postgres")
                if is_empty:
                    self.database.make()
                else:
                    shutil.copytree(origin / "disk" / "data", self.database.data, copy_function=shutil.copy)
                    self._give_to_postgres()
            elif not is_empty:
                shutil.copy(origin / "disk" / "livret.db", self.disk.path)
            self._stack.callback(self.database.stop)
            self.database.start()
            url = database_url(self.database) if database_url else self.database.url
            self.program = Program(self.home, url, settings, before, variables)
            self._stack.callback(self._end_program)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=60)
        if self.broken:
            LOGS.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.program.log, LOGS / f"{self.name.replace(' ', '-')}-{self.kind}.log")
        self._stack.close()

    def _end_program(self):
        if hasattr(self.program, "_process"):
            self.program.kill()

    def _give_to_postgres(self):
        self.database.data.chmod(0o700)
        for path in [self.database.data, *self.database.data.rglob("*")]:
            shutil.chown(path, "postgres", "postgres")

    # Work.

    def caller(self, who=HORIZON):
        return Caller(self.program.port, self.token(who))

    @staticmethod
    def caller_at(program):
        """Somebody whom the service does not know, at one of several instances."""
        return Caller(program.port)

    def token(self, who=HORIZON):
        tokens = self.__dict__.setdefault("tokens", {})
        if who not in tokens:
            tokens[who] = signed_in(self.program.port, who)
        return tokens[who]

    def booklets(self, who=HORIZON):
        page = self.caller(who).call("GET", "/v1/booklets?limit=100").json()
        return [booklet["id"] for booklet in page["items"] if booklet["state"] not in CLOSED]

    def start(self):
        self.program.start()
        self.some_booklet = self.booklets()[0]
        self.feed_begins = self.caller().call("GET", "/v1/changes?after=latest").json()["next"]

    def work(self, writers=8, readers=4, who=HORIZON, booklets=None, pace=0.02, follow=True, **more):
        """Threads that write and read until the account is closed."""
        booklets = booklets or self.booklets(who)
        place = who.split("@")[1].split(".")[0]
        made = [Writer(self, self.caller(who), f"{place}-{n}", booklets[n % len(booklets)], pace, **more) for n in range(writers)]
        made += [Reader(self, self.caller(who), booklets[n % len(booklets)]) for n in range(readers)]
        if follow:
            made.append(Follower(self))
        self.threads += made
        for thread in made:
            thread.start()
        return made

    def breaks(self):
        self.broke_at = time.monotonic()

    def is_mended(self):
        self.mended_at = time.monotonic()

    # Promises.

    def holds(self, is_so, sentence):
        if not is_so:
            self.broken.append(sentence)
        return is_so

    def answers(self, kind=None, since=None, until=None):
        """Answers of a kind (write, read, ready, live) that began at a time, all by default."""
        return [answer for of, answer in list(self.tally.answers)
                if kind in (None, of) and (since or 0) <= answer.began < (until or float("inf"))]

    def only(self, kind, statuses, **when):
        """No other statuses than these."""
        others = {}
        for answer in self.answers(kind, **when):
            if answer.status not in statuses:
                others.setdefault((answer.status, answer.code), []).append(answer)
        told = ", ".join(f"{len(found)} × {status} {code or ''}".strip() for (status, code), found in others.items())
        wanted = "/".join(map(str, sorted(statuses, key=str)))
        self.holds(not others, f"a {kind} is answered {wanted}, but there were {told}")

    def within(self, kind, seconds, **when):
        """No answer takes longer."""
        slowest = max((answer.seconds for answer in self.answers(kind, **when)), default=0)
        late = sum(answer.seconds > seconds for answer in self.answers(kind, **when))
        self.holds(not late, f"a {kind or 'call'} is answered within {seconds} s, but {late} took longer, up to {slowest:.1f} s")

    def felt(self, kind="write", since=None):
        """A fault that nobody noticed was none: then the check says so instead of passing."""
        since = since or self.broke_at
        until = None if self.mended_at is None else self.mended_at + 1
        noticed = [a for a in self.answers(kind, since, until) if not (a.is_whole and a.status < 400)]
        self.holds(noticed, f"the fault was to be felt by a {kind}, but all went on as if there were none")

    def recovery(self):
        """Seconds from mended to the first write that is kept."""
        if self.mended_at is None:
            return None
        done = [a.ended for a in self.answers("write") if a.status == 201 and a.ended > self.mended_at]
        return min(done) - self.mended_at if done else None

    def recovers(self, within, patience=None):
        """Waits for the first write after the mending, and for a while of quiet writing."""
        deadline = self.mended_at + (patience or within + 8)
        while self.recovery() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        took = self.recovery()
        self.holds(took is not None, f"writes go on after the fault, but none did for {deadline - self.mended_at:.0f} s")
        if took is not None:
            self.holds(took <= within, f"writes go on within {within} s of the fault's end, but it took {took:.1f} s")
            late = [a for a in self.answers("write", self.mended_at) if a.status != 201]
            last = max((a.ended for a in late), default=self.mended_at) - self.mended_at
            self.holds(last <= within, f"the last error comes within {within} s of the fault's end, but one came after {last:.1f} s")

    def close_account(self):
        account.close(self)
