"""Faults of the disk: full, failing fsync, read-only, and a SQLite file that is taken away or replaced."""

import os
import shutil
import subprocess
import time

from world import World


def full(kind, long):
    """Small tmpfs, filled to the last page under 8 writers, and freed again."""
    with World(kind, "disk full", disk_size=12 if kind == "sqlite" else 160) as world:
        world.start()
        world.work(writers=8, readers=4)
        time.sleep(3 if long else 1.5)
        for _ in range(3 if long else 1):
            world.disk.fill()
            world.breaks()
            # Pages that are there already are still written to; the log of the database grows until nothing fits.
            deadline = time.monotonic() + 20
            while not _refused(world) and time.monotonic() < deadline:
                time.sleep(0.05)
            if kind == "postgres" and not world.database.is_alive():
                world.notes.append("PostgreSQL had ended by itself and was started again")
            time.sleep(5 if long else 2)
            world.disk.free()
            if kind == "postgres":
                if not world.database.is_alive():
                    world.database.start()
                world.database.wait()
            world.is_mended()
            world.recovers(within=2)
            world.felt()
            time.sleep(3 if long else 1.5)
        world.only("write", {201, 503, 507})
        # PostgreSQL ends itself when its own log does not fit; then there is nothing to read.
        is_away = kind == "postgres" and "PANIC" in (world.database.data / "log").read_text()
        world.only("read", {200, 503} if is_away else {200})
        world.within(None, 5)
        world.close_account()
        return world


def _refused(world):
    return any(answer.status != 201 for answer in world.answers("write", world.broke_at))


class Failing:
    """strace, which lets system calls fail from now on: the one with this number in each thread, or all for as long as it stays."""

    def __init__(self, program, when, calls="fsync,fdatasync", error="EIO"):
        what = f"inject={calls}:error={error}:when={when}"
        command = ["strace", "-f", "-qq", "-o", program.log.with_name("strace"), "-e", f"trace={calls}", "-e", what]
        self.said = program.log.with_name("strace")
        self.said.unlink(missing_ok=True)
        self.process = subprocess.Popen([*command, "-p", str(program.pid)], stderr=subprocess.PIPE)

    def injected(self):
        return self.said.read_text(errors="replace").count("INJECTED") if self.said.exists() else 0

    def wait(self, seconds=10):
        """Until it has made one fail; when, or nothing."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.injected():
                return True
            time.sleep(0.01)
        return False

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def fsync_once(kind, long):
    """One fsync of the writer fails: the first, then the second, and so on."""
    return _fsync(kind, long, is_once=True)


def fsync_always(kind, long):
    """No fsync succeeds for a while: nothing may be acknowledged in it."""
    return _fsync(kind, long, is_once=False)


def remounted(kind, long):
    """The file system turns read-only under the open file, as after an error of the disk: reads go on, no write is acknowledged."""
    return _fails(kind, long, "remounted read-only", calls="pwrite64", error="EROFS")


def _fsync(kind, long, is_once):
    return _fails(kind, long, "fsync fails once" if is_once else "fsync fails for a while", is_once)


def _fails(kind, long, name, is_once=False, **what):
    with World(kind, name) as world:
        world.start()
        world.work(writers=8, readers=4)
        for number in range(1, (12 if long else 4 if is_once else 1) + 1):
            time.sleep(0.7)
            failing = Failing(world.program, f"{number}" if is_once else "1+", **what)
            try:
                world.holds(failing.wait(), "strace was to make a call fail, but made none")
                world.breaks()
                if not is_once:
                    # What had passed before the first failure may still be on its way out.
                    time.sleep(0.2)
                    since = time.monotonic()
                    time.sleep(6 if long else 2.5)
                    until = time.monotonic()
                    kept = [a for a in world.answers("write") if a.status == 201 and since < a.ended < until]
                    world.holds(not kept, f"no write is acknowledged while it fails, but {len(kept)} were")
            finally:
                failing.end()
            world.is_mended()
            world.recovers(within=2)
        time.sleep(2)
        world.only("write", {201, 503, 507})
        world.only("read", {200})
        world.within(None, 5)
        world.close_account()
        return world


FAULTS = {
    "disk_full": (full, ("sqlite", "postgres")),
    "fsync_once": (fsync_once, ("sqlite",)),
    "fsync_always": (fsync_always, ("sqlite",)),
    "remounted": (remounted, ("sqlite",)),
}
