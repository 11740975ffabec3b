"""Exports as others read them: CSV by Python's csv, XLSX by openpyxl, JSON Lines, and the archive by
zipfile. All forms say the same, and nothing that people wrote is calculated.

    server.py sqlite|postgres python bulk_out/read_back.py
"""

import csv
import hashlib
import io
import json
import os
import urllib.request
import zipfile

import openpyxl
from openpyxl.utils.escape import unescape

URL = os.environ["LIVRET_URL"]
ODD = ["=1+1", "+33 6 12", "-2", "@SUM(A1)", "'tis", "a;b,\"c\"\nd", "_x0041_", "é\u00a0\U0001f44d"]


def call(path, token=None, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(URL + path, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def of_csv(text, value):
    """The value that a cell of CSV stands for, where JSON Lines say `value`."""
    if value is None or isinstance(value, (bool, int, list, dict)):
        return json.loads(text) if text else None
    return text[1:] if text.startswith("'") else text


def of_xlsx(found, value):
    # openpyxl leaves the escapes of Office Open XML as they are, which spreadsheets read.
    found = unescape(found) if isinstance(found, str) else found
    return json.loads(found) if isinstance(value, (list, dict)) else found


def check(token, dataset, columns):
    export = f"/v1/exports/{dataset}"
    lines = [json.loads(line) for line in call(f"{export}?format=jsonl", token).splitlines()]
    for query, separator, encoding in [("", ",", "utf-8"), ("?separator=semicolon", ";", "utf-8-sig")]:
        text = call(export + query, token).decode(encoding)
        head, *records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        assert head == columns, (dataset, head)
        assert len(records) == len(lines), (dataset, len(records), len(lines))
        for record, line in zip(records, lines):
            for name, text in zip(columns, record, strict=True):
                assert of_csv(text, line[name]) == line[name], (dataset, name, text, line[name])
                dangerous = isinstance(line[name], str) and text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")
                assert not dangerous, (dataset, name, text)
    book = openpyxl.load_workbook(io.BytesIO(call(f"{export}?format=xlsx", token)))
    assert book.sheetnames == [dataset]
    head, *rows = book.active.iter_rows()
    assert [one.value for one in head] == columns
    assert len(rows) == len(lines), (dataset, len(rows), len(lines))
    for row, line in zip(rows, lines):
        for name, one in zip(columns, row, strict=True):
            assert one.data_type != "f", f"{dataset} {name} is calculated: {one.value}"
            assert of_xlsx(one.value, line[name]) == line[name], (dataset, name, one.value, line[name])
    return len(lines), lines


def check_archive(token, tables):
    archive = zipfile.ZipFile(io.BytesIO(call("/v1/exports/archive", token)))
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["openapi_sha256"] == hashlib.sha256(archive.read("openapi.json")).hexdigest()
    for packed in manifest["datasets"]:
        content = archive.read(packed["file"])
        assert packed["sha256"] == hashlib.sha256(content).hexdigest(), packed
        assert (packed["bytes"], packed["rows"]) == (len(content), content.count(b"\n")), packed
        if packed["dataset"] != "accesses":
            lines = [json.loads(line) for line in content.splitlines()]
            assert lines == tables[packed["dataset"]], packed["dataset"]
    return len(manifest["datasets"])


def main():
    login = {"email": "coordinatrice@horizon.example", "password": "livret de demonstration"}
    token = json.loads(call("/v1/auth/login", body=login))["access_token"]
    # As the service keeps them: names stand on one line, without signs that nobody sees.
    kept = []
    for given_name in ODD:
        person = {"given_name": given_name, "family_name": "Export", "phone": "+33612345678"}
        kept.append(json.loads(call("/v1/candidates", token, person))["given_name"])
    count, tables = 0, {}
    for dataset in json.loads(call("/v1/exports", token))["items"]:
        # The log grows while it is read.
        if dataset["dataset"] == "accesses":
            continue
        rows, tables[dataset["dataset"]] = check(token, dataset["dataset"], dataset["columns"])
        count += rows
    odd = [row for row in tables["candidates"] if row["family_name"] == "Export"]
    assert [row["given_name"] for row in odd] == kept
    assert {row["phone"] for row in odd} == {"+33612345678"}
    print(f"{count} rows of {len(tables)} tables, {check_archive(token, tables)} in the archive")


main()
