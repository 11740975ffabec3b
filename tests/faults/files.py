"""Faults of what the database is kept in: it may only be read, its file is taken away or replaced, its log grows."""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import time

from slow import many_follow_ups, stalled_reader
from world import World

NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
# What is left of the log of SQLite once its long reader is gone, in MiB.
WAL_LEFT = 16


def read_only(kind, long):
    """The database may only be read, for a while, under work and at a start."""
    return _read_only_postgres(long) if kind == "postgres" else _read_only_sqlite(long)


def _only_reads(world, since, until=None):
    """What must hold while nothing can be written."""
    world.only("write", {503}, since=since, until=until)
    world.only("read", {200}, since=since, until=until)
    codes = {a.code for a in world.answers("write", since, until) if a.status == 503}
    world.holds(codes <= {"read_only"}, f"a write is refused as read_only, but as {codes}")
    said = [a.body for a in world.answers("ready", since, until)]
    silent = [body for body in said if b"read_only" not in body]
    world.holds(said and not silent, f"ready says read_only, but {len(silent)} of {len(said)} times {silent[:1]}")


def _read_only_postgres(long):
    with World("postgres", "read-only") as world:
        world.start()
        world.work(writers=8, readers=4)
        time.sleep(1)
        world.database.rows("ALTER SYSTEM SET default_transaction_read_only = on")
        world.breaks()
        world.database.rows("SELECT pg_reload_conf()")
        time.sleep(1)
        since = time.monotonic()
        time.sleep(5 if long else 1.5)
        until = time.monotonic() - 0.5
        _only_reads(world, since, until)
        # A psql that may write in spite of it.
        may = world.database.psql("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only",
                                  "SELECT pg_reload_conf()")
        said = may.communicate(timeout=20)
        world.holds(may.returncode == 0, f"psql says {said}")
        world.is_mended()
        world.recovers(within=2)
        time.sleep(1)
        world.only("write", {201, 503})
        world.only("read", {200})
        world.close_account()
        world.database.rows("ALTER SYSTEM SET default_transaction_read_only = on")
        world.database.rows("SELECT pg_reload_conf()")
        _start_to_read(world)
        return world


def _read_only_sqlite(long):
    """Root may always write, so the service is nobody. What is open stays writable: the rights are taken before a start."""
    with World("sqlite", "read-only", before=NOBODY) as world:
        for path in (world.home, world.disk.path, *world.home.glob("*.*"), world.database.path):
            shutil.chown(path, "nobody", "nogroup")
        world.start()
        world.work(writers=8, readers=4)
        time.sleep(1)
        world.database.path.chmod(0o444)
        time.sleep(1)
        world.only("write", {201, 503})
        world.database.path.chmod(0o644)
        world.close_account()
        for name, closed in (("file", world.database.path), ("folder", world.disk.path)):
            rights = closed.stat().st_mode
            world.program.stop()
            closed.chmod(0o444 if name == "file" else 0o555)
            _start_to_read(world, f"of a read-only {name}")
            closed.chmod(rights)
            world.program.kill()
            # SQLite gives the files beside its own the rights that it has, and they outlive the process.
            for beside in world.disk.path.glob("*-shm"):
                beside.chmod(0o644)
            world.program.start()
        return world


def _start_to_read(world, what="on a read-only database"):
    """Reads are served, or the start says what is wrong; either way nothing is created."""
    world.program.kill()
    seen = len(world.program.log.read_text(errors="replace"))
    world.program.start(wait=False)
    caller, deadline = world.caller(), time.monotonic() + 10
    read = None
    while world.program.is_alive() and time.monotonic() < deadline:
        read = caller.call("GET", "/v1/booklets?limit=1").status
        if read == 200:
            break
        time.sleep(0.1)
    log = world.program.log.read_text(errors="replace")[seen:]
    if world.program.is_alive():
        world.holds(read == 200, f"a start {what} serves reads, but answers {read}")
        write = caller.call("POST", f"/v1/booklets/{world.some_booklet}/follow-ups",
                            {"contacted_on": "2026-11-20", "contact_mode": "phone", "comment": "Rappel."})
        world.holds((write.status, write.code) == (503, "read_only"), f"a write after a start {what}: {write.status} {write.code}")
        world.holds(write.fault() is None, f"a start {what}: {write.fault()}")
    else:
        says = any(word in log.lower() for word in ("read-only", "read only", "readonly", "only be read", "not writable"))
        world.holds(says, f"a start {what} says what is wrong, but {log.strip().splitlines()[-1:]}")
    world.holds("CREATE TABLE" not in log, f"a start {what} tries no CREATE TABLE")


