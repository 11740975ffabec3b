"""A parameter that took one value may take several, with commas between: whoever sends one value is understood as
before. Writes the present API document with such parameters as they were, for those who compare the two.

    widened.py RELEASED PRESENT > NARROWED
"""

import json
import pathlib
import sys

from promises import METHODS, same


def narrowed(released, present):
    """The present document, where what was only widened stands as it was."""
    for path, item in released["paths"].items():
        for method in METHODS:
            before, now = item.get(method), present["paths"].get(path, {}).get(method)
            for index, one in enumerate(before.get("parameters", []) if before and now else []):
                other = same(one, index, now.get("parameters", []))
                if other and takes_several(released, one, present, other):
                    other["schema"] = one["schema"]
                    for keyword in ("style", "explode"):
                        other.pop(keyword, None)
    return present


def takes_several(released, one, present, other):
    schema = other.get("schema", {})
    by_commas = (other.get("style"), other.get("explode")) == ("form", False)
    was, items = plain(released, one.get("schema", {})), plain(present, schema.get("items", {}))
    return by_commas and was.get("type") == "string" and schema.get("type") == "array" and keeps(was, items)


def plain(contract, schema):
    """The schema itself, whether it stands here or is referred to."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    return contract["components"]["schemas"][name] if name else schema


def keeps(was, items):
    """Whether each value that it took is still one."""
    kept = set(was.get("enum", [])) <= set(items.get("enum", was.get("enum", [])))
    named = ("type", "format", "pattern", "maxLength")
    return kept and all(items.get(keyword) in (None, was.get(keyword)) for keyword in named)


if __name__ == "__main__":
    json.dump(narrowed(*(json.loads(pathlib.Path(name).read_text()) for name in sys.argv[1:3])), sys.stdout, indent=1)
