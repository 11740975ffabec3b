"""A TCP proxy before PostgreSQL that can stop forwarding, without a word, or reset all that goes through it. One thread
owns every socket."""

import contextlib
import queue
import selectors
import socket
import struct
import threading

# What is held back of one direction before it is no longer read.
HELD = 1 << 20


class Proxy:
    def __init__(self, port):
        self.to, self.flows, self.tasks = port, True, queue.Queue()
        self.ends = {}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.wakes, self.woken = socket.socketpair()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.is_over = False
        threading.Thread(target=self._run, daemon=True).start()

    def stall(self):
        """Bytes that come are held back; new connections are accepted by the system, and nothing more."""
        self._do(lambda: setattr(self, "flows", False))

    def flow(self):
        self._do(lambda: setattr(self, "flows", True))

    def reset(self):
        """Every connection ends at once, as when a machine between the two has restarted; how many they were."""
        return self._do(lambda: len([self._end(end) for end in list(self.ends)]) // 2)

    def close(self):
        self._do(lambda: setattr(self, "is_over", True))

    def _do(self, task):
        answer = queue.Queue()
        self.tasks.put((task, answer))
        self.wakes.send(b"!")
        return answer.get(timeout=10)

    def _run(self):
        while not self.is_over:
            for key, events in self.selector.select(0.5):
                if key.fileobj is self.woken:
                    self.woken.recv(64)
                    while not self.tasks.empty():
                        task, answer = self.tasks.get()
                        answer.put(task())
                elif key.fileobj is self.listener:
                    self._accept() if self.flows else threading.Event().wait(0.005)
                elif key.fileobj in self.ends:
                    self._move(key.fileobj, events)
            self._watch()
        for end in list(self.ends):
            self._end(end)
        self.listener.close()

    def _accept(self):
        here, _ = self.listener.accept()
        try:
            there = socket.create_connection(("127.0.0.1", self.to), timeout=2)
        except OSError:
            here.close()
            return
        for end, other in ((here, there), (there, here)):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # The other end, and what is still to be sent to this one.
            self.ends[end] = (other, bytearray())
            self.selector.register(end, selectors.EVENT_READ)

    def _move(self, end, events):
        other, _ = self.ends[end]
        try:
            if events & selectors.EVENT_READ:
                piece = end.recv(1 << 16)
                if not piece:
                    return self._end(end, other)
                self.ends[other][1].extend(piece)
            for to in (end, other):
                waiting = self.ends[to][1]
                if self.flows and waiting:
                    with contextlib.suppress(BlockingIOError):
                        del waiting[: to.send(waiting)]
        except OSError:
            self._end(end, other)

    def _watch(self):
        """What each end waits for now."""
        for end, (other, waiting) in self.ends.items():
            reads = selectors.EVENT_READ if len(self.ends[other][1]) < HELD else 0
            writes = selectors.EVENT_WRITE if waiting and self.flows else 0
            if self.selector.get_key(end).events != (reads | writes) and reads | writes:
                self.selector.modify(end, reads | writes)

    def _end(self, *ends):
        for end in ends:
            if self.ends.pop(end, None) is not None:
                self.selector.unregister(end)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.close()
