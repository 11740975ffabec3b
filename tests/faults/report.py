"""What a run says: a line for each fault at once, the broken promises, and the table in docs/reliability.md."""

import collections
import pathlib

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEAD = ["fault", "database", "sent", "acknowledged", "kept: same process", "kept: after kill -9", "writes", "reads",
        "longest answer", "recovery", "memory", "holds"]


class Result:
    """One fault on one database, from its world, or from the numbers of a fault that has no writers."""

    def __init__(self, name, kind, world=None, broken=(), notes=(), cells=None):
        self.name, self.kind, self.cells = name, kind, dict(cells or {})
        self.broken, self.notes = list(broken), list(notes)
        if world is not None:
            self.broken += world.broken
            self.notes += world.notes
            self.cells = {**_cells(world), **self.cells}

    def line(self):
        said = ", ".join(f"{name} {value}" for name, value in self.cells.items() if value not in ("", "–"))
        return f"{self.name} on {self.kind}: {'holds' if not self.broken else 'BROKEN'} · {said}"

    def row(self):
        cells = {"fault": self.name, "database": self.kind, **self.cells}
        cells["holds"] = "yes" if not self.broken else "**no**: " + "; ".join(self.broken)
        return "| " + " | ".join(str(cells.get(name, "–")).replace("|", "/") for name in HEAD) + " |"


def _cells(world):
    tally = world.tally
    same = f"{world.found_by_same[0]} of {world.found_by_same[1]}" if world.found_by_same else "–"
    recovery = world.recovery()
    longest = max((answer.seconds for answer in world.answers()), default=0)
    return {
        "sent": len(tally.sent), "acknowledged": len(tally.acknowledged),
        "kept: same process": same, "kept: after kill -9": "–" if world.found_after is None else world.found_after,
        "writes": _statuses(world.answers("write")), "reads": _statuses(world.answers("read")),
        "longest answer": f"{longest:.2f} s", "recovery": "–" if recovery is None else f"{recovery:.2f} s",
        "memory": "–" if world.memory is None else f"{world.memory:.0f} MiB",
    }


def _statuses(answers):
    counted = collections.Counter(str(answer.status) for answer in answers)
    return ", ".join(f"{count} × {status}" for status, count in sorted(counted.items()))


def write(results, form, day, seconds):
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    broken = sum(len(result.broken) for result in results)
    how = (f"Written by `tests/faults/run`, {form} form, on {day}, in {seconds / 60:.0f} minutes: {len(results)} faults, "
           f"{broken or 'no'} broken promises.")
    table = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD), *(result.row() for result in results)]
    notes = [f"- {result.name}, {result.kind}: {note}" for result in results for note in result.notes]
    lines = [BEGIN, how, "", *table, "", "What was noted beside:", "", *notes, END]
    DOCUMENT.write_text(before + "\n".join(lines) + after)
