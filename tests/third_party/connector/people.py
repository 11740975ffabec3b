"""Those who work in the service while the connector mirrors it."""

import contextlib
import json
import threading
import time
import urllib.request

PASSWORD = "livret de demonstration"


class Person:
    """Somebody who is signed in."""

    def __init__(self, url, email):
        self.url = url
        login = {"email": email, "password": PASSWORD}
        self._token = self.call("POST", "/v1/auth/login", login, token=None)["access_token"]

    def call(self, method, path, body=None, token=""):
        headers = {"If-Match": "*"} if method in ("PATCH", "DELETE") else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def items(self, path):
        """All of a list."""
        after = ""
        while after is not None:
            page = self.call("GET", f"{path}{'&' if '?' in path else '?'}limit=100&after={after}")
            yield from page["items"]
            after = page["next"]


class Writer(threading.Thread):
    """Makes, changes and deletes at random; what fails because the service is gone may have happened or not."""

    def __init__(self, person, chance, over):
        super().__init__(daemon=True)
        self.person, self.chance, self.over = person, chance, over
        self.made = {"candidates": [], "booklets": [], "appointments": [], "useful-addresses": []}
        self.done = 0

    def run(self):
        while not self.over.is_set():
            with contextlib.suppress(OSError, ValueError):
                self.write()
                self.done += 1
            time.sleep(self.chance.random() * 0.05)

    def write(self):
        kind = self.chance.choice(sorted(self.made))
        made = self.made[kind]
        action = self.chance.random()
        if not made or action < 0.45:
            made.append(self.make(kind))
            return
        id_ = self.chance.choice(made)
        if action < 0.8 or kind == "booklets":
            self.person.call("PATCH", f"/v1/{kind}/{id_}", self.change(kind))
        else:
            made.remove(id_)
            self.person.call("DELETE", f"/v1/{kind}/{id_}")

    def make(self, kind):
        number = self.chance.randrange(10**6)
        candidate = {"given_name": "Ana", "family_name": f"Essai {number}"}
        if kind == "candidates":
            path, body = "/v1/candidates", candidate
        elif kind == "useful-addresses":
            path, body = "/v1/useful-addresses", {"category": "other", "name": f"Asso {number}", "missions": "Aider"}
        elif kind == "booklets":
            owner = self.person.call("POST", "/v1/candidates", candidate)["id"]
            self.made["candidates"].append(owner)
            path, body = "/v1/booklets", {"candidate_id": owner, "tutor_id": self.tutor()}
        else:
            if not self.made["booklets"]:
                self.made["booklets"].append(self.make("booklets"))
            path = f"/v1/booklets/{self.chance.choice(self.made['booklets'])}/appointments"
            times = {"starts_at": "2027-01-05T09:00:00Z", "ends_at": "2027-01-05T10:00:00Z"}
            body = {**times, "kind": "interview", "mode": "phone"}
        return self.person.call("POST", path, body)["id"]

    def change(self, kind):
        word = f"changed {self.chance.randrange(10**6)}"
        return {
            "candidates": {"family_name": word},
            "booklets": {"purpose": word},
            "appointments": {"place": word},
            "useful-addresses": {"missions": word},
        }[kind]

    def tutor(self):
        return self.person.call("GET", "/v1/users?role=tutor")["items"][0]["id"]