def taken_away(kind, long):
    """The SQLite file is moved away under work, and put back."""
    with World(kind, "file moved away and back") as world:
        world.start()
        world.work(writers=8, readers=4)
        time.sleep(1.5)
        away = world.disk.path / "away.db"
        seen = len(world.program.log.read_text(errors="replace"))
        os.rename(world.database.path, away)
        world.breaks()
        time.sleep(6 if long else 3)
        _is_noticed(world, seen)
        os.rename(away, world.database.path)
        world.is_mended()
        world.recovers(within=2)
        time.sleep(1)
        world.only("write", {201, 503})
        world.only("read", {200, 503})
        world.close_account()
        return world


def _is_noticed(world, seen):
    """From one second on nothing is acknowledged, ready says so, and the log has a clear line."""
    since, until = world.broke_at + 1, time.monotonic()
    # A request that began in that second may have been answered a little later.
    kept = [a for a in world.answers("write", since, until) if a.status == 201]
    world.holds(not kept, f"the file is gone: nothing is acknowledged from 1 s on, but {len(kept)} writes were")
    ready = [a for a in world.answers("ready", since, until) if a.status != 503]
    world.holds(not ready, f"the file is gone: ready says 503 from 1 s on, but {len(ready)} × {ready[0].status if ready else ''}")
    log = world.program.log.read_text(errors="replace")[seen:]
    lines = [line for line in log.splitlines() if "livret.db" in line]
    world.holds(1 <= len(lines) <= 3, f"the log has a clear line that names the file, but {len(lines)}")


def replaced(kind, long):
    """An older copy takes the place of the SQLite file under work, as somebody does who restores a backup."""
    with World(kind, "file replaced") as world:
        world.start()
        world.work(writers=8, readers=4)
        time.sleep(1.5)
        copy = world.disk.path / "copy.db"
        with contextlib.closing(sqlite3.connect(world.database.path)) as db, contextlib.closing(sqlite3.connect(copy)) as to:
            before = time.monotonic()
            db.backup(to)
        time.sleep(0.5)
        seen = len(world.program.log.read_text(errors="replace"))
        for rest in ("-wal", "-shm"):
            pathlib.Path(f"{world.database.path}{rest}").unlink(missing_ok=True)
        os.rename(copy, world.database.path)
        world.breaks()
        time.sleep(4 if long else 2.5)
        _is_noticed(world, seen)
        owed = [a for a in world.answers("write", until=before) if a.status == 201 and a.ended < before]
        world.over.set()
        for thread in world.threads:
            thread.join(timeout=60)
        world.memory = world.program.most_memory()
        world.program.kill()
        world.program.start()
        ids = {id_ for id_, in world.database.rows(f"SELECT {world.database.digits.format('id')} FROM follow_ups")}
        gone = [a for a in owed if a.headers["location"].rsplit("/", 1)[1].replace("-", "") not in ids]
        world.found_after = len(owed) - len(gone)
        world.holds(owed and not gone, f"LOST: {len(gone)} of {len(owed)} rows that the copy held")
        world.holds((fault := world.database.fault()) is None, fault)
        status, said = world.program.asked("verify-audit")
        world.holds(status == 0, f"verify-audit exits with {status}: {said.strip().splitlines()[-1:]}")
        world.notes.append("what was acknowledged between the copy and its coming back is gone with the file that was replaced")
        return world


