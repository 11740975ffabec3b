"""What the service exports is valid by the package that publishes the format, and what that package
writes is taken in: of the demo data, as its coordinator."""

import os

import requests
from data_inclusion.schema import v1

SERVICE = os.environ["LIVRET_URL"]
PATH = f"{SERVICE}/v1/useful-addresses/data-inclusion/structures"
STRUCTURE = {
    "source": "dora",
    "id": "dora--AidantsConnect:2024-47BXY",
    "nom": "Centre social Le Tournesol",
    "date_maj": "2025-02-14",
    "description": "L'association offre un accès gratuit aux arts, à la culture et au sport.",
    "siret": "13003013300016",
    "code_postal": "97400",
    "commune": "Saint-Denis",
    "code_insee": "97411",
    "adresse": "12 rue de la Mer",
    "longitude": 55.45,
    "latitude": -20.88,
    "telephone": "+262262000001",
    "courriel": "exemple@inclusion.gouv.fr",
    "site_web": "https://tournesol.example.org/",
    "reseaux_porteurs": ["mission-locale"],
}


def main():
    login = {"email": "coordinatrice@horizon.example", "password": "livret de demonstration"}
    tokens = requests.post(f"{SERVICE}/v1/auth/login", json=login, timeout=30).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    written = v1.Structure(**STRUCTURE).model_dump(mode="json")
    for outcome in ["created", "unchanged"]:
        answer = requests.post(PATH, json={"structures": [written]}, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        assert [one["outcome"] for one in answer.json()["structures"]] == [outcome], answer.text

    structures = requests.get(PATH, headers=headers, timeout=30).json()["structures"]
    read = {one["id"]: v1.Structure(**one) for one in structures}
    assert len(read) == len(structures) > 1, structures
    back = read[STRUCTURE["id"]]
    for field in ["source", "nom", "date_maj", "description", "code_postal", "commune", "adresse", "telephone", "courriel", "site_web"]:
        assert getattr(back, field) == getattr(v1.Structure(**STRUCTURE), field), field
    print(f"{len(read)} structures are valid by data-inclusion-schema")


main()
