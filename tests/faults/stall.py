"""Faults of time: a database that does not answer, connections that end, a row that somebody else holds."""

import contextlib
import signal
import sqlite3
import time

from calls import RIVAGE
from proxy import Proxy
from world import World


def _through(proxies):
    """The service reaches PostgreSQL through a proxy."""
    def database_url(database):
        proxies.append(Proxy(database.port))
        return database.at(proxies[0].port)
    return database_url


def _was_sick(world, seconds):
    """What must hold while a database does not answer, and after it does again."""
    world.is_mended()
    world.recovers(within=2)
    world.felt()
    since, until = world.broke_at, world.broke_at + seconds
    # Whoever asked just before is told as well.
    unready = [a.ended for a in world.answers("ready", since - 3, until) if a.status == 503 and a.ended > since]
    first = min(unready, default=None)
    world.holds(first is not None and first - since <= 3, "ready says 503 within 3 s, but "
                f"{'never did' if first is None else f'did after {first - since:.1f} s'}")
    # One that was asked while it was away may be answered once it is back.
    late = [a for a in world.answers("ready", since + 3, until) if a.status == 200 and a.ended < until]
    world.holds(not late, f"ready says 503 for as long as the database is away, but {len(late)} × 200")


def _judged(world):
    time.sleep(1)
    world.only("write", {201, 503, 504})
    world.only("read", {200, 503, 504})
    world.within("write", 5)
    world.within("read", 5)
    world.within("live", 1)
    world.within("ready", 5)
    world.close_account()
    return world


def stopped(kind, long):
    """SIGSTOP of every process of PostgreSQL."""
    with World(kind, "SIGSTOP") as world:
        world.start()
        world.work(writers=8, readers=4)
        time.sleep(1)
        seconds = 15 if long else 7
        world.breaks()
        world.database.signal(signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            world.database.signal(signal.SIGCONT)
        _was_sick(world, seconds)
        return _judged(world)


def silent(kind, long):
    """A proxy stops forwarding, without closing anything."""
    proxies = []
    with World(kind, "silent network", database_url=_through(proxies)) as world, contextlib.ExitStack() as ends:
        ends.callback(proxies[0].close)
        world.start()
        world.work(writers=8, readers=4)
        for seconds in (12, 25) if long else (7,):
            time.sleep(1)
            proxies[0].stall()
            world.breaks()
            time.sleep(seconds)
            proxies[0].flow()
            _was_sick(world, seconds)
        return _judged(world)


def reset(kind, long):
    """Every connection to PostgreSQL is reset, many times."""
    proxies = []
    with World(kind, "connections reset", database_url=_through(proxies)) as world, contextlib.ExitStack() as ends:
        ends.callback(proxies[0].close)
        world.start()
        world.work(writers=8, readers=4)
        for _ in range(30 if long else 4):
            time.sleep(0.5)
            world.breaks()
            ended = proxies[0].reset()
            world.is_mended()
            world.holds(ended, "connections were to be reset, but there were none")
            world.recovers(within=2)
        return _judged(world)


def locked(kind, long):
    """One booklet's row (on SQLite the file) held by somebody else, 40 writers waiting."""
    with World(kind, "row locked") as world:
        world.start()
        booklets = world.booklets()
        held, others = booklets[0], booklets[1:]
        # Whoever is refused comes back a second later, as Retry-After says.
        world.work(writers=40, readers=4, booklets=[held], rest=1, kind="waiter", pace=0.2)
        elsewhere = world.work(writers=4, readers=2, who=RIVAGE, pace=0.1, follow=False)
        world.work(writers=2, readers=2, booklets=others, pace=0.1, follow=False)
        time.sleep(1.5)
        seconds = 12 if long else 5
        world.breaks()
        _hold(world, held, seconds)
        world.is_mended()
        until = world.mended_at
        world.recovers(within=2)
        time.sleep(1.5)
        during = {"since": world.broke_at + 0.2, "until": until}
        world.felt("waiter")
        world.only("waiter", {201, 409, 503})
        world.within("waiter", 2, **during)
        world.only("read", {200})
        world.within("read", 0.5, **during)
        # On SQLite whoever holds the file holds it against every writer.
        world.only("write", {201} if kind == "postgres" else {201, 503})
        world.within("write", 0.5 if kind == "postgres" else 2, **during)
        if kind == "postgres":
            kept = sum(a.status == 201 for a in world.answers("write", **during))
            world.holds(kept > seconds * len(elsewhere), f"other organizations write on, but only {kept} writes in {seconds} s")
        world.close_account()
        return world


def _hold(world, booklet, seconds):
    if world.kind == "sqlite":
        with contextlib.closing(sqlite3.connect(world.database.path, isolation_level=None, timeout=5)) as db:
            db.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            db.execute("ROLLBACK")
        return
    taken = f"SELECT 1 FROM booklets WHERE id = '{booklet}' FOR UPDATE"
    said = (psql := world.database.psql("BEGIN", taken, f"SELECT pg_sleep({seconds})", "ROLLBACK")).communicate(timeout=60)
    world.holds(psql.returncode == 0, f"the row was to be held, but psql says {said}")


FAULTS = {
    "stopped": (stopped, ("postgres",)),
    "silent": (silent, ("postgres",)),
    "reset": (reset, ("postgres",)),
    "locked": (locked, ("sqlite", "postgres")),
}
