"""Faults of callers who are slow on purpose: headers and bodies that come byte by byte, readers that stop reading, bodies
without end that nobody wants."""

import contextlib
import select
import socket
import statistics
import threading
import time

from report import Result
from world import World

HEADER_SECONDS, BODY_SECONDS, READER_SECONDS = 10, 30, 30
# How long a body that was refused may still be read: what may come in that time is up to the line.
DRAIN_SECONDS = 3


def _connected(port, receive=None):
    end = socket.socket()
    if receive:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    end.settimeout(10)
    end.connect(("127.0.0.1", port))
    return end


def _is_closed(end):
    """Whether the other side has ended this connection, after what it may have answered."""
    with contextlib.suppress(BlockingIOError, TimeoutError):
        while select.select([end], [], [], 0)[0]:
            try:
                if not end.recv(1 << 16):
                    return True
            except OSError:
                return True
    return False


class Slow(threading.Thread):
    """Many connections, each of which sends a byte now and then, in one thread; when each was cut."""

    def __init__(self, port, count, beginning, piece):
        super().__init__(daemon=True)
        self.port, self.count, self.beginning, self.piece = port, count, beginning, piece
        self.began, self.cut, self.left, self.over = None, [], 0, threading.Event()

    def run(self):
        ends = {}
        for _ in range(self.count):
            end = _connected(self.port)
            end.sendall(self.beginning)
            ends[end] = time.monotonic()
        while ends and not self.over.wait(0.5):
            for end, began in list(ends.items()):
                with contextlib.suppress(OSError):
                    end.sendall(self.piece)
                if _is_closed(end):
                    self.cut.append(time.monotonic() - began)
                    end.close()
                    del ends[end]
        self.left = len(ends)
        for end in ends:
            end.close()


