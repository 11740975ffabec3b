"""Mails through a real SMTP server (aiosmtpd) that refuses, hangs and comes back.

    mail.py sqlite|postgres
"""

import asyncio
import collections
import email
import email.policy
import json
import logging
import pathlib
import re
import sys
import time
import urllib.error
import urllib.request
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import server  # noqa: E402

# Passwords in clear, on 127.0.0.1: aiosmtpd says so at each talk.
warnings.simplefilter("ignore")
logging.getLogger("mail").setLevel(logging.ERROR)

PASSWORD = "livret de demonstration"
USER, SECRET = "livret", "pour le facteur"


class Postman:
    """Takes mails; `answers` says what it does to an address before, one after another."""

    def __init__(self):
        self.taken = collections.defaultdict(list)
        self.answers = collections.defaultdict(list)
        self.talks = collections.Counter()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        self.talks[address] += 1
        answer = self.answers[address].pop(0) if self.answers[address] else None
        if answer == "hang":
            await asyncio.sleep(3600)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        for address in envelope.rcpt_tos:
            self.taken[address].append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


def authenticate(_server, _session, _envelope, _mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER.encode(), SECRET.encode()))


class Api:
    def __init__(self, url, token=None):
        self.url, self.token = url, token

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or "null")

    def expect(self, status, *call):
        got, body = self.call(*call)
        assert got == status, f"{call}: {got} {body}"
        return body

    def log_in(self, address, password):
        tokens = self.expect(200, "POST", "/v1/auth/login", {"email": address, "password": password})
        return Api(self.url, tokens["access_token"])


def wait_for(what, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def invite(claire, address, locale="fr"):
    person = {"email": address, "given_name": "Zoé", "family_name": "Lœuil", "role": "tutor", "locale": locale}
    user = claire.expect(201, "POST", "/v1/users", person)
    invitation = claire.expect(200, "POST", f"/v1/users/{user['id']}/invitation")
    assert invitation["mailed"] is True
    return user["id"]


def token_of(message):
    return re.search(r"#token=(\S+)", message.get_content()).group(1)


def state(claire, user):
    """What the coordinator is told of the last mail: its state and how often it was tried."""
    mail = claire.expect(200, "GET", f"/v1/users/{user}/mails")["items"][0]
    return mail["state"], mail["attempts"], mail["reason"]


def check(service, postman, controller):
    service.start()
    api = Api(service.url)
    claire = api.log_in("coordinatrice@horizon.example", PASSWORD)

    # The mail server is down, the service is killed, both come back: nothing is lost.
    early = invite(claire, "tot@livret.example")
    wait_for(lambda: state(claire, early)[1] >= 1)
    service.kill()
    service.start()
    claire = api.log_in("coordinatrice@horizon.example", PASSWORD)
    assert state(claire, early)[0] == "pending"
    controller.start()
    wait_for(lambda: state(claire, early)[0] == "sent")
    [message] = postman.taken["tot@livret.example"]
    assert message["Subject"] == "Votre invitation à ouvrir votre compte Livret", message["Subject"]
    assert message["From"] == "Livret – VAE <livret@horizon.example>", message["From"]
    assert message["To"] == "tot@livret.example" and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().startswith("Bonjour Zoé,"), message.get_content()
    accepted = {"token": token_of(message), "password": "trois moutons bleus"}
    api.expect(200, "POST", "/v1/auth/invitations/accept", accepted)
    api.log_in("tot@livret.example", "trois moutons bleus")

    # In English.
    invite(claire, "english@livret.example", "en")
    [message] = wait_for(lambda: postman.taken["english@livret.example"])
    assert message["Subject"] == "Your invitation to open your Livret account"
    assert message.get_content().startswith("Hello Zoé,")

    # Later, then taken: once.
    postman.answers["plus-tard@livret.example"] = ["451 later", "451 later"]
    later = invite(claire, "plus-tard@livret.example")
    wait_for(lambda: state(claire, later)[0] == "sent")
    assert len(postman.taken["plus-tard@livret.example"]) == 1
    assert state(claire, later) == ("sent", 3, None)

    # Never: told, and not tried again.
    postman.answers["personne@livret.example"] = ["550 nobody here"] * 9
    nobody = invite(claire, "personne@livret.example")
    wait_for(lambda: state(claire, nobody)[0] == "failed")
    _, attempts, reason = state(claire, nobody)
    assert attempts == 1 and reason.startswith("smtp_550") and "nobody here" in reason, reason

    # A server that hangs delays nobody, neither requests nor other mails; then the mail leaves.
    postman.answers["lent@livret.example"] = ["hang"]
    slow = invite(claire, "lent@livret.example")
    wait_for(lambda: postman.talks["lent@livret.example"])
    slowest = 0
    for number in range(40):
        started = time.monotonic()
        claire.expect(200, "GET", "/v1/me")
        if number % 10 == 0:
            invite(claire, f"vite{number}@livret.example")
        slowest = max(slowest, time.monotonic() - started)
    assert slowest < 5, f"a request took {slowest:.1f} s"
    assert state(claire, slow)[0] == "pending"
    wait_for(lambda: state(claire, slow)[0] == "sent", 60)
    assert state(claire, slow)[1] == 2 and len(postman.taken["lent@livret.example"]) == 1
    wait_for(lambda: postman.taken["vite30@livret.example"])

    # A forgotten password, from the mail to the next log-in.
    lea = "tutrice@horizon.example"
    api.expect(204, "POST", "/v1/auth/password-reset", {"email": "inconnue@livret.example"})
    api.expect(204, "POST", "/v1/auth/password-reset", {"email": lea})
    [message] = wait_for(lambda: postman.taken[lea])
    chosen = {"token": token_of(message), "password": "quatre chevaux mauves"}
    api.expect(204, "POST", "/v1/auth/password-reset/confirm", chosen)
    api.log_in(lea, "quatre chevaux mauves")
    wait_for(lambda: len(postman.taken[lea]) == 2)
    assert not postman.taken["inconnue@livret.example"]

    log = service.log.read_text()
    for secret in ["livret.example\"", "tot@livret", "#token=", SECRET, "nobody here"]:
        assert secret not in log, f"{secret} stands in the log"
    return slowest


def main(database):
    port = server._free_port()
    postman = Postman()
    controller = Controller(
        postman, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True,
        authenticator=authenticate, auth_required=True, auth_require_tls=False,
    )
    settings = {
        "smtp_url": f"smtp://{USER}:{SECRET.replace(' ', '%20')}@127.0.0.1:{port}",
        "mail_from": "Livret – VAE <livret@horizon.example>",
        "mail_retry_seconds": 1,
    }
    with server.service(database, **settings) as service:
        try:
            slowest = check(service, postman, controller)
        finally:
            service.stop()
            if controller.loop.is_running():
                controller.stop()
    print(f"mails on {database}: delivered, retried, given up; the slowest request beside a server that hangs took {slowest:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1])
