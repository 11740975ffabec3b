"""Continuous copies of SQLite by Litestream, beside the service: both are killed at once, as when a machine is lost, the file is
brought back from the copy alone, and what was acknowledged is compared.

    check.py [path of litestream]
"""

import contextlib
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "faults")]

import server  # noqa: E402
from calls import HORIZON, Caller, signed_in  # noqa: E402

SECONDS = 5
# Litestream copies once a second, on a machine that has time; what was written in the last moments is lost.
LATE = 4


def write(port, seconds):
    """Follow-ups, one after the other: each with the time at which it was acknowledged."""
    caller = Caller(port, signed_in(port, HORIZON))
    page = caller.call("GET", "/v1/booklets?limit=100").json()
    booklet = next(one["id"] for one in page["items"] if one["state"] not in ("closed", "withdrawn"))
    acknowledged, until = {}, time.monotonic() + seconds
    while time.monotonic() < until:
        body = {"contacted_on": "2026-03-14", "contact_mode": "phone", "comment": f"copied {len(acknowledged)}"}
        answer = caller.call("POST", f"/v1/booklets/{booklet}/follow-ups", body)
        assert answer.status == 201, (answer.status, answer.body)
        acknowledged[body["comment"]] = answer.ended
        time.sleep(0.01)
    return acknowledged


def rows(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return {comment for (comment,) in db.execute("SELECT comment FROM follow_ups WHERE comment LIKE 'copied %'")}


def main():
    litestream = sys.argv[1] if len(sys.argv) > 1 else shutil.which("litestream", path=str(pathlib.Path(sys.executable).parent))
    with server.service("sqlite") as service, tempfile.TemporaryDirectory(prefix="livret-copy-") as elsewhere:
        service.start()
        path = pathlib.Path(service.database_url.removeprefix("sqlite://").split("?")[0])
        port = int(service.url.rsplit(":", 1)[1])
        copy = f"file://{elsewhere}/livret"
        copying = subprocess.Popen([litestream, "replicate", path, copy], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            acknowledged = write(port, SECONDS)
        finally:
            copying.send_signal(signal.SIGKILL)
            copying.wait()
            service.kill()
        killed = time.monotonic()
        # The disk is lost, and all that Litestream kept beside the file.
        for lost in path.parent.glob(f"*{path.name}*"):
            shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
        began = time.monotonic()
        subprocess.run([litestream, "restore", "-o", path, copy], check=True, capture_output=True)
        seconds = time.monotonic() - began
        there = rows(path)
        lost = {comment: killed - at for comment, at in acknowledged.items() if comment not in there}
        oldest = max(lost.values(), default=0)
        print(f"{len(acknowledged)} writes acknowledged, {len(lost)} of the last {oldest:.1f} s lost, restored in {seconds:.1f} s")
        assert len(acknowledged) > 20 and len(lost) < len(acknowledged), "nothing was copied"
        assert oldest < LATE, f"a write is lost that was acknowledged {oldest:.1f} s before the end"
        service.command("verify-audit")
        service.start()
        assert write(port, 0.2)
        service.stop()


if __name__ == "__main__":
    main()
