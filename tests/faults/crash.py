"""Faults of processes: the service is killed, PostgreSQL restarts, and the service is told to end."""

import os
import random
import signal
import threading
import time

from world import World

SEED = int(os.environ.get("LIVRET_SEED", "20261130"))


def killed(kind, long):
    """SIGKILL again and again under 8 writers."""
    with World(kind, "SIGKILL") as world:
        world.is_killed = True
        world.start()
        world.work(writers=8, readers=4)
        chance, slowest = random.Random(SEED), 0
        for _ in range(40 if long else 4):
            time.sleep(0.2 + chance.random())
            world.breaks()
            world.program.kill()
            time.sleep(chance.random() * 0.3)
            began = time.monotonic()
            world.program.start()
            slowest = max(slowest, time.monotonic() - began)
            world.is_mended()
            world.recovers(within=1)
        world.holds(slowest <= 1, f"it is up again within 1 s, but once it took {slowest:.1f} s")
        world.notes.append(f"up again after {slowest:.2f} s at most")
        world.felt()
        world.only("write", {201, "cut", "refused"})
        world.only("read", {200, "cut", "refused"})
        world.close_account()
        return world


def immediate_restart(kind, long):
    """`pg_ctl -m immediate restart`, as after a crash."""
    with World(kind, "immediate restart") as world:
        world.start()
        world.work(writers=8, readers=4)
        for _ in range(10 if long else 2):
            time.sleep(1)
            before = world.database.rows("SELECT pg_postmaster_start_time()")
            world.breaks()
            world.database.control("-w", "-m", "immediate", "restart")
            world.is_mended()
            world.recovers(within=1)
            world.holds(before != world.database.rows("SELECT pg_postmaster_start_time()"), "PostgreSQL was to restart, but did not")
        time.sleep(1)
        world.only("write", {201, 503})
        world.only("read", {200, 503})
        world.within(None, 5)
        world.close_account()
        return world


def terminated(kind, long):
    """SIGTERM under load, as an orchestrator does it: it stops sending once ready says 503."""
    with World(kind, "SIGTERM", drain_seconds=1) as world:
        world.is_killed = True
        world.start()
        for _ in range(8 if long else 2):
            world.over.clear()
            world.work(writers=8, readers=8, pace=0.02, follow=False)
            waiting = []
            caller = world.caller()
            path = f"/v1/changes?wait=30&after={caller.call('GET', '/v1/changes?after=latest').json()['next']}"
            waits = threading.Thread(target=lambda: waiting.append(caller.call("GET", path)), daemon=True)
            time.sleep(1)
            waits.start()
            time.sleep(0.3)
            seen = len(world.program.log.read_text(errors="replace"))
            began = time.monotonic()
            os.kill(world.program.pid, signal.SIGTERM)
            ready = world.caller()
            while ready.call("GET", "/health/ready").status == 200 and time.monotonic() < began + 5:
                time.sleep(0.02)
            world.over.set()
            status = world.program.ended(15)
            took = time.monotonic() - began
            world.holds(status == 0, f"it exits with 0, but with {status}")
            world.holds(took <= 10, f"it ends within 10 s of SIGTERM, but took {took:.1f} s")
            for thread in world.threads:
                thread.join(timeout=20)
            world.threads.clear()
            waits.join(timeout=20)
            world.holds(waiting and waiting[0].status == 200, f"a call that waits for changes is answered, but {waiting}")
            log = world.program.log.read_text(errors="replace")[seen:]
            told = [line for line in log.splitlines() if "ERROR" in line]
            world.holds(not told, f"it ends without an error, but logs {len(told)}, first {told[:1]}")
            world.program.start()
        world.only("write", {201})
        world.only("read", {200})
        world.over.clear()
        world.close_account()
        return world


FAULTS = {
    "killed": (killed, ("sqlite", "postgres")),
    "immediate_restart": (immediate_restart, ("postgres",)),
    "terminated": (terminated, ("sqlite", "postgres")),
}
