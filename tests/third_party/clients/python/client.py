"""A CRM's day with the generated client: what it is promised by the types, it gets from the service."""

import importlib
import os
import pkgutil
import uuid

import livret_client
from livret_client import AuthenticatedClient, Client
from livret_client.api.identity import get_me, log_in
from livret_client.api.booklets import list_booklets
from livret_client.api.addresses import (
    create_personal_contact,
    delete_personal_contact,
    get_personal_contact,
    update_personal_contact,
)
from livret_client.api.completed_actions import list_completed_actions
from livret_client.models import (
    AddressCategory,
    BookletPage,
    BookletState,
    Certification,
    CompletedActionPage,
    CompletedSource,
    Credentials,
    Me,
    PersonalContact,
    PersonalContactInput,
    PersonalContactInputPatch,
    Problem,
    Role,
    Tokens,
)

URL = os.environ["LIVRET_URL"]
EMAIL = "tutrice@horizon.example"


def got(answer, status, kind):
    assert answer.status_code == status, answer
    assert isinstance(answer.parsed, kind), answer
    return answer.parsed


def refused(answer, status, code):
    problem = got(answer, status, Problem)
    assert (problem.status, problem.code) == (status, code), problem
    return problem


# Every module that was generated can be imported.
for module in pkgutil.walk_packages(livret_client.__path__, "livret_client."):
    importlib.import_module(module.name)

# Log in.
anonymous = Client(base_url=URL, headers={"Connection": "close"})
answer = log_in.sync_detailed(client=anonymous, body=Credentials(email=EMAIL, password="wrong"))
refused(answer, 401, "invalid_credentials")
answer = log_in.sync_detailed(client=anonymous, body=Credentials(email=EMAIL, password="livret de demonstration"))
token = got(answer, 200, Tokens).access_token
client = AuthenticatedClient(base_url=URL, headers={"Connection": "close"}, token=token)
assert got(get_me.sync_detailed(client=client), 200, Me).role == Role.TUTOR

# Walk pages.
booklets = []
page = got(list_booklets.sync_detailed(client=client, limit=2), 200, BookletPage)
booklets += page.items
while page.next_ is not None:
    page = got(list_booklets.sync_detailed(client=client, limit=2, after=page.next_), 200, BookletPage)
    booklets += page.items
whole = got(list_booklets.sync_detailed(client=client, limit=100), 200, BookletPage)
assert len(booklets) > 2
assert [booklet.id for booklet in booklets] == [booklet.id for booklet in whole.items]

# Read unions: a certification or null, an outcome or null.
for booklet in booklets:
    assert booklet.certification is None or booklet.certification.label
    assert booklet.outcome is None or booklet.closed_on is not None
assert Certification in {type(booklet.certification) for booklet in booklets}
assert None in {booklet.outcome for booklet in booklets}

# Read what is told apart by a field: by hand, or derived from a sheet.
actions = []
for booklet in booklets:
    page = got(list_completed_actions.sync_detailed(booklet.id, client=client), 200, CompletedActionPage)
    actions += page.items
assert {action.source for action in actions} == set(CompletedSource), actions
for action in actions:
    assert (action.source == CompletedSource.SHEET) == (action.sheet_item_id is not None), action

# Create; sent again under its key, the same request has one effect and the same answer.
booklet = next(booklet for booklet in booklets if booklet.state == BookletState.ACTIVE)
body = PersonalContactInput(
    category=AddressCategory.CEP, name="Mme Roux", phone="+33561000009", comment="Disponible le mardi."
)
key = str(uuid.uuid4())
answer = create_personal_contact.sync_detailed(booklet.id, client=client, body=body, idempotency_key=key)
contact = got(answer, 201, PersonalContact)
assert answer.headers["ETag"] == contact.etag
answer = create_personal_contact.sync_detailed(booklet.id, client=client, body=body, idempotency_key=key)
assert got(answer, 201, PersonalContact).id == contact.id
assert answer.headers["Idempotent-Replayed"] == "true"

# Patch with null: one field is erased, the others stay.
body = PersonalContactInputPatch(comment=None)
answer = update_personal_contact.sync_detailed(contact.id, client=client, body=body, if_match=contact.etag)
patched = got(answer, 200, PersonalContact)
assert (patched.comment, patched.phone) == (None, contact.phone)

# A stale version: nothing is changed, and the problem says so.
body = PersonalContactInputPatch(name="M. Arnaud")
answer = update_personal_contact.sync_detailed(contact.id, client=client, body=body, if_match=contact.etag)
assert refused(answer, 412, "stale").type_.endswith("/problems/stale")
answer = get_personal_contact.sync_detailed(contact.id, client=client)
assert got(answer, 200, PersonalContact).name == "Mme Roux"

# All faults at once, each with its pointer.
body = PersonalContactInput(category=AddressCategory.CEP, name="", phone="12")
answer = create_personal_contact.sync_detailed(booklet.id, client=client, body=body)
assert sorted(fault.pointer for fault in refused(answer, 422, "invalid").errors) == ["/name", "/phone"]

# Delete.
answer = delete_personal_contact.sync_detailed(contact.id, client=client, if_match=patched.etag)
assert answer.status_code == 204, answer
refused(get_personal_contact.sync_detailed(contact.id, client=client), 404, "not_found")

print(f"Python: {len(booklets)} booklets walked, one contact made, changed and deleted")
