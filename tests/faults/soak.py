"""An hour of quiet work, in which the service's own housekeeping comes twice: nothing grows but the data."""

import os
import pathlib
import time

from world import World

# The housekeeping comes at the start and after an hour.
MINUTES = 62
# What an access token lasts is 15 minutes.
SIGN_IN_EVERY = 600
LOG_MOST = 20


def _held(world):
    """What the process holds now: memory in MiB, open files, threads, and SQLite's log in MiB."""
    of = pathlib.Path(f"/proc/{world.program.pid}")
    words = dict(line.split(":", 1) for line in (of / "status").read_text().splitlines())
    log = world.disk.path / "livret.db-wal"
    return {
        "memory": int(words["VmRSS"].split()[0]) / 1024,
        "files": len(list((of / "fd").iterdir())),
        "threads": int(words["Threads"]),
        "log": log.stat().st_size / 2**20 if log.exists() else 0,
    }


def _sign_in_again(world):
    """The callers go on with new tokens: those that they have run out."""
    world.tokens.clear()
    for thread in world.threads:
        if thread.caller.token:
            thread.caller.token = world.token()


def soak(kind, long):
    """An hour of quiet work (LIVRET_SOAK_MINUTES): no refusal, and neither memory, files, threads nor SQLite's log grow."""
    minutes = float(os.environ.get("LIVRET_SOAK_MINUTES", MINUTES if long else 1))
    # An hour of it is more than a booklet may hold.
    with World(kind, "soak", booklet_rows=1_000_000) as world:
        world.start()
        world.work(writers=3, readers=4, pace=1.5)
        end, signed_in, seen = time.monotonic() + minutes * 60, time.monotonic(), []
        while time.monotonic() < end:
            time.sleep(minutes * 60 / 20)
            seen.append(_held(world))
            if time.monotonic() - signed_in > SIGN_IN_EVERY:
                _sign_in_again(world)
                signed_in = time.monotonic()
        # The first quarter fills caches and pools.
        settled, last = seen[: len(seen) // 2], seen[-len(seen) // 4:]
        for what, more in (("memory", 16), ("files", 8), ("threads", 4)):
            before, after = max(one[what] for one in settled), min(one[what] for one in last)
            world.holds(after <= before + more, f"{what} do not grow, but from {before:.0f} to {after:.0f}")
        log = max(one["log"] for one in seen)
        world.holds(log <= LOG_MOST, f"SQLite's log stays below {LOG_MOST} MiB, but had {log:.0f}")
        memory = ", ".join(f"{one['memory']:.0f}" for one in seen)
        world.notes.append(f"{minutes:.0f} minutes; memory {memory} MiB")
        world.only("write", {201})
        world.only("read", {200})
        world.close_account()
        return world


FAULTS = {"soak": (soak, ("sqlite", "postgres"))}
