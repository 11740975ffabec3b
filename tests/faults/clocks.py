"""Faults of the clock and of the calendar: a clock that is wrong (libfaketime), other time zones, the nights when Paris
changes its hour."""

import datetime
import glob
import json
import re
import time

from calls import HORIZON, Caller, signed_in
from programs import Program
from report import Result
from world import World

# A token lasts for 900 s; 30 s of difference between two clocks are forgiven, no more.
LIFE = 900
OFFSETS = [(-3600, False), (-90, False), (-20, True), (20, True), (90, True), (LIFE + 15, True), (LIFE + 90, False), (3600, False)]
SHORT = [-3600, -90, -20, LIFE + 15, LIFE + 90]
ZONES = ["UTC", "Pacific/Auckland", "America/Cayenne"]
# A minute before and after Paris changes its hour, in UTC.
NIGHTS = ["2027-03-28T00:59:00", "2027-03-28T01:01:00", "2026-10-25T00:59:00", "2026-10-25T01:01:00"]
PATHS = ["/v1/booklets?limit=100", "/v1/candidates?limit=100", "/v1/users?limit=100", "/v1/changes?limit=100", "/v1/me",
         "/v1/booklets/{booklet}", "/v1/booklets/{booklet}/follow-ups?limit=100", "/v1/booklets/{booklet}/contracts",
         "/v1/booklets/{booklet}/action-sheets?limit=100", "/v1/exports/candidates?format=csv", "/v1/exports/booklets?format=jsonl"]


def _at(seconds, zone="UTC"):
    """The variables of a process whose clock is wrong by so many seconds."""
    library = max(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": library, "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": zone,
            "FAKETIME_NO_CACHE": "1"}


def _is_shifted(program, seconds):
    """Whether the fault took place: the Date of an answer."""
    date = Caller(program.port).call("GET", "/health/live").headers["date"]
    told = datetime.datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=datetime.timezone.utc)
    return abs(told.timestamp() - time.time() - seconds) < 5


def wrong_clock(kind, long):
    """A token is shown to an instance whose clock differs; an instance with a wrong clock writes."""
    with World(kind, "wrong clock") as world:
        world.start()
        token = world.token()
        for offset, is_taken in OFFSETS:
            if not long and offset not in SHORT:
                continue
            other = Program(world.home, world.database.url, {"public_url": world.program.url}, variables=_at(offset))
            try:
                other.start()
                world.holds(_is_shifted(other, offset), f"the clock was to be wrong by {offset} s, but was not")
                # A token of this very moment, so that its age is that of the difference.
                token = signed_in(world.program.port, HORIZON)
                answer = Caller(other.port, token).call("GET", "/v1/me")
                world.holds(answer.status == (200 if is_taken else 401),
                            f"a token is {'taken' if is_taken else 'refused'} {offset:+d} s off, but {answer.status} {answer.code}")
                world.holds(answer.fault() is None, answer.fault())
                if abs(offset) == 90 or offset == -3600:
                    mine = Caller(other.port, signed_in(other.port, HORIZON))
                    written = mine.call("POST", f"/v1/booklets/{world.some_booklet}/follow-ups",
                                        {"contacted_on": "2026-11-20", "contact_mode": "phone", "comment": "À l'heure."})
                    world.holds(written.status == 201, f"{offset:+d} s off a write is {written.status} {written.code}")
            finally:
                other.kill()
        world.work(writers=2, readers=1)
        time.sleep(0.7)
        world.only("write", {201})
        world.close_account()
        return world


def _answers(program, booklet):
    """The bytes of many answers, without what names the process or the moment."""
    caller = Caller(program.port, signed_in(program.port, HORIZON))
    said = {}
    for path in PATHS:
        answer = caller.call("GET", path.format(booklet=booklet))
        # When one last logged in is of the moment.
        said[path] = (answer.status, re.sub(rb'"((?:last|previous)_login_at)":(?:"[^"]*"|null)', rb'"\1":0', answer.body))
    return said


def _written(program, booklet):
    """Civil dates as they come back: they never shift by a day."""
    caller = Caller(program.port, signed_in(program.port, HORIZON))
    back = []
    for day in ("2026-03-29", "2026-10-25", "2026-01-01", "2024-02-29", "2026-11-20"):
        body = {"contacted_on": day, "contact_mode": "phone", "comment": "Rendez-vous."}
        answer = caller.call("POST", f"/v1/booklets/{booklet}/follow-ups", body)
        if answer.status == 201:
            again = caller.call("GET", answer.headers["location"]).json()["contacted_on"]
            back.append((day, answer.json()["contacted_on"], again))
        else:
            back.append((day, answer.status, [fault.get("code") for fault in answer.json().get("errors", [])]))
    return back


def zones(kind, long):
    """The same answers, byte for byte, whatever the zone of the process, in the nights when Paris changes its hour too."""
    with World(kind, "time zones") as world:
        world.start()
        booklet, compared = world.some_booklet, 0
        world.program.stop()
        for night in [None, *NIGHTS] if long else [None, NIGHTS[0], NIGHTS[3]]:
            now = datetime.datetime.now(datetime.timezone.utc).timestamp()
            offset = 0 if night is None else int(datetime.datetime.fromisoformat(night + "+00:00").timestamp() - now)
            first = dates = None
            for zone in ZONES if long or night is None else ZONES[1:]:
                program = Program(world.home, world.database.url, {"public_url": world.program.url}, variables=_at(offset, zone))
                try:
                    program.start()
                    world.holds(_is_shifted(program, offset), f"it was to be {night}, but was not")
                    said = _answers(program, booklet)
                    wrote = _written(program, booklet) if night is None else None
                finally:
                    program.stop()
                where = f"in {zone}{f' at {night}' if night else ''}"
                failed = [path for path, (status, _) in said.items() if status != 200]
                world.holds(not failed, f"{where} some answers are no 200: {failed}")
                if wrote is not None:
                    shifted = [row for row in wrote if isinstance(row[1], str) and set(row) != {row[0]}]
                    world.holds(not shifted, f"{where} a civil date shifts: {shifted}")
                    world.holds(any(isinstance(row[1], str) for row in wrote), f"{where} no date was taken: {wrote[:2]}")
                    world.holds(dates in (None, wrote), f"{where} other dates are taken: {wrote} instead of {dates}")
                    dates = wrote
                    # What was just written is no part of the comparison.
                    said = {path: answer for path, answer in said.items() if "follow-ups" not in path and "changes" not in path}
                others = [path for path in said if first is not None and said[path] != first[path]]
                world.holds(not others, f"{where} other bytes: {others} {_difference(first, said, others)}")
                compared += len(said) if first is not None else 0
                first = first or said
        world.holds(compared >= 20, f"many answers were to be compared, but only {compared}")
        return Result("time zones", kind, broken=world.broken, notes=[f"{compared} answers were the same, byte for byte"])


def _difference(first, said, others):
    if not others:
        return ""
    one, other = first[others[0]][1], said[others[0]][1]
    at = next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    return json.dumps([one[max(0, at - 40):at + 40].decode(errors="replace"), other[max(0, at - 40):at + 40].decode(errors="replace")])


FAULTS = {
    "wrong_clock": (wrong_clock, ("sqlite", "postgres")),
    "zones": (zones, ("sqlite", "postgres")),
}
