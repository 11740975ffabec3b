"""One connection that calls the service and keeps what is needed to judge each answer: its status, how long it took,
whether an error is a problem (RFC 9457) as the API document has it, and whether a 503 says when to come back."""

import dataclasses
import http.client
import json
import time

# Coordinators of the two organizations of the demo.
HORIZON, RIVAGE = "coordinatrice@horizon.example", "coordinateur@rivage.example"
PLACES = {"horizon": HORIZON, "rivage": RIVAGE}
PASSWORD = "livret de demonstration"
# Longer than any answer may take, so that one that hangs is measured and not only missed.
PATIENCE = 40
NO_ANSWER = (OSError, http.client.HTTPException)


@dataclasses.dataclass
class Answer:
    """What came back; `status` is a word when nothing whole did: refused, cut, hung."""

    method: str
    path: str
    began: float
    ended: float
    status: int | str
    headers: dict
    body: bytes

    @property
    def seconds(self):
        return self.ended - self.began

    @property
    def is_whole(self):
        return isinstance(self.status, int)

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The stable code of a problem."""
        try:
            return self.json().get("code")
        except (ValueError, AttributeError):
            return None

    def fault(self):
        """What is wrong with the shape of this answer, if anything is."""
        if not self.is_whole or self.status < 400 or self.path.startswith("/health/"):
            return None
        where = f"{self.method} {self.path.split('?')[0].split('/')[-1]}: {self.status}"
        if self.headers.get("content-type") != "application/problem+json":
            return f"{where} is no problem but {self.headers.get('content-type')}"
        try:
            problem = self.json()
        except ValueError:
            return f"{where} has a body that is no JSON"
        missing = {"type", "title", "status", "code", "detail", "request_id"} - problem.keys()
        if missing or problem["status"] != self.status:
            return f"{where} is no whole problem: {problem}"
        if self.status == 503 and not self.headers.get("retry-after", "").isdecimal():
            return f"{where} {problem['code']} has no Retry-After"
        return None


class Caller:
    """Calls on one connection after the other, never two at once."""

    def __init__(self, port, token=None, patience=PATIENCE):
        self.port, self.token, self.patience = port, token, patience
        self._connection = None

    def call(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        began = time.monotonic()
        status, answered, content = self._exchange(method, path, body, headers)
        return Answer(method, path, began, time.monotonic(), status, answered, content)

    def _exchange(self, method, path, body, headers):
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
            answered = {name.lower(): value for name, value in answer.getheaders()}
            if answered.get("connection") == "close":
                self.close()
            return answer.status, answered, content
        except ConnectionRefusedError:
            status = "refused"
        except TimeoutError:
            status = "hung"
        except NO_ANSWER:
            status = "cut"
        self.close()
        return status, {}, b""

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def signed_in(port, who, until=20):
    """The access token of a demo account, which lasts for 15 minutes."""
    deadline = time.monotonic() + until
    while True:
        answer = Caller(port).call("POST", "/v1/auth/login", {"email": who, "password": PASSWORD})
        if answer.status == 200:
            return answer.json()["access_token"]
        if time.monotonic() > deadline:
            raise RuntimeError(f"{who} cannot log in: {answer.status} {answer.body[:300]}")
        time.sleep(0.1)