def long_reader(kind, long):
    """Another program reads SQLite's file for long, so that its log grows; then it must become small again."""
    with World(kind, "long reader") as world:
        world.start()
        world.work(writers=8, readers=2, pace=0)
        log = world.database.path.with_name("livret.db-wal")
        with contextlib.closing(sqlite3.connect(world.database.path, isolation_level=None)) as db:
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM follow_ups").fetchone()
            wanted, deadline = (96 if long else WAL_LEFT + 4), time.monotonic() + (120 if long else 20)
            while _mib(log) < wanted and time.monotonic() < deadline:
                time.sleep(0.1)
            grown = _mib(log)
            world.breaks()
            db.execute("ROLLBACK")
        world.is_mended()
        world.holds(grown > WAL_LEFT, f"the log was to grow beyond {WAL_LEFT} MiB, but had {grown:.0f}")
        time.sleep(5)
        left = _mib(log)
        world.notes.append(f"the log had {grown:.0f} MiB, and {left:.0f} MiB five seconds later")
        world.holds(left <= WAL_LEFT, f"5 s after its reader has gone the log has at most {WAL_LEFT} MiB, but {left:.0f}")
        world.only("write", {201})
        world.only("read", {200})
        world.close_account()
        return world


def own_readers(kind, long):
    """Readers of the service itself that stall, an export and a stream: SQLite's log does not grow for them."""
    with World(kind, "own readers", rate_limit=100_000) as world:
        world.start()
        many_follow_ups(world)
        paths = "/v1/exports/follow_ups?format=jsonl", "/v1/changes/stream"
        ends = [stalled_reader(world, path, world.token()) for path in paths]
        world.work(writers=4, readers=2)
        world.breaks()
        log, largest, written = world.database.path.with_name("livret.db-wal"), 0, 0
        for _ in range(20 if long else 6):
            time.sleep(0.5)
            # 8 MiB of pages that another program writes at a time.
            world.database.write("UPDATE follow_ups SET comment = comment || ' ' WHERE rowid % 5 = 0 AND length(comment) > 8000")
            written, largest = written + 8, max(largest, _mib(log))
        world.is_mended()
        for end in ends:
            end.close()
        world.notes.append(f"{written} MiB were written beside a stalled export and a stream; the log had {largest:.0f} MiB at most")
        world.holds(largest <= WAL_LEFT + 16, f"the log stays near {WAL_LEFT} MiB, but had {largest:.0f}")
        world.only("read", {200})
        world.close_account()
        return world


def _mib(path):
    return path.stat().st_size / (1 << 20) if path.exists() else 0


def other_programs(kind, long):
    """Others open and close SQLite's file beside the service: a reader, a backup, `livret verify-audit`. The service keeps its
    locks on it, or the last of them takes itself for alone, and deletes the log that the service writes into."""
    with World(kind, "other programs") as world:
        world.start()
        world.work(writers=8, readers=4)
        log, missing = world.database.path.with_name("livret.db-wal"), 0
        world.breaks()
        for number in range(30 if long else 4):
            time.sleep(0.5)
            if number % 2:
                status, said = world.program.asked("verify-audit")
                world.holds(status == 0, f"verify-audit beside the service exits with {status}: {said.strip().splitlines()[-1:]}")
            else:
                copy = sqlite3.connect(world.disk.path / f"copy{number}.db")
                with contextlib.closing(sqlite3.connect(world.database.path)) as db, contextlib.closing(copy):
                    db.backup(copy)
            missing += not log.exists()
        world.is_mended()
        world.holds(not missing, f"the log of SQLite stays while the service runs, but was deleted {missing} times")
        held = _locks(world.program.pid, world.database.path)
        world.holds(held, "the service holds SQLite's lock on its file, but has none")
        time.sleep(0.5)
        world.only("write", {201})
        world.only("read", {200})
        world.close_account()
        return world


def _locks(process, path):
    """What the system knows of locks of a process on a file."""
    with open("/proc/locks") as locks:
        known = [line.split() for line in locks]
    return [lock for lock in known if lock[4] == str(process) and lock[5].endswith(f":{path.stat().st_ino}")]


FAULTS = {
    "other_programs": (other_programs, ("sqlite",)),
    "read_only": (read_only, ("sqlite", "postgres")),
    "taken_away": (taken_away, ("sqlite",)),
    "replaced": (replaced, ("sqlite",)),
    "long_reader": (long_reader, ("sqlite",)),
    "own_readers": (own_readers, ("sqlite",)),
}
