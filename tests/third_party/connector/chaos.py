"""The reference connector (docs/integrations) against the service that sends it webhooks, while all are killed.

    chaos.py sqlite|postgres

Writers write; the service, the follower and the receiver are each killed and started again at random, the receiver
also between a webhook's arrival and its storing; webhooks come twice, late and forged. Then the mirror must equal what
the service answers. LIVRET_SEED makes the same choices again, LIVRET_CHAOS_SECONDS says for how long.
"""

import contextlib
import datetime
import os
import pathlib
import random
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from standardwebhooks import Webhook

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1])]
sys.dont_write_bytecode = True

import server  # noqa: E402
from people import Person, Writer  # noqa: E402
from programs import (  # noqa: E402
    ONLY_WHEN_TOLD, Mirror, Program, arrived, compare, kill_before_it_stores, livret_mirror, wait_until,
)

SECONDS = float(os.environ.get("LIVRET_CHAOS_SECONDS", "15"))
SEED = int(os.environ.get("LIVRET_SEED", "20261123"))
SCOPES = [f"{family}:read" for family in ("candidates", "booklets", "appointments", "directory", "users", "events")]
TOPICS = [f"{resource}.*" for resource in livret_mirror.RESOURCES]


class World:
    """A service, an endpoint of it, and the connector that it belongs to."""

    def __init__(self, service, folder):
        self.service = service
        self.claire = Person(service.url, "coordinatrice@horizon.example")
        account = self.claire.call("POST", "/v1/service-accounts", {"name": "CRM", "scopes": SCOPES})
        self.livret = livret_mirror.Livret(service.url, account["client_id"], account["secret"])
        address = f"127.0.0.1:{server._free_port()}"
        self.receiver_url = f"http://{address}/"
        webhook = self.claire.call("POST", "/v1/webhooks", {"url": self.receiver_url, "topics": TOPICS})
        self.webhook, self.secret = f"/v1/webhooks/{webhook['id']}", webhook["secret"]
        file = pathlib.Path(folder, "mirror.db")
        self.mirror = Mirror(file)
        api = {
            "LIVRET_URL": service.url, "LIVRET_CLIENT_ID": account["client_id"], "LIVRET_CLIENT_SECRET": account["secret"],
        }
        self.once, self.follower, self.resync = (Program(file, api, name) for name in ("once", "follow", "resync"))
        self.receiver = Program(file, {"LIVRET_WEBHOOK_SECRET": self.secret}, "receive", "--listen", address)

    def end(self):
        for program in (self.once, self.follower, self.resync, self.receiver, self.service):
            with contextlib.suppress(Exception):
                program.kill()

    def new_candidate(self, name):
        return self.claire.call("POST", "/v1/candidates", {"given_name": "Awa", "family_name": name})["id"]

    def deliveries(self, condition=""):
        return list(self.claire.items(f"{self.webhook}/deliveries{condition}"))

    def false_webhook(self, age=datetime.timedelta(0), secret=None):
        """One that is not the service's, or an old one of it. The receiver's answer, if there is a receiver."""
        at = datetime.datetime.now(datetime.timezone.utc) - age
        body = '{"type": "candidate.created"}'
        headers = {
            "webhook-id": "msg_false", "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.secret).sign("msg_false", at, body),
        }
        request = urllib.request.Request(self.receiver_url, body.encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def false_webhooks(self):
        old = self.false_webhook(age=datetime.timedelta(minutes=10))
        return {old, self.false_webhook(secret="whsec_" + "AAAA" * 8)}


def kill_service(world, chance, until):
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 4))
        world.service.kill()
        time.sleep(chance.uniform(0, 1))
        world.service.start()
        yield "service"


def kill_follower(world, chance, until):
    while time.monotonic() < until:
        # Now it keeps the question open, now it waits for webhooks.
        world.follower.start(*chance.choice([[], ONLY_WHEN_TOLD]))
        time.sleep(chance.uniform(0.1, 2.5))
        world.follower.kill()
        yield "follower"
        time.sleep(chance.uniform(0, 0.5))


def kill_receiver(world, chance, until):
    while time.monotonic() < until:
        world.receiver.start()
        time.sleep(chance.uniform(0.1, 2.5))
        yield "receiver"
        if chance.random() < 0.5:
            world.receiver.kill()
        elif kill_before_it_stores(world.receiver, world.mirror, patience=2):
            yield "receiver before it stored"
        time.sleep(chance.uniform(0, 0.5))


def mislead(world, chance, until):
    """Webhooks that are late, forged, or come again."""
    while time.monotonic() < until:
        time.sleep(chance.uniform(0, 1))
        if chance.random() < 0.7:
            assert world.false_webhooks() <= {401, None}, "a false webhook was taken"
            yield "misled"
        else:
            since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=2)
            with contextlib.suppress(OSError, ValueError):
                world.claire.call("POST", f"{world.webhook}/redeliver", {"since": since.isoformat()})
                yield "delivered again"


def count(disturbances):
    found = {}
    for disturbance in disturbances:
        found[disturbance] = found.get(disturbance, 0) + 1
    return found


