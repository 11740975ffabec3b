"""How many of the documented answers some test has really seen.

The API document names operations and statuses; the black-box tests write down, in target/seen/, each one
that was answered and found valid. Prints what is missing and fails below the least share.
"""

import json
import pathlib
import sys
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEAST = 0.95
# So many names are told per status; the others only counted.
TOLD = 12


def documented():
    contract = json.loads((ROOT / "openapi/openapi.json").read_text())
    for item in contract["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                for status in operation["responses"]:
                    yield operation["operationId"], int(status)


def seen():
    for file in (ROOT / "target/seen").glob("*.jsonl"):
        for line in file.read_text().splitlines():
            answer = json.loads(line)
            yield answer["operation"], answer["status"]


def main():
    expected = set(documented())
    missing = expected - set(seen())
    by_status = defaultdict(list)
    for operation, status in sorted(missing):
        by_status[status].append(operation)
    for status, operations in sorted(by_status.items()):
        names = ", ".join(operations[:TOLD])
        more = f" and {len(operations) - TOLD} more" if len(operations) > TOLD else ""
        print(f"{status} never seen of: {names}{more}")
    share = 1 - len(missing) / len(expected)
    print(f"{len(expected) - len(missing)} of {len(expected)} documented answers seen: {share:.1%}")
    return 0 if share >= LEAST else f"less than {LEAST:.0%} of the documented answers were seen"


if __name__ == "__main__":
    sys.exit(main())
