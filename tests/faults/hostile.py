"""Callers who send what is dear to read: at every operation of the API document, bodies at the limit. What a request may
cost is bounded before it is spent, and given back."""

import concurrent.futures
import http.client
import json
import pathlib
import re
import time
import uuid

from calls import HORIZON, RIVAGE
from programs import server
from world import World

LIMIT, AT_A_TIME = 1 << 20, 4
# What all of them together may add to the memory at rest, in MiB, and what may be left of it after a while.
PEAK, REST, REST_SECONDS = 48, 16, 30
# Of an answer to a bad request, in bytes.
ANSWER = 64 << 10


def _fill(text):
    return text * (LIMIT // 2 // len(text))


def _bodies():
    """Each kind of body that grows on its way, and the content coding it says that it has."""
    zeros = "0," * 24_000
    return [
        ('{"%s":[%s0]}' % (_fill("k"), zeros), "identity"),
        ('{"%s":"\\u0000"}' % _fill("\\u0001"), "identity"),
        ("[" * 100 + "0" + "]" * 100, "identity"),
        (_fill('[[{"a":'), "identity"),
        ("{%s}" % ",".join(f'"{number}":0' for number in range(20_000)), "identity"),
        (_fill(" "), "gzip"),
    ]


def _operations():
    """Method, path, and media type of every operation that takes a body."""
    document = json.loads((server.ROOT / "openapi/openapi.json").read_text())
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "requestBody" in operation:
                yield method.upper(), re.sub(r"\{\w+\}", lambda _: str(uuid.uuid4()), path), next(iter(operation["requestBody"]["content"]))


def _resident(pid):
    """What the process holds now, in MiB."""
    words = pathlib.Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1]
    return int(words.split()[0]) / 1024


def _sent(port, token, method, path, media_type, body, coding):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": f"Bearer {token}", "If-Match": "*", "Content-Type": media_type, "Content-Encoding": coding}
    try:
        connection.request(method, path, body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except (BrokenPipeError, ConnectionResetError):
        # Refused while it was still being sent.
        return 400, 0
    finally:
        connection.close()


def hostile_bodies(kind, _long):
    """Bodies at the limit at every operation: small answers, others go on, and the memory comes back to rest."""
    with World(kind, "hostile bodies") as world:
        world.start()
        world.work(writers=1, readers=1, who=RIVAGE, follow=False)
        token = world.token(HORIZON)
        time.sleep(2)
        rest = _resident(world.program.pid)
        asked = [(*operation, *body) for operation in _operations() for body in _bodies()]
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            answers = list(pool.map(lambda one: _sent(world.program.port, token, *one), asked))
        peak, until = world.program.most_memory(), time.monotonic() + REST_SECONDS
        while (after := _resident(world.program.pid)) > rest + REST and time.monotonic() < until:
            time.sleep(0.5)
        refused = sum(400 <= status < 500 for status, _ in answers)
        # A file is taken and read later.
        taken = {one[2] for one, (status, _) in zip(asked, answers, strict=True) if status < 400}
        world.holds(taken <= {"text/csv"}, f"none but files is taken, but {taken}")
        world.holds(all(status < 500 for status, _ in answers), "no hostile body is answered 5xx")
        world.holds(refused > len(answers) / 2, f"most are refused, but of {len(answers)} {refused}")
        largest = max(length for status, length in answers if status >= 400)
        world.holds(largest <= ANSWER, f"an answer to a bad request has at most {ANSWER} bytes, but one had {largest}")
        world.holds(peak <= rest + PEAK, f"{len(asked)} bodies at the limit take at most {PEAK} MiB, but {peak - rest:.0f}")
        world.holds(after <= rest + REST, f"memory comes back to rest, but from {rest:.0f} to {after:.0f} MiB")
        world.notes.append(f"{len(asked)} bodies of up to 1 MiB; memory {rest:.0f} MiB at rest, {peak:.0f} at most, {after:.0f} after")
        world.only("write", {201})
        world.only("read", {200})
        world.close_account()
        return world


FAULTS = {"hostile_bodies": (hostile_bodies, ("sqlite", "postgres"))}
