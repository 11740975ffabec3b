"""Breaks things beneath the service and says which promises hold. Started by `run`, which installs what is missing.

    main.py [--long] [--write] [--list] [sqlite|postgres] [FAULT ...]

The short form plays several faults at once (LIVRET_JOBS, 2), the long form one after the other.
LIVRET_BINARY names the service (target/debug/livret), LIVRET_SEED plays a random run again.
"""

import argparse
import concurrent.futures
import datetime
import multiprocessing
import os
import signal
import sys
import time
import traceback

import chance
import clocks
import crash
import disk
import files
import hostile
import load
import report
import slow
import soak
import stall
import starts
import world
from programs import server

FAULTS = {name: fault for kind in (disk, crash, stall, files, slow, hostile, load, starts, clocks, chance, soak) for name, fault in kind.FAULTS.items()}
# What takes long or measures speed, and so wants a release build on a machine with nothing else to do.
LONG_ALONE = {
    "stalled_readers": "waits until the readers are cut, 30 s",
    "overload": "measures speed",
    "log_ins": "measures speed",
    "soak": "lasts an hour",
}
FIRST = ("slow_callers", "two_at_once", "at_random", "migrations", "read_only", "long_reader", "zones")
DATABASES = ("sqlite", "postgres")


def play(name, kind, long):
    """One fault, in a process of its own when several are played."""
    fault, _ = FAULTS[name]
    began = time.monotonic()
    try:
        played = fault(kind, long)
        result = played if isinstance(played, report.Result) else report.Result(played.name, kind, played)
    except Exception as error:  # noqa: BLE001
        where = traceback.format_exc().strip().splitlines()[-3:]
        result = report.Result(name, kind, broken=[f"the check could not be carried out: {type(error).__name__} {error} {where}"])
    result.seconds = time.monotonic() - began
    return result


def tell(result):
    print(f"{result.line()} · {result.seconds:.0f} s", flush=True)
    for note in result.notes:
        print(f"    note: {note}", flush=True)
    for promise in result.broken:
        print(f"    BROKEN: {promise}", flush=True)
    return result


def play_all(wanted, long):
    """The results, in the order of what is wanted."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(world.template, {kind for _, kind in wanted}))
    if long:
        return [tell(play(name, kind, long)) for name, kind in wanted]
    jobs = int(os.environ.get("LIVRET_JOBS", "2"))
    with concurrent.futures.ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        # Those that take longest begin first.
        begun = {pool.submit(play, name, kind, long): (name, kind) for name, kind in sorted(wanted, key=lambda one: one[0] not in FIRST)}
        try:
            for done in concurrent.futures.as_completed(begun):
                tell(done.result())
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            raise
        results = {one: done.result() for done, one in begun.items()}
    return [results[one] for one in wanted]


def options():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--long", action="store_true", help="longer, more often; all of it writes docs/reliability.md")
    arguments.add_argument("--write", action="store_true", help="write docs/reliability.md in any case")
    arguments.add_argument("--list", action="store_true", help="name the faults")
    arguments.add_argument("what", nargs="*", metavar="sqlite|postgres|FAULT")
    asked = arguments.parse_args()
    if unknown := set(asked.what) - FAULTS.keys() - set(DATABASES):
        arguments.error(f"no such fault: {', '.join(sorted(unknown))} (see --list)")
    if not asked.list and not server.LIVRET.exists():
        arguments.error(f"{server.LIVRET} is not there: cargo build, or name another in LIVRET_BINARY")
    return asked


def chosen(asked):
    """Pairs of a fault and a database; says what is left out."""
    kinds = [kind for kind in DATABASES if kind in asked.what] or DATABASES
    names = [name for name in asked.what if name not in DATABASES] or list(FAULTS)
    if names == list(FAULTS) and not asked.long:
        names = [name for name in names if name not in LONG_ALONE]
        for name, why in LONG_ALONE.items():
            print(f"{name}: in the long form, or when named: {why}", flush=True)
    return [(name, kind) for kind in kinds for name in names if kind in FAULTS[name][1]]


def main():
    asked = options()
    if asked.list:
        for name, (fault, kinds) in FAULTS.items():
            print(f"{name:20} {' '.join(kinds):16} {fault.__doc__.strip().splitlines()[0]}")
        return 0
    wanted = chosen(asked)
    if not wanted:
        sys.exit("none of these faults is one of these databases")
    # Told to end, it mends and unmounts what it has broken; so do the processes that it forks.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("faults: told to end"))
    began = time.monotonic()
    try:
        results = play_all(wanted, asked.long)
    finally:
        world.forget_templates()
    seconds = time.monotonic() - began
    broken = sum(len(result.broken) for result in results)
    # A part of the faults does not take the place of all of them, unless it is asked to.
    if asked.write or (asked.long and not asked.what):
        report.write(results, "long" if asked.long else "short", datetime.date.today().isoformat(), seconds)
    said = f"{broken} broken promises in {len(results)} faults" if broken else f"all {len(results)} held"
    print(f"faults: {said}, {seconds:.0f} s", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
