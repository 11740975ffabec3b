"""Random faults at random moments under random writers: in the end what was acknowledged is kept, each row was told of
once, and the chain holds. LIVRET_SEED plays the same choices again."""

import contextlib
import os
import random
import signal
import sqlite3
import time

from calls import RIVAGE
from crash import SEED
from disk import Failing
from proxy import Proxy
from world import World

# Not more rounds in one world: a person has 5,000 kept answers, and a quick disk takes as many keys in a hundred rounds.
ROUNDS, IN_ONE_WORLD = {False: 12, True: 2000}, 50


class Breaker:
    """What may break on one database; each does so for a random while, and mends it."""

    def __init__(self, world, chance, proxy):
        self.world, self.chance, self.proxy = world, chance, proxy
        self.kinds = [self.kill, self.kill_twice, self.stop_service, self.fill]
        if world.kind == "sqlite":
            self.kinds += [self.fsync_once, self.fsync_always, self.hold_file]
        else:
            self.kinds += [self.reset, self.stall, self.restart, self.terminate_backends, self.hold_row, self.stop_postgres]

    def some(self, most=0.4):
        time.sleep(self.chance.random() * most)

    def kill(self):
        self.world.program.kill()
        self.some(0.1)
        self.world.program.start()

    def kill_twice(self):
        self.world.program.kill()
        self.world.program.start(wait=False)
        self.some()
        self.kill()

    def stop_service(self):
        os.kill(self.world.program.pid, signal.SIGSTOP)
        self.some()
        os.kill(self.world.program.pid, signal.SIGCONT)

    def fill(self):
        self.world.disk.fill()
        self.some(1)
        self.world.disk.free()
        if self.world.kind == "postgres":
            if not self.world.database.is_alive():
                self.world.database.start()
            self.world.database.wait()

    def _fsync(self, when, most):
        fsync = Failing(self.world.program, when)
        fsync.wait(1)
        self.some(most)
        fsync.end()

    def fsync_once(self):
        self._fsync(str(self.chance.randint(1, 6)), 0.2)

    def fsync_always(self):
        self._fsync("1+", 0.6)

    def hold_file(self):
        with contextlib.closing(sqlite3.connect(self.world.database.path, isolation_level=None, timeout=5)) as db:
            db.execute(self.chance.choice(["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"]))
            self.some(1)
            db.execute("ROLLBACK")

    def reset(self):
        for _ in range(self.chance.randint(1, 4)):
            self.proxy.reset()
            self.some(0.1)

    def stall(self):
        self.proxy.stall()
        self.some(self.chance.choice([0.3, 1, 6]))
        if self.chance.random() < 0.5:
            self.proxy.reset()
        self.proxy.flow()

    def restart(self):
        self.world.database.control("-w", "-m", self.chance.choice(["immediate", "fast"]), "restart")

    def terminate_backends(self):
        them = "backend_type = 'client backend' AND pid <> pg_backend_pid() AND hashtext(pid::text) % 2 = 0"
        self.world.database.rows(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {them}")

    def hold_row(self):
        seconds = round(self.chance.random() * 2, 2)
        taken = f"SELECT 1 FROM booklets WHERE id = '{self.world.some_booklet}' FOR UPDATE"
        self.world.database.psql("BEGIN", taken, f"SELECT pg_sleep({seconds})", "COMMIT").communicate(timeout=30)

    def stop_postgres(self):
        self.world.database.signal(signal.SIGSTOP)
        self.some(self.chance.choice([0.3, 1]))
        self.world.database.signal(signal.SIGCONT)


def at_random(kind, long):
    """Random faults under random writers, seeded; thousands of rounds in the long form."""
    rounds = int(os.environ.get("LIVRET_ROUNDS", ROUNDS[long]))
    chance, done, last, broken, counts = random.Random(f"{SEED}{kind}"), 0, None, [], {}
    while done < rounds:
        last = _world(kind, chance, min(IN_ONE_WORLD, rounds - done), counts)
        done += IN_ONE_WORLD
        if last.broken:
            last.broken.append(f"LIVRET_SEED={SEED} plays this again")
            break
    last.notes += [f"LIVRET_SEED={SEED}: {', '.join(f'{times} × {name}' for name, times in sorted(counts.items()))}"]
    if rounds > IN_ONE_WORLD:
        last.notes.append(f"{min(done, rounds)} rounds; the numbers are those of the last {IN_ONE_WORLD}")
    return last


def _world(kind, chance, rounds, counts):
    proxies = []

    def database_url(database):
        proxies.append(Proxy(database.port))
        return database.at(proxies[0].port)

    with contextlib.ExitStack() as ends:
        through = {"database_url": database_url} if kind == "postgres" else {}
        # Writers of many rounds write more than a booklet may hold.
        size = 48 if kind == "sqlite" else 256
        world = ends.enter_context(World(kind, "at random", disk_size=size, booklet_rows=1_000_000, **through))
        if proxies:
            ends.callback(proxies[0].close)
        world.is_killed = True
        world.start()
        writers = chance.randint(2, 8)
        world.work(writers=writers, readers=2, pace=0.01)
        world.work(writers=2, readers=1, who=RIVAGE, pace=0.05, follow=False)
        breaker = Breaker(world, chance, proxies[0] if proxies else None)
        for number in range(rounds):
            # Each kind once before any comes again, so that a short run has them all.
            if number % len(breaker.kinds) == 0:
                order = chance.sample(breaker.kinds, len(breaker.kinds))
            breaks = order[number % len(order)]
            counts[breaks.__name__] = counts.get(breaks.__name__, 0) + 1
            time.sleep(chance.random() * 0.3)
            breaks()
        world.is_mended()
        # Nobody hammers: what is tried again waits for a second at most.
        world.recovers(within=5)
        time.sleep(0.5)
        world.only("write", {201, 409, 503, 504, 507, "cut", "refused"})
        world.only("read", {200, 503, 504, "cut", "refused"})
        world.close_account()
        return world


FAULTS = {"at_random": (at_random, ("sqlite", "postgres"))}
