"""The figures that the service tells, read by Prometheus itself: promtool finds no fault with them, nor with the rules of
docs/operations; a Prometheus that reads the service answers every query of the dashboard and of the rules.

    check.py sqlite|postgres
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/third_party"))
import server  # noqa: E402

OPERATIONS = ROOT / "docs/operations"
PATIENCE = 30


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def until(ask, what):
    for _ in range(PATIENCE * 5):
        try:
            found = ask()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"{what}: not within {PATIENCE} s")


def queries():
    dashboard = json.loads((OPERATIONS / "grafana.json").read_text())
    of_panels = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = re.findall(r"^ +expr: (.+)$", (OPERATIONS / "alerts.yml").read_text(), re.MULTILINE)
    assert len(of_panels) >= 10 and len(rules) == 10, (of_panels, rules)
    return of_panels, rules


def promtool(*arguments, text=None):
    run = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True, cwd=OPERATIONS)
    if run.returncode != 0:
        sys.exit(f"promtool {' '.join(arguments)}: {run.stdout}{run.stderr}")


def documented():
    """Each alert has its chapter."""
    page = (ROOT / "docs/operations.md").read_text()
    alerts = re.findall(r"alert: (\w+)", (OPERATIONS / "alerts.yml").read_text())
    missing = [alert for alert in alerts if f"### {alert}" not in page]
    assert not missing, f"docs/operations.md says nothing of {missing}"


def rests(figures):
    """For nothing, nothing runs: in four seconds that nobody asks in, one look of each of four jobs at most."""
    sent = lambda: int(re.search(r"^livret_statements_total (\d+)", get(figures), re.MULTILINE)[1])
    before = sent()
    of_a_look = sent() - before
    before = sent()
    time.sleep(4)
    return sent() - before - of_a_look <= 4


def main(kind):
    promtool("check", "rules", "alerts.yml")
    promtool("test", "rules", "alerts_test.yml")
    documented()
    ports = [server._free_port() for _ in range(2)]
    with tempfile.TemporaryDirectory() as folder, server.service(kind, metrics_listen=f"127.0.0.1:{ports[0]}") as service:
        service.start()
        figures = until(lambda: get(f"http://127.0.0.1:{ports[0]}/metrics"), "the figures")
        until(lambda: rests(f"http://127.0.0.1:{ports[0]}/metrics"), "an idle service rests")
        of_panels, rules = queries()
        named = set(re.findall(r"livret_[a-z_]+", " ".join(of_panels + rules)))
        if kind != "sqlite":
            named.discard("livret_sqlite_log_bytes")
        # What no request has met yet is not told.
        unknown = [name for name in named if name not in figures and not name.startswith("livret_problems")]
        assert not unknown, f"nobody tells {unknown}"
        settings = pathlib.Path(folder, "prometheus.yml")
        settings.write_text(
            "global: {scrape_interval: 1s}\nscrape_configs:\n"
            f"  - {{job_name: livret, static_configs: [{{targets: ['127.0.0.1:{ports[0]}']}}]}}\n"
        )
        command = [
            "prometheus", f"--config.file={settings}", f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{ports[1]}", "--log.level=error",
        ]
        prometheus = subprocess.Popen(command, cwd=folder)
        try:
            asks = lambda query: json.loads(
                get(f"http://127.0.0.1:{ports[1]}/api/v1/query?" + urllib.parse.urlencode({"query": query}))
            )["data"]["result"]
            until(lambda: any(one["value"][1] == "1" for one in asks('up{job="livret"}')), "Prometheus reads the service")
            until(lambda: asks("livret_request_seconds_count > 0"), "a request is counted")
            for query in of_panels + rules:
                asks(query)
            assert asks("livret_ready")[0]["value"][1] == "1"
            assert asks("livret_connections") and asks("livret_waiting") and asks("livret_build_info")
        finally:
            prometheus.terminate()
            prometheus.wait(timeout=10)
        service.stop()
    print(f"{len(named)} figures, {len(of_panels)} panels and {len(rules)} alerts hold")


if __name__ == "__main__":
    main(sys.argv[1])