def slow_callers(kind, long):
    """Slow headers and slow bodies, hundreds of each in the long form: cut in time, and nobody else waits."""
    count = 250 if long else 40
    # The short form sets a shorter time for bodies, and leaves it as much again for a busy machine.
    body_seconds, body_bound = (BODY_SECONDS, BODY_SECONDS) if long else (3, 6)
    with World(kind, "slow headers and bodies", body_seconds=body_seconds) as world:
        world.start()
        token = world.token()
        headers = Slow(world.program.port, count, b"GET /v1/me HTTP/1.1\r\nHost: here\r\nX-Slow: ", b"a")
        path = f"/v1/booklets/{world.some_booklet}/follow-ups"
        head = (f"POST {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                f"Content-Length: 5000\r\n\r\n{{")
        bodies = Slow(world.program.port, count, head.encode(), b" ")
        world.work(writers=2, readers=4, pace=0.1)
        time.sleep(1)
        headers.start()
        bodies.start()
        since = time.monotonic()
        time.sleep(2)
        if kind == "postgres":
            held = world.database.rows("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                                       " AND state_change < now() - interval '1 second'")[0][0]
            world.holds(held == "0", f"slow callers hold no connection to the database, but {held}")
        for name, slow, bound in (("header", headers, HEADER_SECONDS), ("body", bodies, body_bound)):
            # A byte comes every half second, and that is when a cut is seen.
            slow.join(timeout=max(0, since + bound + 5 - time.monotonic()))
            slow.over.set()
            slow.join(timeout=10)
            latest = max(slow.cut, default=0)
            world.holds(len(slow.cut) == count and latest <= bound + 1.5,
                        f"a slow {name} is cut within {bound} s, but {slow.left} of {count} never, the last after {latest:.1f} s")
        reads = [a.seconds for a in world.answers("read", since)]
        p99 = statistics.quantiles(reads, n=100)[98]
        world.notes.append(f"p99 of reads beside {2 * count} slow callers: {p99 * 1000:.0f} ms")
        if long:
            world.holds(p99 < 0.25, f"p99 of reads is below 250 ms, but {p99 * 1000:.0f} ms")
        world.only("write", {201})
        world.only("read", {200})
        world.close_account()
        return world


def endless_body(kind, long):
    """Bodies without end that are refused: too large, or of nobody. The connection is closed after a bounded drain."""
    with World(kind, "endless bodies") as world:
        world.start()
        path = f"/v1/booklets/{world.some_booklet}/follow-ups"
        known = f"Authorization: Bearer {world.token()}\r\n"
        for name, who, length in (("of nobody", "", None), ("too large", known, None), ("announced as too large", known, 1 << 45)):
            before = world.program.most_memory()
            size = f"Content-Length: {length}" if length else "Transfer-Encoding: chunked"
            head = f"POST {path} HTTP/1.1\r\nHost: here\r\n{who}Content-Type: application/json\r\n{size}\r\n\r\n"
            sent, seconds, said = _pour(world.program.port, head.encode(), is_chunked=length is None)
            mib = sent / (1 << 20)
            world.notes.append(f"a body {name}: {mib:.1f} MiB and {seconds:.1f} s until the connection was closed: {said[:12]!r}")
            world.holds(seconds <= DRAIN_SECONDS,
                        f"an endless body {name} is read for {DRAIN_SECONDS} s at most, but {mib:.0f} MiB in {seconds:.0f} s")
            grown = world.program.most_memory() - before
            world.holds(grown < 32, f"memory stays flat under a body {name}, but grew by {grown:.0f} MiB")
        return Result("endless bodies", kind, broken=world.broken, notes=world.notes)


def _pour(port, head, is_chunked):
    """Sends until the other side closes; how much, for how long, and what was answered."""
    piece = b"[" * (1 << 16)
    if is_chunked:
        piece = b"%x\r\n%b\r\n" % (len(piece), piece)
    end, sent, began, said = _connected(port), 0, time.monotonic(), b""
    try:
        end.sendall(head)
        end.setblocking(False)
        rest = memoryview(piece)
        while time.monotonic() - began < DRAIN_SECONDS + 2:
            reads, writes, _ = select.select([end], [end], [], 0.5)
            if reads:
                came = end.recv(1 << 16)
                said += came
                if not came:
                    break
            if writes:
                done = end.send(rest)
                sent, rest = sent + done, rest[done:] or memoryview(piece)
    except OSError:
        pass
    finally:
        end.close()
    return sent, time.monotonic() - began, said


def many_follow_ups(world):
    """36 MiB of them in one organization, more than the buffers of the system hold for a reader who does not read."""
    columns = "version, created_at, updated_at, organization_id, contacted_on, contact_mode, direction, author_id, duration_minutes"
    new = "randomblob(16)" if world.kind == "sqlite" else "gen_random_uuid()"
    text = "hex(zeroblob(4500))" if world.kind == "sqlite" else "repeat('0', 9000)"
    numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4000)"
    world.database.write(f"{numbers} INSERT INTO follow_ups (id, booklet_id, comment, {columns}) SELECT {new}, booklet_id, {text}, "
                         f"{columns} FROM n, (SELECT * FROM follow_ups WHERE organization_id = (SELECT organization_id FROM users "
                         "WHERE email = 'coordinatrice@horizon.example') LIMIT 1) AS one")


def stalled_reader(world, path, token):
    """Asks for something long, takes its beginning and no more; the connection."""
    end = _connected(world.program.port, receive=4096)
    end.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    first = end.recv(64)
    world.holds(first.startswith(b"HTTP/1.1 200"), f"{path} is to begin, but {first[:60]!r}")
    return end


def stalled_readers(kind, long):
    """Two readers of an export stop reading: the organization's other exports go on, at the latest once they are cut."""
    with World(kind, "stalled readers", rate_limit=100_000) as world:
        world.start()
        many_follow_ups(world)
        path, token = "/v1/exports/follow_ups?format=jsonl", world.token()
        ends = [stalled_reader(world, path, token) for _ in range(2)]
        began, answer = time.monotonic(), None
        caller = world.caller()
        while time.monotonic() - began < READER_SECONDS + 15:
            answer = caller.call("GET", path)
            if answer.status == 200:
                break
            world.holds(answer.status in (429, 503) and answer.fault() is None, f"a third export meanwhile: {answer.status} {answer.fault()}")
            time.sleep(1)
        took = time.monotonic() - began
        world.notes.append(f"the next export was served after {took:.1f} s")
        world.holds(answer.status == 200 and took <= READER_SECONDS + 5,
                    f"readers idle for {READER_SECONDS} s are cut, but the next export is {answer.status} {answer.code} after {took:.0f} s")
        for end in ends:
            end.close()
        return Result("stalled readers of an export", kind, broken=world.broken, notes=world.notes)


FAULTS = {
    "slow_callers": (slow_callers, ("sqlite", "postgres")),
    "endless_body": (endless_body, ("sqlite", "postgres")),
    "stalled_readers": (stalled_readers, ("sqlite", "postgres")),
}
