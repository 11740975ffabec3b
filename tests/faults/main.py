"""Breaks things beneath the service and says which promises hold. Started by `run`, which installs what is missing.

    main.py [--long] [--write] [--list] [sqlite|postgres] [FAULT ...]

LIVRET_BINARY names the service (target/debug/livret), LIVRET_SEED plays a random run again.
"""

import argparse
import datetime
import sys
import time
import traceback

import chance
import clocks
import crash
import disk
import files
import load
import report
import slow
import stall
import starts
import world
from programs import server

FAULTS = {name: fault for kind in (disk, crash, stall, files, slow, load, starts, clocks, chance) for name, fault in kind.FAULTS.items()}
DATABASES = ("sqlite", "postgres")


def play(name, kind, long):
    fault, _ = FAULTS[name]
    began = time.monotonic()
    try:
        played = fault(kind, long)
        result = played if isinstance(played, report.Result) else report.Result(name, kind, played)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        result = report.Result(name, kind, broken=[f"the check could not be carried out: {type(error).__name__} {error}"])
    print(f"{result.line()} · {time.monotonic() - began:.0f} s", flush=True)
    for note in result.notes:
        print(f"    note: {note}", flush=True)
    for promise in result.broken:
        print(f"    BROKEN: {promise}", flush=True)
    return result


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--long", action="store_true", help="longer, more often; writes docs/reliability.md")
    arguments.add_argument("--write", action="store_true", help="write docs/reliability.md after the short form too")
    arguments.add_argument("--list", action="store_true", help="name the faults")
    arguments.add_argument("what", nargs="*", metavar="sqlite|postgres|FAULT")
    asked = arguments.parse_args()
    if asked.list:
        for name, (fault, kinds) in FAULTS.items():
            print(f"{name:20} {' '.join(kinds):16} {fault.__doc__.strip().splitlines()[0]}")
        return 0
    kinds = [kind for kind in DATABASES if kind in asked.what] or DATABASES
    names = [name for name in asked.what if name not in DATABASES]
    if unknown := set(names) - FAULTS.keys():
        arguments.error(f"no such fault: {', '.join(sorted(unknown))} (see --list)")
    if not server.LIVRET.exists():
        arguments.error(f"{server.LIVRET} is not there: cargo build, or name another in LIVRET_BINARY")
    began, results = time.monotonic(), []
    try:
        for kind in kinds:
            since = time.monotonic()
            played = [name for name in names or FAULTS if kind in FAULTS[name][1]]
            results += [play(name, kind, asked.long) for name in played]
            print(f"==> {kind}: {len(played)} faults in {time.monotonic() - since:.0f} s", flush=True)
    finally:
        world.forget_templates()
    if not results:
        arguments.error("none of these faults is one of these databases")
    broken = sum(len(result.broken) for result in results)
    if asked.long or asked.write:
        form = "long" if asked.long else "short"
        day = datetime.date.today().isoformat()
        report.write(results, f"Written by `tests/faults/run` ({form} form) on {day}, in {time.monotonic() - began:.0f} s.")
    print(f"faults: {broken} broken promises" if broken else f"faults: all {len(results)} held", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
