"""People who write and read through one address, and what is owed to them."""

import collections
import itertools
import threading
import time

from calls import HORIZON, Caller, signed_in
from machines import until

BODY = {"contacted_on": "2026-03-14", "contact_mode": "phone"}


class Work:
    """Writers that repeat a write with its key until it is acknowledged, and readers, until the end of the block."""

    def __init__(self, machines, port, name, writers=6, readers=4):
        self.machines, self.port, self.name = machines, port, name
        self.over, self.lock = threading.Event(), threading.Lock()
        self.acknowledged, self.taken = [], []
        self.writes, self.reads = collections.Counter(), collections.Counter()
        self.token = signed_in(port, HORIZON)
        page = Caller(port, self.token).call("GET", "/v1/booklets?limit=100").json()
        self.booklets = [booklet["id"] for booklet in page["items"] if booklet["state"] not in ("closed", "withdrawn")]
        self.threads = [threading.Thread(target=self._write, args=[n], daemon=True) for n in range(writers)]
        self.threads += [threading.Thread(target=self._read, args=[n], daemon=True) for n in range(readers)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(2)
        return self

    def __exit__(self, *_):
        time.sleep(2)
        self.over.set()
        self.ended = time.monotonic()
        for thread in self.threads:
            thread.join(timeout=60)

    def _write(self, writer):
        caller, number = Caller(self.port, self.token), 0
        path = f"/v1/booklets/{self.booklets[writer % len(self.booklets)]}/follow-ups"
        while not self.over.is_set():
            number += 1
            comment = f"{self.name} {writer} {number}"
            attempts = 0
            while not self.over.is_set():
                attempts += 1
                answer = caller.call("POST", path, {**BODY, "comment": comment}, idempotency_key=comment.replace(" ", "-"))
                with self.lock:
                    self.writes[self._kind(answer)] += 1
                    if answer.status == 201:
                        self.acknowledged.append(comment)
                        # A repeated write may be answered from what a standby has: it is no sign that writes are taken.
                        if attempts == 1:
                            self.taken.append(answer.ended)
                if answer.status == 201:
                    break
                time.sleep(0.1)
            # All of them stay below the 5,000 answers that one person has kept under a key.
            time.sleep(0.06)

    def _read(self, reader):
        caller = Caller(self.port, self.token)
        booklet = f"/v1/booklets/{self.booklets[reader % len(self.booklets)]}"
        paths = itertools.cycle([booklet, f"{booklet}/full", f"{booklet}/follow-ups", "/v1/booklets?limit=20", "/v1/to-do", "/v1/changes?limit=10"])
        while not self.over.is_set():
            answer = caller.call("GET", next(paths))
            with self.lock:
                self.reads[self._kind(answer)] += 1
            time.sleep(0.02 if answer.status == 200 else 0.1)

    @staticmethod
    def _kind(answer):
        return answer.status if answer.is_whole and answer.status < 300 else f"{answer.status} {answer.code or ''}".strip()

    def goes_on(self):
        """Until a write is taken that was not yet when this began."""
        before = len(self.taken)
        until(lambda: len(self.taken) > before)

    def gap(self):
        """The longest time without a new write that was taken at once, in seconds."""
        times = [*sorted(self.taken), self.ended]
        return max(after - before for before, after in zip(times, times[1:], strict=False))

    def lost(self, port):
        """Writes that were acknowledged and are not there, and those that are there twice."""
        said = self.machines.ask(port, f"SELECT comment FROM follow_ups WHERE comment LIKE '{self.name} %'")
        there = collections.Counter(said.splitlines())
        return sum(comment not in there for comment in self.acknowledged), sum(count > 1 for count in there.values())

    def others(self):
        """What was answered but for 2xx, of writes and of reads."""
        told = [f"{count} × {kind}" for counter in (self.writes, self.reads) for kind, count in counter.items() if not isinstance(kind, int)]
        return ", ".join(told) or "none"
