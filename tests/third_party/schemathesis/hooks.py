"""What schemathesis cannot know: who may do what, whose accounts it uses, which version an object has, that a
cursor is given, never invented, and that a key names one request."""

import collections
import functools
import itertools
import json
import os
import pathlib
import re
import typing
import urllib.request
import uuid

import schemathesis
import yaml
from schemathesis.wfc.escalation import restore_identity_assignments

URL = os.environ["LIVRET_URL"]
IDENTITIES = pathlib.Path(__file__).with_name("identities.yaml")


def _identities():
    """What the service says of each identity."""
    for identity in yaml.safe_load(IDENTITIES.read_text())["auth"]:
        login = identity["loginEndpointAuth"]["payloadRaw"].encode()
        headers = {"Content-Type": "application/json"}
        tokens = _read(urllib.request.Request(f"{URL}/v1/auth/login", data=login, headers=headers))
        get = functools.partial(_get, headers={"Authorization": f"Bearer {tokens['access_token']}"})
        yield identity["name"], Person(get=get, **{name: get("/v1/me")[name] for name in ("id", "role")})


def _get(path, headers):
    return _read(urllib.request.Request(f"{URL}{path}", headers=headers))


def _read(request):
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Person(typing.NamedTuple):
    id: str
    role: str
    get: typing.Callable
    # By collection, what there is for them: /v1/<collection>/{id}.
    ids: dict = {}


PEOPLE = dict(_identities())
OWN_IDS = {person.id for person in PEOPLE.values()}
NUMBERS = itertools.count(1)
A_KEY = re.compile("[!-~]{1,255}")
# The list of a collection, by itself or of a booklet, and what is found by its id.
A_LIST = re.compile(r"/v1/(?:booklets/\{id\}/)?([a-z-]+)")
AN_ITEM = re.compile(r"/v1/([a-z-]+)/\{id\}")
BOOKLETS = 4
# What the service takes out of a text before it measures it, and no schema can say so (`foundation/operations/signs.rs`).
UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")

# Who calls which operation.
assigned = {}

# JSON Lines and workbooks are octets like any other file.
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
schemathesis.serializer.alias("application/x-ndjson", "application/octet-stream")
schemathesis.serializer.alias(WORKBOOK, "application/octet-stream")


def _asks(operation):
    """Whether it answers nothing without a question, as a search does."""
    return any(one.get("required") and one.get("in") == "query" for one in operation.get("parameters", []))


def _look_around(name, paths):
    """Notes what this person sees, so that well-made calls are about something."""
    person = PEOPLE[name] = PEOPLE[name]._replace(ids=collections.defaultdict(list))
    lists = {path: found[1] for path in paths if (found := A_LIST.fullmatch(path))}
    for path in sorted(lists, key=lambda path: "{id}" in path):
        operation = paths[path].get("get", {})
        if person.role not in operation.get("x-roles", []) or _asks(operation):
            continue
        booklets = person.ids["booklets"][:BOOKLETS] if "{id}" in path else [""]
        for booklet in booklets:
            items = person.get(path.format(id=booklet)).get("items", [])
            collection = "booklet-members" if lists[path] == "members" else lists[path]
            person.ids[collection] += [item["id"] for item in items if "id" in item]


@schemathesis.hook
def after_load_schema(context, schema):
    # From its first call on, an operation is called as the first of them who may.
    paths = schema.raw_schema["paths"]
    for path, item in paths.items():
        for method, operation in item.items():
            roles = operation.get("x-roles", []) if isinstance(operation, dict) else []
            who = next((name for name, person in PEOPLE.items() if person.role in roles), None)
            if who:
                assigned[f"{method.upper()} {path}"] = who
    restore_identity_assignments(schema, assigned)
    for name in PEOPLE:
        _look_around(name, paths)


def _shown(value):
    """The same with a sign that is seen for each that is not: a text stays as long as it is."""
    match value:
        case str():
            return UNSEEN.sub("x", value)
        case list():
            return [_shown(item) for item in value]
        case dict():
            return {name: _shown(item) for name, item in value.items()}
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    # A key used twice is answered from memory, whatever the second request was about.
    if A_KEY.fullmatch(str(case.headers.get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = f"request-{next(NUMBERS)}"
    if case.meta is not None and case.meta.generation.mode.is_positive:
        # An id made up is another's or nobody's: one that is there, in turn.
        found = AN_ITEM.match(case.operation.path)
        who = assigned.get(case.operation.label)
        known = PEOPLE[who].ids.get(found[1]) if found and who else None
        if known:
            case.path_parameters["id"] = known[next(NUMBERS) % len(known)]
        # No schema says which cursors this service gave: one that is made up is rightly refused.
        case.query.pop("after", None)
        case.headers.pop("Last-Event-ID", None)
        # Waiting for what does not come finds nothing.
        case.query.pop("wait", None)
        # Nor which version an object has by now: so that writes are reached, any.
        if case.method in ("PATCH", "PUT", "DELETE"):
            case.headers["If-Match"] = "*"
    else:
        case.body = _shown(case.body)
    # Whoever disables, renames or deletes the account they came with gets no further.
    if case.operation.path.startswith("/v1/users/{id}") and case.method != "GET":
        if str(case.path_parameters.get("id")) in OWN_IDS:
            case.path_parameters["id"] = str(uuid.UUID(int=0))
    # Nor does whoever changes their own password or ends their own sessions: tried out, not done. A
    # request that is refused for one of these headers does nothing anyway.
    if case.operation.path.startswith("/v1/me/") and case.method != "GET":
        good_key = A_KEY.fullmatch(str(case.headers.get("Idempotency-Key", "none")))
        if good_key and len(str(case.headers.get("Prefer", ""))) <= 200:
            case.headers["Prefer"] = "dry-run"
