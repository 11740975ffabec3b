"""An MCP server: Livret for an assistant, with the rights of the person whose account it uses.

    LIVRET_URL=... LIVRET_EMAIL=... LIVRET_PASSWORD=... python3 livret_mcp.py [--write]

Its tools are the operations that this person's role may call, as the service's own API document has them. It only reads;
with `--write` it changes things too. Speaks over standard input and output. Needs FastMCP: pip install fastmcp==4.2.3
"""

import argparse
import json
import os
import urllib.request

import httpx2 as httpx
from fastmcp import FastMCP

# Of no use to an assistant, or not for it: signing in and out, passwords, files and streams.
NOT_FOR_ASSISTANTS = ("/v1/auth/", "/v1/me/", "/oauth/", "/v1/exports", "/v1/imports", "/v1/changes/stream")


class SignedIn(httpx.Auth):
    """Signs in when there is no token, and again when it has expired."""

    requires_response_body = True

    def __init__(self, url, email, password):
        self._log_in = httpx.Request(
            "POST", f"{url}/v1/auth/login", json={"email": email, "password": password}
        )
        self._token = None

    def auth_flow(self, request):
        for _ in range(2):
            if self._token is None:
                answer = yield self._log_in
                answer.raise_for_status()
                self._token = answer.json()["access_token"]
            request.headers["Authorization"] = f"Bearer {self._token}"
            answer = yield request
            if answer.status_code != 401:
                return
            self._token = None


def api_document(url, audience):
    with urllib.request.urlopen(f"{url}/openapi/{audience}.json") as answer:
        return json.load(answer)


def for_role(document, role):
    """The document with the operations that this role may call and an assistant can use."""
    for path, item in list(document["paths"].items()):
        for method, operation in list(item.items()):
            if path.startswith(NOT_FOR_ASSISTANTS) or role not in operation.get("x-roles", []):
                del item[method]
        if not item:
            del document["paths"][path]
    return document


def server(url, email, password, write=False):
    auth = SignedIn(url, email, password)
    with httpx.Client(base_url=url, auth=auth) as client:
        role = client.get("/v1/me").raise_for_status().json()["role"]
    document = for_role(api_document(url, role if write else "agent"), role)
    client = httpx.AsyncClient(base_url=url, auth=SignedIn(url, email, password), timeout=30)
    # What the service answers counts; a field that is new must not make an answer fail.
    return FastMCP.from_openapi(document, client=client, name="Livret", validate_output=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="change things too")
    arguments = parser.parse_args()
    account = [os.environ[f"LIVRET_{name}"] for name in ("URL", "EMAIL", "PASSWORD")]
    server(*account, write=arguments.write).run()


if __name__ == "__main__":
    main()
