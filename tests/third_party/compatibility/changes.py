"""Changes of a contract: what each is, where a diff must see it, and how it is made.

Places are JSON pointers into the document and begin what the diff answers. They do not overlap. A place that is
gone by a later release fails with a KeyError: take another one of the same kind.
"""

import copy


def schema(name, *path):
    return "#/components/schemas/" + "/".join((name, *path))


def operation(path, method):
    return f"#/paths/{path.replace('/', '~1')}/{method}"


def at(contract, place):
    """The node that a pointer names."""
    for part in place.removeprefix("#/").split("/"):
        part = part.replace("~1", "/")
        contract = contract[int(part) if isinstance(contract, list) else part]
    return contract


def remove(place):
    parent, _, name = place.rpartition("/")
    return place, lambda contract: at(contract, parent).pop(name.replace("~1", "/"))


def replace(place, value):
    parent, _, name = place.rpartition("/")
    return place, lambda contract: at(contract, parent).update({name.replace("~1", "/"): value})


def append(place, value):
    return place, lambda contract: at(contract, place).append(value)


def drop(place, value):
    return place, lambda contract: at(contract, place).remove(value)


def require(place, name):
    return place + "/required", lambda contract: at(contract, place).setdefault("required", []).append(name)


def parameter(place, name, **changes):
    """Changes a parameter, or removes it."""

    def change(contract):
        found = next(p for p in at(contract, place)["parameters"] if p["name"] == name)
        found.update(changes) if changes else at(contract, place)["parameters"].remove(found)

    return place + "/parameters", change


def add_parameter(place, name, **more):
    text = {"type": "string", "maxLength": 9}
    return append(place + "/parameters", {"name": name, "in": "query", "schema": text, **more})


def several(place, name):
    """Lets a parameter that took one value take several, with commas between."""

    def change(contract):
        found = next(p for p in at(contract, place)["parameters"] if p["name"] == name)
        found.update(schema={"type": "array", "items": found["schema"]}, style="form", explode=False)

    return place + "/parameters/0", change


TEXT = {"type": "string", "maxLength": 9}
JSON = "content/application~1json"

BREAKING = [
    (name, place, change)
    for name, (place, change) in [
        ("an operation is removed", remove(operation("/v1/notes/{id}", "delete"))),
        ("a path is removed", remove("#/paths/~1v1~1milestones")),
        ("an operation has another name", replace(operation("/v1/me", "get") + "/operationId", "who_am_i")),
        ("a response field is removed", remove(schema("Note", "allOf", "1", "properties", "pinned"))),
        ("a response field may be absent", drop(schema("Plan", "allOf", "1", "required"), "state")),
        ("a response field has another type", replace(schema("User", "allOf", "1", "properties", "family_name", "type"), "integer")),
        ("a response field may be null", replace(schema("Pledge", "allOf", "1", "properties", "body", "type"), ["string", "null"])),
        ("a response status is removed", remove(operation("/v1/pledges/{id}", "get") + "/responses/304")),
        ("a response header is removed", remove(operation("/v1/pledges/{id}", "get") + "/responses/200/headers/ETag")),
        ("a response has no JSON any more", remove(operation("/v1/vae-stages", "get") + f"/responses/200/{JSON}")),
        ("an enum of requests loses a value", drop(schema("FirstItemState", "enum"), "done")),
        ("an enum of both loses a value", drop(schema("ContactMode", "enum"), "sms")),
        ("an enum of responses loses a value", drop(schema("PlanState", "enum"), "proposed")),
        ("an optional input is required", require(schema("NoteInput"), "pinned")),
        ("a new input is required", require(schema("SignatureInput"), "weather")),
        ("an input is removed", remove(schema("FollowUpInput", "properties", "comment"))),
        ("an input has another type", replace(schema("SheetItemInput", "properties", "label", "type"), "integer")),
        ("an input may not be null any more", replace(schema("BookletInput", "properties", "opened_on", "type"), "string")),
        ("an upper bound of an input is tightened", replace(schema("Credentials", "properties", "password", "maxLength"), 12)),
        ("a lower bound of an input is tightened", replace(schema("PledgeInput", "properties", "body", "minLength"), 9)),
        ("a body is required", replace(operation("/v1/booklets/{id}/plan-steps/from-template", "post") + "/requestBody/required", True)),
        ("a parameter is removed", parameter(operation("/v1/candidates", "get"), "q")),
        ("a parameter is required", parameter(operation("/v1/users", "get"), "role", required=True)),
        ("a new parameter is required", add_parameter(operation("/v1/users/{id}", "get"), "since", required=True)),
        ("a variant of a union is removed", drop(schema("Booklet", "allOf", "1", "properties", "certification", "oneOf"), {"$ref": schema("Certification")})),
        ("what was public needs a token", remove(operation("/problems", "get") + "/security")),
        ("a role may no longer", drop(operation("/v1/booklets", "post") + "/x-roles", "integration")),
        ("another scope is asked for", replace(operation("/v1/candidates", "post") + "/x-scope", "weather")),
    ]
]


def new_operation(contract):
    new = copy.deepcopy(contract["paths"]["/v1/me"]["get"])
    contract["paths"]["/v1/weather"] = {"get": {**new, "operationId": "get_weather"}}


COMPATIBLE = [
    (name, place, change)
    for name, (place, change) in [
        ("a new operation", ("#/paths/~1v1~1weather", new_operation)),
        ("a new optional input", replace(schema("NoteInput", "properties", "weather"), TEXT)),
        ("a new optional parameter", add_parameter(operation("/v1/users", "get"), "weather")),
        ("a parameter takes several values", several(operation("/v1/imports", "get"), "state")),
        ("a new response field", replace(schema("Note", "allOf", "1", "properties", "weather"), TEXT)),
        ("a new response field, always there", replace(schema("Plan", "allOf", "1", "properties", "weather"), TEXT)),
        ("… which is required", require(schema("Plan", "allOf", "1"), "weather")),
        ("a new value of a response enum", append(schema("SheetState", "enum"), "lost")),
        ("a new value of an enum of both", append(schema("ContactMode", "enum"), "fax")),
        ("a required input is optional", drop(schema("SheetItemInput", "required"), "kind")),
        ("a bound of an input is wider", replace(schema("Credentials", "properties", "password", "maxLength"), 256)),
        ("an operation is deprecated", replace(operation("/v1/me", "get") + "/deprecated", True)),
        ("another text", replace(schema("User", "description"), "Somebody.")),
        ("another extension", replace(operation("/v1/me", "get") + "/x-weather", "fine")),
    ]
]
