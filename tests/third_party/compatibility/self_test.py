"""Changes the released API document on purpose, and looks whether the gate finds what breaks a client.

One copy gets every breaking change, each at a place of its own: each must be found there, and nothing else may
be. Another copy gets every compatible change: nothing in it may be found.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

from changes import BREAKING, COMPATIBLE
from promises import broken
from widened import narrowed

HERE = pathlib.Path(__file__).resolve().parent
RELEASED = HERE.parents[2] / "openapi/released"


def latest():
    def version(path):
        return [int(part) for part in path.stem.lstrip("v").split(".")]

    return max(RELEASED.glob("v*.json"), key=version)


def changed(contract, changes):
    contract = copy.deepcopy(contract)
    for _, _, change in changes:
        change(contract)
    return contract


def majors(base, contract, folder):
    """Where the gate sees a breaking change: JSON pointers, and what it says of each."""
    revision, report = pathlib.Path(folder, "revision.json"), pathlib.Path(folder, "report.json")
    contract = narrowed(json.loads(base.read_text()), contract)
    revision.write_text(json.dumps(contract))
    command = ["npx", "redocly", "diff", base, revision, "--config", HERE / "redocly.yaml", "--fail-on", "none"]
    command += ["--format", "json", "-o", report]
    subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    promises = list(broken(json.loads(base.read_text()), contract))
    return promises + [
        (verdict["location"]["pointer"], verdict["message"])
        for change in json.loads(report.read_text())["changes"]
        for verdict in change["verdicts"]
        if verdict["impact"] == "major"
    ]


def main():
    base = latest()
    contract = json.loads(base.read_text())
    with tempfile.TemporaryDirectory() as folder:
        found = majors(base, changed(contract, BREAKING), folder)
        compatible = majors(base, changed(contract, COMPATIBLE), folder)
    places = [place for _, place, _ in BREAKING]
    faults = [f"missed: {name} ({place})" for name, place, _ in BREAKING if not any(p.startswith(place) for p, _ in found)]
    faults += [f"nobody changed this: {p}: {text}" for p, text in found if not p.startswith(tuple(places))]
    faults += [f"compatible, but rated major: {p}: {text}" for p, text in compatible]
    print(f"{len(BREAKING)} breaking and {len(COMPATIBLE)} compatible changes, {len(faults)} faults")
    return "\n".join(faults)


if __name__ == "__main__":
    sys.exit(main() or 0)
