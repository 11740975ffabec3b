"""The account at the end of a fault: what was acknowledged is there, for the same process and after kill -9 and a restart;
each row was told of once; the database is sound by its own tools, and the chain of the audit trail holds."""

import collections
import time

from calls import HORIZON, PLACES, Caller, signed_in

# A refusal with this code says that the write may have been kept, and an Idempotency-Key settles it: see its page in the catalogue.
UNKNOWN = {"unavailable"}
SETTLING_SECONDS = 10
GET_SECONDS = 4
SHOUT = "no longer holds what it held"


def close(world):
    world.over.set()
    for thread in world.threads:
        thread.join(timeout=60)
        world.holds(not thread.is_alive(), "a request hangs for more than a minute")
    _settle(world)
    tally = world.tally
    world.holds(tally.acknowledged, "nothing was acknowledged at all")
    for fault, times in tally.misshapen.items():
        world.broken.append(f"{times} × {fault}")
    world.holds(not tally.doubled, f"a Location stands for one write, but {len(tally.doubled)} stood for two")
    world.only("live", {200, "refused", "cut"} if world.is_killed else {200})
    _same_process(world)
    world.memory = world.program.most_memory()
    # Answers that come late may have waited for a processor, on a machine that others use.
    waited = world.program.waited()
    if waited is not None:
        world.notes.append(f"the busiest thread of the service waited {waited:.1f} s for a processor in all")
    world.holds(world.program.is_alive(), "the process lives on")
    world.program.kill()
    if world.kind == "postgres" and not world.database.is_alive():
        world.database.start()
    began = time.monotonic()
    world.program.start()
    world.restart_seconds = time.monotonic() - began
    _rows(world)
    _feed(world)
    if fault := world.database.fault():
        world.broken.append(fault)
    status, said = world.program.asked("verify-audit", seconds=600)
    world.holds(status == 0, f"verify-audit exits with {status}: {said.strip().splitlines()[-3:]}")
    shouts = world.program.log.read_text(errors="replace").count(SHOUT)
    world.holds(not shouts, f"nobody changed the database, but the log says {shouts} × that somebody did")


def _settle(world):
    """Whatever was asked for under a key has an answer in the end."""
    deadline = time.monotonic() + SETTLING_SECONDS
    answer = None
    for text, writer in list(world.tally.open.items()):
        while text in world.tally.open and time.monotonic() < deadline:
            answer = writer.write(text, world.tally.sent[text])
            if answer.status != 201:
                time.sleep(0.05)
    left = len(world.tally.open)
    world.holds(not left, f"an Idempotency-Key settles what had no answer, but {left} got none"
                f"{f', {answer.status} {answer.code} at last' if answer else ''}")


def _same_process(world):
    """Each Location, asked of the process that gave it, for as long as patience lasts."""
    callers = {place: world.caller(who) for place, who in PLACES.items()}
    statuses, asked = collections.Counter(), 0
    deadline = time.monotonic() + GET_SECONDS
    locations = list(world.tally.acknowledged)
    # The last ones first, then across the whole.
    newest, older = locations[-100:], locations[:-100]
    for location in [*newest, *older[::7], *(one for n, one in enumerate(older) if n % 7)]:
        if time.monotonic() > deadline:
            break
        asked += 1
        place = world.tally.acknowledged[location].split("-")[2]
        statuses[callers[place].call("GET", location).status] += 1
    found = statuses.pop(200, 0)
    world.found_by_same = (found, asked)
    world.holds(not statuses, f"the same process finds what it acknowledged, but {asked} times GET was answered {dict(statuses)}")


def _digits(location):
    return location.rsplit("/", 1)[1].replace("-", "")


def _rows(world):
    """What the database itself holds."""
    tally = world.tally
    id_of, about = world.database.digits.format("id"), world.database.digits.format("resource_id")
    rows = world.database.rows(f"SELECT {id_of}, substr(comment, 1, 80) FROM follow_ups WHERE comment LIKE 'faults-%'")
    by_text = collections.defaultdict(list)
    for id_, comment in rows:
        by_text[comment.split(" ")[0]].append(id_)
    kept = [location for location, text in tally.acknowledged.items() if _digits(location) in by_text[text]]
    world.found_after = len(kept)
    lost = len(tally.acknowledged) - len(kept)
    world.holds(not lost, f"LOST: {lost} of {len(tally.acknowledged)} acknowledged rows are gone after kill -9")
    twice = sum(len(ids) > 1 for ids in by_text.values())
    world.holds(not twice, f"a write has one effect, but {twice} have two")
    strangers = [text for text in by_text if by_text[text] and text not in tally.sent]
    world.holds(not strangers, f"{len(strangers)} rows were never sent")
    kept_though_refused = collections.Counter(
        f"{answer.status} {answer.code}" for text, answer in tally.refused.items()
        if by_text[text] and answer.is_whole and answer.code not in UNKNOWN)
    world.holds(not kept_though_refused, f"what is refused changes nothing, but rows are kept of {dict(kept_though_refused)}")
    events = world.database.rows(
        f"SELECT {about}, count(*) FROM events WHERE kind = 'follow_up.created' GROUP BY resource_id")
    told = {id_: int(times) for id_, times in events}
    ids = {id_ for id_, _ in rows}
    wrong = sum(told.get(id_, 0) != 1 for id_ in ids)
    world.holds(not wrong, f"each row has one event, but {wrong} of {len(ids)} have none or several")
    all_rows = {id_ for id_, in world.database.rows(f"SELECT {id_of} FROM follow_ups")}
    ghosts = len([id_ for id_ in told if id_ not in all_rows])
    deleted = int(world.database.rows("SELECT count(*) FROM events WHERE kind = 'follow_up.deleted'")[0][0])
    world.holds(ghosts <= deleted, f"{ghosts} events tell of rows that are not there")


def _feed(world):
    """What is told to those who follow the changes."""
    caller = Caller(world.program.port, signed_in(world.program.port, HORIZON))
    told, after = collections.Counter(), world.feed_begins
    while True:
        page = caller.call("GET", f"/v1/changes?limit=100&after={after}")
        if page.status != 200:
            log = world.program.log.read_text(errors="replace").splitlines()
            told = [line for line in log if "ERROR" in line][-1:]
            world.broken.append(f"the feed of changes answers {page.status} {page.code}: {told}")
            return
        page = page.json()
        told.update(change["resource_id"] for change in page["items"] if change["type"] == "follow_up.created")
        if not page["items"]:
            break
        after = page["next"]
    ids = [location.rsplit("/", 1)[1] for location, text in world.tally.acknowledged.items() if "-horizon" in text]
    wrong = sum(told[id_] != 1 for id_ in ids)
    world.holds(not wrong, f"the feed tells of each acknowledged row once, but not of {wrong} of {len(ids)}")
