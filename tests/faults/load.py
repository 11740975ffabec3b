"""Faults of too much: 16 writers and 16 readers on SQLite, three times as many callers as can be served, a flood of log-ins."""

import contextlib
import io
import pathlib
import statistics
import sys
import threading
import time

from programs import server
from report import Result
from world import World

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs/measure"))


def _p99(answers):
    return statistics.quantiles([answer.seconds for answer in answers], n=100)[98]


def sixteen(kind, long):
    """16 writers and 16 readers on SQLite: no 5xx, and in the long form bounds for the slowest of a hundred."""
    with World(kind, "16 writers, 16 readers") as world:
        world.start()
        world.work(writers=16, readers=16, pace=0)
        time.sleep(30 if long else 6)
        reads, writes = _p99(world.answers("read")), _p99(world.answers("write"))
        world.only("write", {201})
        world.only("read", {200})
        world.notes.append(f"p99 of reads {reads * 1000:.0f} ms, of writes {writes * 1000:.0f} ms")
        if long:
            world.holds(reads < 0.1, f"p99 of reads is below 100 ms, but {reads * 1000:.0f} ms")
            world.holds(writes < 1, f"p99 of writes is below 1 s, but {writes * 1000:.0f} ms")
        world.close_account()
        return world


def _loop(world, callers, seconds):
    """Callers that read without a pause; what came back."""
    answers, until, lock = [], time.monotonic() + seconds, threading.Lock()

    def read():
        caller, mine = world.caller(), []
        while time.monotonic() < until:
            mine.append(caller.call("GET", f"/v1/booklets/{world.some_booklet}"))
            if mine[-1].status != 200:
                time.sleep(0.02)
        with lock:
            answers.extend(mine)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds + 60)
    return answers


def overload(kind, long):
    """Three times as many callers as may be answered at once: most of the work goes on, the rest is refused quickly."""
    at_once, seconds = 8, 10 if long else 3
    with World(kind, "overload", rate_limit=100_000, concurrency=at_once) as world:
        world.start()
        world.work(writers=2, readers=0, who="coordinateur@rivage.example", pace=0.05, kind="elsewhere")
        _loop(world, at_once, 1)
        capacity = sum(a.status == 200 for a in _loop(world, at_once, seconds)) / seconds
        answers = _loop(world, 3 * at_once, seconds)
        good = sum(a.status == 200 for a in answers) / seconds
        refused = [a for a in answers if a.status in (429, 503)]
        others = {a.status for a in answers} - {200, 429, 503}
        world.notes.append(f"{capacity:.0f}/s served to {at_once}, {good:.0f}/s to {3 * at_once}, {len(refused)} refused")
        world.holds(not others, f"only 200, 429 and 503, but {others}")
        world.holds(good >= 0.8 * capacity, f"80 % of {capacity:.0f}/s go on, but {good:.0f}/s")
        world.holds(refused, "the excess was to be refused, but nothing was")
        slow = sorted(a.seconds for a in refused)[-len(refused) // 100 or -1:] if refused else [0]
        world.holds(slow[0] < 0.1, f"99 of 100 refusals come within 100 ms, but after {slow[0] * 1000:.0f} ms")
        faults = {a.fault() for a in answers} - {None}
        world.holds(not faults, f"{faults}")
        unnamed = sum("retry-after" not in a.headers for a in refused)
        world.holds(not unnamed, f"{unnamed} refusals do not say when to come back")
        world.only("elsewhere", {201})
        world.close_account()
        return world


def log_ins(kind, long):
    """docs/measure/log_in_flood.py: wrong log-ins from many addresses, while four people read."""
    import log_in_flood
    import start
    log_in_flood.BINARY = start.BINARY = str(server.LIVRET)
    if not long:
        log_in_flood.SECONDS = 4
    said, broken, arguments = io.StringIO(), [], sys.argv
    try:
        sys.argv = ["log_in_flood.py"]
        with contextlib.redirect_stdout(said):
            log_in_flood.main()
    except SystemExit as ended:
        if ended.code not in (None, 0):
            broken.append(f"the flood of log-ins: {ended.code}")
    finally:
        sys.argv = arguments
    if "log-ins:" not in said.getvalue():
        broken.append("the flood of log-ins was not measured to its end")
    return Result("log-in flood", kind, broken=broken, notes=[line for line in said.getvalue().splitlines() if line])


FAULTS = {
    "sixteen": (sixteen, ("sqlite",)),
    "overload": (overload, ("sqlite", "postgres")),
    "log_ins": (log_ins, ("sqlite",)),
}