def chaos(world, chance):
    over = threading.Event()
    writers = [Writer(world.claire, random.Random(chance.random()), over) for _ in range(3)]
    for writer in writers:
        writer.start()
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor() as at_once:
        disturbing = [
            at_once.submit(lambda of=of, own=random.Random(chance.random()): count(of(world, own, until)))
            for of in (kill_service, kill_follower, kill_receiver, mislead)
        ]
    over.set()
    for writer in writers:
        writer.join()
    disturbed = {name: times for found in disturbing for name, times in found.result().items()}
    done, stored = sum(writer.done for writer in writers), len(world.mirror.webhooks())
    print(f"connector: {done} writes, {disturbed}, {stored} webhooks stored", flush=True)
    kills = [disturbed.get(name, 0) for name in ("service", "follower", "receiver")]
    assert done > 20 and stored and min(kills) > 1, "too little happened"
    world.once.ends_well()
    compare(world.mirror, world.livret, "after all the kills")


def no_webhook_is_lost_or_made_up(world):
    taken = {delivery["message_id"] for delivery in world.deliveries("?state=delivered")}
    stored = world.mirror.webhooks().keys()
    sent = {delivery["message_id"] for delivery in world.deliveries()}
    assert taken <= stored, f"answered and not stored: {taken - stored}"
    assert stored <= sent, f"stored and never sent: {stored - sent}"
    print(f"connector: all {len(taken)} webhooks that were answered are stored, and no other", flush=True)


def a_week_away(world, chance):
    """Nobody follows, nobody receives, and the service gives the endpoint up."""
    world.claire.call("POST", f"{world.webhook}/disable")
    writer = Writer(world.claire, random.Random(chance.random()), threading.Event())
    for _ in range(80):
        # What somebody deleted with its candidate is not there any more.
        with contextlib.suppress(urllib.error.HTTPError):
            writer.write()
    world.once.ends_well()
    compare(world.mirror, world.livret, "after a week away")
    world.claire.call("POST", f"{world.webhook}/enable", {"resume": "now"})


def broken_resyncs(world, chance):
    for _ in range(4):
        world.resync.start()
        time.sleep(chance.uniform(0, 0.5))
        world.resync.kill(may_have_ended=True)
    world.once.ends_well()
    compare(world.mirror, world.livret, "after broken resyncs")


def only_what_the_service_sends_wakes(world):
    """With an hour between two looks, a change arrives because of its webhook."""
    mirror, before = world.mirror, world.mirror.webhooks()
    world.follower.start(*ONLY_WHEN_TOLD)
    world.receiver.start()
    first = world.new_candidate("Premier")
    assert wait_until(lambda: mirror.has(first)), "it did not arrive"
    assert wait_until(lambda: mirror.webhooks().keys() > before.keys()), "its webhook was not stored"
    assert wait_until(lambda: all(mirror.webhooks().values())), "its webhook was not followed"

    world.claire.call("POST", f"{world.webhook}/disable")
    before = mirror.webhooks()
    second = world.new_candidate("Deuxième")
    assert world.false_webhooks() == {401}, "a false webhook was taken"
    time.sleep(1)
    assert mirror.webhooks() == before and not mirror.has(second), "it looked without being told"
    world.claire.call("POST", f"{world.webhook}/enable", {"resume": "where_it_stopped"})
    assert wait_until(lambda: mirror.has(second)), "it was told, and did not look"


def what_was_not_stored_comes_again(world):
    mirror, receiver = world.mirror, world.receiver
    made = []
    lost = kill_before_it_stores(receiver, mirror, 30, lambda: made.append(world.new_candidate("Troisième")))
    assert lost, "no webhook came"
    assert not mirror.webhooks().keys() & set(lost) and not mirror.has(made[0]), "it was stored"
    receiver.start()
    assert wait_until(lambda: mirror.webhooks().keys() >= set(lost) and mirror.has(made[0])), "it did not come again"

    # And the same once more changes nothing.
    stored = mirror.webhooks().keys()
    [delivery] = [delivery for delivery in world.deliveries() if delivery["message_id"] == lost[0]]
    times = arrived(receiver).count(lost[0])
    world.claire.call("POST", f"/v1/webhook-deliveries/{delivery['id']}/redeliver")
    assert wait_until(lambda: arrived(receiver).count(lost[0]) > times), "it was not delivered again"
    assert mirror.webhooks().keys() == stored


def main(database):
    chance = random.Random(SEED)
    print(f"connector: LIVRET_SEED={SEED} on {database}", flush=True)
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(server.service(database, allow_local_targets="on", webhook_retry_seconds=1))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="livret-connector-"))
        stack.callback(service.kill)
        service.start()
        world = World(service, folder)
        stack.callback(world.end)
        chaos(world, chance)
        no_webhook_is_lost_or_made_up(world)
        a_week_away(world, chance)
        broken_resyncs(world, chance)
        only_what_the_service_sends_wakes(world)
        what_was_not_stored_comes_again(world)
        no_webhook_is_lost_or_made_up(world)
        report = world.claire.call("POST", f"{world.webhook}/conformance")
        assert report["passed"], report
        compare(world.mirror, world.livret, "by webhooks alone")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BaseException:
        print(f"connector: LIVRET_SEED={SEED} makes the same choices again", file=sys.stderr)
        raise
