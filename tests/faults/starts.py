"""Faults of the start: a database that comes up later or never, migrations that are killed, two instances at once."""

import hashlib
import os
import random
import subprocess
import time

from programs import Program, tool
from report import Result
from world import World

SEED = int(os.environ.get("LIVRET_SEED", "20261130"))
# What each start writes anew, or notes for itself.
NOT_COMPARED = ("seaql_migrations", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4")


def nothing_listens(kind, long):
    """PostgreSQL comes up 5 s after the service, and in another start never."""
    with World(kind, "nothing listens") as world:
        world.start()
        for wait in (5, 12) if long else (5,):
            world.program.kill()
            world.database.control("-w", "-m", "fast", "stop")
            seen = len(world.program.log.read_text(errors="replace"))
            world.program.start(wait=False)
            time.sleep(wait)
            if not world.holds(world.program.is_alive(), f"the service waits for its database, but ended within {wait} s"):
                world.database.start()
                world.program.start()
                continue
            log = world.program.log.read_text(errors="replace")[seen:].splitlines()
            world.holds(wait - 2 <= len(log) <= wait + 3, f"it says a line a second while it waits, but {len(log)} in {wait} s")
            world.database.start()
            back, ready = time.monotonic(), world.caller()
            while ready.call("GET", "/health/ready").status != 200 and time.monotonic() < back + 20:
                time.sleep(0.02)
            took = time.monotonic() - back
            world.holds(took <= 2, f"it is ready within 2 s of its database, but after {took:.1f} s")
        world.work(writers=4, readers=2)
        time.sleep(1)
        world.only("write", {201})
        world.close_account()
        world.program.kill()
        world.database.stop()
        world.program._environment["LIVRET_DATABASE_WAIT"] = "3"
        began = time.monotonic()
        world.program.start(wait=False)
        status, took = world.program.ended(15), time.monotonic() - began
        world.holds(status not in (None, 0), f"without a database it ends with an error, but with {status}")
        world.holds(2.5 <= took <= 6, f"it waits for LIVRET_DATABASE_WAIT=3 and ends, but after {took:.1f} s")
        last = world.program.log.read_text(errors="replace").strip().splitlines()[-1]
        world.holds("LIVRET_DATABASE_URL" in last, f"its last line names LIVRET_DATABASE_URL, but is {last}")
        return world


def _tables(database):
    if database.kind == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    return sorted(name for name, in database.rows(query) if name not in NOT_COMPARED)


def _content(database):
    """For each table how many rows it has and a checksum of them, whatever their order."""
    tables = _tables(database)
    if database.kind == "postgres" and tables:
        one = "SELECT '{0}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{0}\" AS t"
        return {name: (int(rows), sum_) for name, rows, sum_ in database.rows(" UNION ALL ".join(map(one.format, tables)))}
    content = {}
    for table in tables:
        rows = sorted(map(repr, database.rows(f'SELECT * FROM "{table}"')))
        content[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return content


def _schema(database):
    """Tables, columns, indexes and constraints, as the database describes them."""
    if database.kind == "sqlite":
        return database.rows("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")
    dump = [tool("pg_dump"), "--schema-only", "--no-owner", database.url]
    said = subprocess.run(dump, check=True, capture_output=True, text=True, timeout=60).stdout
    return [line for line in said.splitlines() if line.strip() and not line.startswith(("--", "\\"))]


def _differences(before, after):
    return [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]


def _interrupted(world, chance, seconds):
    """`livret migrate`, killed at a moment; whether it had still been at work."""
    world.program.start(wait=False, command=("migrate",))
    time.sleep(chance.random() * seconds)
    was_at_work = world.program.is_alive()
    world.program.kill()
    return was_at_work


def _migrate(world, *arguments):
    status, said = world.program.asked("migrate", *arguments)
    world.holds(status == 0, f"migrate {' '.join(arguments)} ends well, but with {status}: {said.strip().splitlines()[-1:]}")


def _uninterrupted(kind, steps):
    """What so many steps down and up leave when nothing disturbs them; what the tables of those steps held is gone."""
    with World(kind, "migrations") as world:
        for arguments in (("--down", steps), ()):
            status, said = world.program.asked("migrate", *arguments)
            if status != 0:
                raise RuntimeError(f"migrate {arguments}: {said[-300:]}")
        rows = {name: count for name, (count, _) in _content(world.database).items()}
        return rows, world.program.asked("verify-audit")[0]


def migrations(kind, long):
    """Migrations of an empty database and of one with data, killed with SIGKILL at random moments, until they are done."""
    chance, broken, killed, rounds = random.Random(SEED), [], 0, 25 if long else 2
    with World(kind, "migrations", is_empty=True) as world:
        began = time.monotonic()
        _migrate(world)
        seconds, whole, shipped = time.monotonic() - began, _schema(world.database), _content(world.database)
        broken += world.broken
    for _ in range(rounds):
        with World(kind, "migrations", is_empty=True) as world:
            killed += sum(_interrupted(world, chance, seconds) for _ in range(5))
            _migrate(world)
            world.holds(_schema(world.database) == whole, "an empty database has the same tables after interruptions")
            rows = {name: count for name, (count, _) in _content(world.database).items()}
            wanted = {name: count for name, (count, _) in shipped.items()}
            world.holds(rows == wanted, f"other rows are shipped after interruptions: {_differences(wanted, rows)}")
            broken += world.broken
    for _ in range(rounds):
        with World(kind, "migrations") as world:
            steps = str(chance.randint(2, 6))
            wanted = _uninterrupted(kind, steps)
            _migrate(world, "--down", steps)
            before, began = _content(world.database), time.monotonic()
            killed += sum(_interrupted(world, chance, seconds / 3) for _ in range(5))
            _migrate(world)
            after = _content(world.database)
            lost = [name for name in _differences(before, after) if name in before and before[name][0] > after.get(name, (0,))[0]]
            world.holds(not lost, f"migrating {steps} steps under SIGKILL loses rows of {lost}")
            world.holds(_schema(world.database) == whole or kind == "sqlite", f"{steps} steps end in other tables")
            again = world.program.asked("migrate")
            world.holds(again[0] == 0 and _content(world.database) == after, "a second start does nothing")
            if fault := world.database.fault():
                world.broken.append(fault)
            rows = {name: count for name, (count, _) in after.items()}
            status, said = world.program.asked("verify-audit")
            world.holds((rows, status) == wanted, f"{steps} steps leave what they do uninterrupted, but {_differences(wanted[0], rows)}; "
                        f"verify-audit exits with {status}, not {wanted[1]}: {said.strip().splitlines()[-2:]}")
            broken += world.broken
    if not killed:
        broken.append("migrations were to be interrupted, but none was at work any more")
    return Result("migrations", kind, broken=broken, notes=[f"{killed} of {10 * rounds} kills hit a migration at work"])


def two_at_once(kind, long):
    """Two instances start at the same moment, on an empty database and on one that is ready: the demo comes once."""
    broken = []
    for is_empty in (True, False):
        for _ in range(5 if long else 1):
            with World(kind, "two at once", is_empty=is_empty) as world:
                before = None if is_empty else _content(world.database)
                twin = Program(world.home, world.database.url, {"public_url": world.program.url})
                try:
                    for one in (world.program, twin):
                        one.start(wait=False, command=("serve", "--demo"))
                    for one in (world.program, twin):
                        caller, deadline, ready = world.caller_at(one), time.monotonic() + 60, None
                        while one.is_alive() and (ready := caller.call("GET", "/health/ready").status) != 200 and time.monotonic() < deadline:
                            time.sleep(0.05)
                        world.holds(ready == 200, f"both instances are ready, but one {'is' if one.is_alive() else 'ended, before it said anything but'} {ready}")
                    for one in (world.program, twin):
                        one._process.terminate()
                    ended = [one.ended(15) for one in (world.program, twin)]
                    last = world.program.log.read_text(errors="replace").strip().splitlines()
                    told = [line for line in last if line.startswith("livret:")]
                    world.holds(ended == [0, 0], f"two that start {'empty' if is_empty else 'ready'} both exit with 0, but {ended} {told[:1]}")
                finally:
                    twin.kill()
                if is_empty:
                    organizations = int(world.database.rows("SELECT count(*) FROM organizations")[0][0])
                    demo = int(world.database.rows("SELECT count(*) FROM users WHERE email = 'tutrice@horizon.example'")[0][0])
                    world.holds((organizations, demo) == (3, 1), f"the demo is there once, but {organizations} organizations, {demo}")
                else:
                    changed = _differences(before, _content(world.database))
                    world.holds(not changed, f"a start on a ready database changes nothing, but {changed}")
                status, said = world.program.asked("verify-audit")
                world.holds(status == 0, f"verify-audit exits with {status}: {said.strip().splitlines()[-1:]}")
                broken += world.broken
    return Result("two at once", kind, broken=broken)


FAULTS = {
    "nothing_listens": (nothing_listens, ("postgres",)),
    "migrations": (migrations, ("sqlite", "postgres")),
    "two_at_once": (two_at_once, ("sqlite", "postgres")),
}
