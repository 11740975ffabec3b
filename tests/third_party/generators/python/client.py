"""openapi-generator's Python client: one scenario, live."""

import os
import time
import urllib.request

import openapi_client as livret
from openapi_client.exceptions import ApiException

URL = os.environ["LIVRET_URL"]
PASSWORD = "livret de demonstration"


def signed_in(email):
    client = livret.ApiClient(livret.Configuration(host=URL))
    tokens = livret.IdentityApi(client).log_in(livret.Credentials(email=email, password=PASSWORD))
    return livret.ApiClient(livret.Configuration(host=URL, access_token=tokens.access_token))


def refused(status, code, call):
    try:
        call()
    except ApiException as error:
        problem = livret.Problem.from_json(error.body)
        assert (error.status, problem.code) == (status, code), error
        return problem
    raise AssertionError(f"not refused: {code}")


def raw(path, token):
    request = urllib.request.Request(URL + path, headers={"Authorization": f"Bearer {token}"})
    return urllib.request.urlopen(request).read()


tutor = signed_in("tutrice@horizon.example")
coordinator = signed_in("coordinatrice@horizon.example")

# Lists by pages.
booklets, after = [], None
while True:
    page = livret.BookletsApi(tutor).list_booklets(limit=2, after=after)
    booklets += page.items
    after = page.next
    if after is None:
        break
assert len(booklets) > 2
booklet = next(one for one in booklets if one.state == "active")

# Create, patch with null, a stale version, all faults at once.
addresses = livret.AddressesApi(tutor)
body = livret.PersonalContactInput(category=livret.AddressCategory.CEP, name="Mme Roux", phone="+33561000009", comment="Le mardi.")
contact = addresses.create_personal_contact(booklet.id, body)
patch = livret.PersonalContactInputPatch(comment=None)
patched = addresses.update_personal_contact(contact.id, patch, if_match=contact.etag)
assert (patched.comment, patched.phone) == (None, contact.phone)
refused(412, "stale", lambda: addresses.update_personal_contact(contact.id, patch, if_match=contact.etag))
# What the client itself would refuse is sent past its checks.
faulty = livret.PersonalContactInput.model_construct(category=livret.AddressCategory.CEP, name="", phone="12")
problem = refused(422, "invalid", lambda: addresses.create_personal_contact(booklet.id, faulty))
assert sorted(fault.pointer for fault in problem.errors) == ["/name", "/phone"]

# The whole booklet, and the feed.
full = livret.BookletsApi(tutor).get_full_booklet(booklet.id)
assert full.booklet.id == booklet.id
changes = livret.ChangesApi(coordinator).list_changes(limit=100)
assert changes.items and all("." in change.type for change in changes.items)

# Files: what the client gives are the bytes that are sent.
exports, token = livret.ExportsApi(coordinator), coordinator.configuration.access_token
for form in ("csv", "xlsx", "jsonl"):
    taken = exports.export_dataset("users", format=form)
    assert isinstance(taken, (bytes, bytearray)), (form, type(taken))
    sent = raw(f"/v1/exports/users?format={form}", token)
    assert len(taken) == len(sent) if form == "xlsx" else bytes(taken) == sent, form
imports = livret.ImportsApi(coordinator)
begun = imports.create_import("candidates", b"given_name,family_name\nLou,Martin\n", format="csv")
for _ in range(100):
    begun = imports.get_import(begun.id)
    if begun.state != "checking":
        break
    time.sleep(0.1)
assert (begun.state, begun.rows_total, begun.rows_faulty) == ("ready", 1, 0), begun
print(f"Python: {len(booklets)} booklets, {len(changes.items)} changes, three files and an import")
