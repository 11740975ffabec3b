"""Plays what docs/scaling.md tells of: see `run`."""

import datetime
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from machines import BOUNCER, FRONT, INSTANCES, OLD, POSTGRES, ROOT, Machines, is_ready, until
from work import Work

PAGE = ROOT / "docs/scaling.md"
ROWS, BROKEN = [], []


def tell(what, work=None, port=POSTGRES[0], more=""):
    """A row of the table. A write that was acknowledged and is lost, or is there twice, is a fault."""
    if work is None:
        row = (what, more, "–", "–")
    else:
        lost, doubled = work.lost(port)
        if lost or doubled or not work.acknowledged:
            BROKEN.append(f"{what}: {lost} lost, {doubled} twice, of {len(work.acknowledged)}")
        row = (what, f"{work.gap():.1f} s{more}", f"{lost} of {len(work.acknowledged)}", work.others())
    ROWS.append(row)
    print(" | ".join(row), flush=True)


def speed(port, work):
    """Requests a second, of one booklet to sixteen connections."""
    address = f"http://127.0.0.1:{port}/v1/booklets/{work.booklets[0]}"
    said = subprocess.run(["wrk", "-t1", "-c16", "-d3", "-H", f"Authorization: Bearer {work.token}", address], capture_output=True, text=True).stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def speeds(machines):
    work = Work(machines, FRONT, "speed")
    one, three = speed(INSTANCES[0], work), speed(FRONT, work)
    tell("GET of a booklet, 16 connections, one instance and PgBouncer", more=f"{one:.0f} requests/s")
    tell("the same, HAProxy before three instances on the same processors", more=f"{three:.0f} requests/s")


def an_instance_is_killed(machines):
    with Work(machines, FRONT, "killed") as work:
        machines.stop(f"livret-{INSTANCES[0]}", signal.SIGKILL)
        time.sleep(2)
        machines.instance(INSTANCES[0], BOUNCER, OLD)
    tell("an instance is killed, and comes back", work)


def all_are_replaced(machines):
    count = "SELECT count(*) FROM seaql_migrations"
    before = int(machines.ask(POSTGRES[0], count))
    with Work(machines, FRONT, "replaced") as work:
        machines.command(POSTGRES[0], "migrate")
        time.sleep(2)
        for port in INSTANCES:
            machines.stop(f"livret-{port}")
            machines.instance(port, BOUNCER)
            time.sleep(1)
    applied = int(machines.ask(POSTGRES[0], count)) - before
    tell(f"upgrade: {applied} migrations beside the old instances, which are then replaced one after the other", work)


def the_primary_is_lost(machines):
    primary, standby = POSTGRES
    with Work(machines, FRONT, "lost") as work:
        machines.control(primary, "-m", "immediate", "stop")
        # As somebody, or Patroni, who wants to be sure before the standby takes over.
        time.sleep(2)
        machines.ask(standby, "SELECT pg_promote()", "postgres")
        machines.ask(standby, "ALTER SYSTEM RESET synchronous_standby_names", "postgres")
        machines.ask(standby, "SELECT pg_reload_conf()", "postgres")
        work.goes_on()
    tell("the primary is lost, the standby promoted 2 s later", work, standby)
    machines.command(standby, "verify-audit")


def in_transaction_mode(machines, program, port):
    """PgBouncer that gives a connection back after each transaction: whether the service gets on with it."""
    version = ".".join(map(str, machines.bouncer_version(program)))
    for instance in INSTANCES:
        machines.stop(f"livret-{instance}")
    machines.stop("pgbouncer")
    machines.bouncer(program, "transaction")
    what = f"PgBouncer {version} in transaction mode"
    try:
        for instance in INSTANCES:
            machines.instance(instance, BOUNCER)
        with Work(machines, FRONT, f"transaction{version}") as work:
            time.sleep(3)
    except RuntimeError:
        tell(what, more=f"does not serve: {machines.last_word(INSTANCES[0])}")
        return
    told = ", ".join(f"{count} × {kind}" for kind, count in (work.writes + work.reads).items())
    if machines.bouncer_version(program) >= (1, 21):
        tell(what, work, port)
    else:
        tell(what, more=f"does not serve: {told}")


def write():
    table = "| what | longest time in which no new write was taken, or speed | acknowledged and lost | answered but for 2xx |\n|---|---|---|---|\n"
    table += "".join(f"| {' | '.join(row)} |\n" for row in ROWS)
    before, rest = PAGE.read_text().split("<!-- played -->\n")
    after = rest.split("<!-- /played -->")[1]
    PAGE.write_text(f"{before}<!-- played -->\n{table}<!-- /played -->{after}")


def main():
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="livret-scaling-") as home:
        machines = Machines(pathlib.Path(home))
        try:
            machines.primary(POSTGRES[0])
            machines.command(POSTGRES[0], "seed", program=OLD)
            machines.standby(POSTGRES[0], POSTGRES[1])
            # A write is acknowledged when both have it.
            machines.ask(POSTGRES[0], "ALTER SYSTEM SET synchronous_standby_names = '*'")
            machines.ask(POSTGRES[0], "SELECT pg_reload_conf()")
            machines.haproxy()
            machines.bouncer()
            for port in INSTANCES:
                machines.instance(port, BOUNCER, OLD)
            until(lambda: is_ready(FRONT))
            speeds(machines)
            an_instance_is_killed(machines)
            all_are_replaced(machines)
            the_primary_is_lost(machines)
            in_transaction_mode(machines, "pgbouncer", POSTGRES[1])
            if newer := os.environ.get("LIVRET_PGBOUNCER"):
                in_transaction_mode(machines, newer, POSTGRES[1])
        except BaseException:
            for log in sorted(pathlib.Path(home).glob("*.log")):
                print(f"--- {log.name}\n{log.read_text()[-1500:]}", file=sys.stderr)
            raise
        finally:
            machines.stop_all()
            for port in POSTGRES:
                subprocess.run(["runuser", "-u", "postgres", "--", "sh", "-c", f"kill -QUIT $(head -1 {machines.data(port)}/postmaster.pid)"],
                               capture_output=True)
    if "--write" in sys.argv:
        write()
    for fault in BROKEN:
        print(f"BROKEN: {fault}")
    print(f"scaling: {len(BROKEN)} broken promises, {time.monotonic() - began:.0f} s, {datetime.date.today()}")
    return 1 if BROKEN else 0


if __name__ == "__main__":
    sys.exit(main())
