"""What openapi/README.md promises and redocly diff rates as harmless: values of response enums, variants of
unions, public operations, roles and scopes.

    promises.py RELEASED PRESENT

Compares nodes that have the same place in both, parameters by their names; where one is gone altogether, redocly diff says so.
"""

import json
import pathlib
import sys

METHODS = ("get", "put", "post", "delete", "patch")


def broken(released, present):
    """What was taken away: JSON pointers, and a sentence on each."""
    for path, item in released["paths"].items():
        for method in METHODS:
            before, now = item.get(method), present["paths"].get(path, {}).get(method)
            if before and now:
                place = f"#/paths/{path.replace('/', '~1')}/{method}"
                yield from broken_operation(place, released, before, present, now)
    yield from broken_values("#", released, present)


def broken_operation(place, released, before, present, now):
    lost = set(before.get("x-roles", [])) - set(now.get("x-roles", []))
    if lost:
        yield f"{place}/x-roles", f"no longer for {', '.join(sorted(lost))}"
    if now.get("x-scope") not in (None, before.get("x-scope")):
        yield f"{place}/x-scope", "asks for another scope"
    if public(released, before) and not public(present, now):
        yield f"{place}/security", "needs a token now"


def public(contract, operation):
    requirements = operation.get("security", contract.get("security", []))
    return not requirements or {} in requirements


def broken_values(place, before, now):
    if type(before) is not type(now):
        return
    if isinstance(before, dict):
        for keyword in ("enum", "oneOf", "anyOf"):
            kept = now.get(keyword, [])
            for value in before[keyword] if isinstance(before.get(keyword), list) else []:
                # A variant may change inside; whether it may change so, redocly diff says.
                if (keyword == "enum" or "$ref" in value) and value not in kept:
                    yield f"{place}/{keyword}", f"lost {json.dumps(value)}"
        for name in before.keys() & now.keys():
            yield from broken_values(f"{place}/{name.replace('/', '~1')}", before[name], now[name])
    elif isinstance(before, list):
        for index, one in enumerate(before):
            other = same(one, index, now)
            if other is not None:
                yield from broken_values(f"{place}/{index}", one, other)


def same(one, index, among):
    """A parameter is known by its name, wherever it stands by now; anything else by its place."""
    if isinstance(one, dict) and {"name", "in"} <= one.keys():
        found = [other for other in among if (other.get("name"), other.get("in")) == (one["name"], one["in"])]
        return found[0] if found else None
    return among[index] if index < len(among) else None


if __name__ == "__main__":
    faults = list(broken(*(json.loads(pathlib.Path(name).read_text()) for name in sys.argv[1:3])))
    sys.exit("\n".join(f"breaking: {place}: {text}" for place, text in faults) or 0)
