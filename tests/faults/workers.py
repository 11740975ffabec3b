"""The threads that write and read while something breaks, and the book in which they note every answer."""

import collections
import threading
import time
import uuid

from calls import Caller

# What is written is long enough that a small disk fills within seconds.
PADDING = " La rencontre est reportée." * 40


class Tally:
    def __init__(self):
        self.answers, self.lock = [], threading.Lock()
        # Writes: text → key or nothing. Acknowledged: Location → text. Open: text → the request, to be asked again.
        self.sent, self.acknowledged, self.open, self.refused = {}, {}, {}, {}
        self.misshapen, self.doubled = collections.Counter(), []

    def note(self, kind, answer):
        if fault := answer.fault():
            self.misshapen[fault] += 1
        self.answers.append((kind, answer))
        return answer

    def acknowledge(self, location, text):
        with self.lock:
            if self.acknowledged.get(location, text) != text:
                self.doubled.append(location)
            self.acknowledged[location] = text


class Worker(threading.Thread):
    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.tally = world, world.tally

    def run(self):
        while not self.world.over.is_set():
            try:
                self.turn()
            except Exception as error:  # noqa: BLE001
                self.world.broken.append(f"the check itself failed: {type(error).__name__} {error}")
                return


class Writer(Worker):
    """Writes follow-ups, every other one under an Idempotency-Key: with it, it asks again until there is an answer."""

    def __init__(self, world, caller, name, booklet, pace, kind="write", is_fresh=False, rest=0.05):
        super().__init__(world)
        self.caller, self.booklet, self.pace, self.kind, self.is_fresh = caller, booklet, pace, kind, is_fresh
        # How long it rests after a refusal.
        self.rest = rest
        self.word, self.count, self.pending = f"faults-{uuid.uuid4().hex[:8]}-{name}", 0, None

    def turn(self):
        if self.pending is None:
            self.count += 1
            text = f"{self.word}-{self.count}"
            key = uuid.uuid4().hex if self.count % 2 == 0 else None
            self.tally.sent[text] = key
            self.pending = (text, key)
        answer = self.write(*self.pending)
        if self.is_fresh:
            self.caller.close()
        if answer.status == 201:
            self.pending = None
            time.sleep(self.pace)
            return
        text, key = self.pending
        if key is None:
            self.tally.refused[text] = answer
            self.pending = None
        else:
            self.tally.open[text] = self
        time.sleep(self.rest)

    def write(self, text, key):
        path = f"/v1/booklets/{self.booklet}/follow-ups"
        body = {"contacted_on": "2026-11-20", "contact_mode": "phone", "comment": text + PADDING}
        answer = self.tally.note(self.kind, self.caller.call("POST", path, body, **({"Idempotency-Key": key} if key else {})))
        if answer.status == 201:
            location = answer.headers.get("location")
            if not location:
                self.world.broken.append("a 201 has no Location")
            self.tally.acknowledge(location, text)
            self.tally.open.pop(text, None)
        return answer


class Reader(Worker):
    """Reads lists and objects."""

    def __init__(self, world, caller, booklet):
        super().__init__(world)
        self.caller, self.kind = caller, "read"
        self.paths, self.turns = ["/v1/booklets?limit=5", f"/v1/booklets/{booklet}", f"/v1/booklets/{booklet}/follow-ups?limit=5"], 0

    def turn(self):
        self.turns += 1
        self.tally.note(self.kind, self.caller.call("GET", self.paths[self.turns % len(self.paths)]))
        time.sleep(0.05)


class Follower(Worker):
    """Asks whether the service lives and is ready, as an orchestrator does."""

    def __init__(self, world):
        super().__init__(world)
        self.caller = Caller(world.program.port)

    def turn(self):
        for kind in ("live", "ready"):
            self.tally.note(kind, self.caller.call("GET", f"/health/{kind}"))
        time.sleep(0.1)
