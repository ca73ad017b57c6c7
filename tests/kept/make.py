"""Makes an installation with something of everything in it, by whatever version is installed, and keeps it.

    python tests/kept/make.py tests/kept/NNNN.tar.gz        NNNN is the schema of that version

Run it once before a release that changes what is stored, with that version's own Python. The archive has the data
folder, under a master key that everybody knows, and `answers.json`: what the API said of it. People in it are invented.
"""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from ostiary.specimens.drawing import specimen

MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
OSTIARY = Path(sys.executable).with_name("ostiary")
CLIENTS = "/management/clients/individuals"
LIST = """id,schema,name,aliases,birth_date,countries,dataset
NK-1,Person,Listed Person,Another Name,1970-02-03,ar,invented
"""
NOTE = "Too dark to tell who it is."
"""What an operator wrote: sealed, and shown to operators only."""
REFERENCE = "an older system's key 7"
SETTLED = {"enabled", "rejected", "pending_documentation"}
PATIENCE_S = 900
LATER = date(2034, 5, 31)
"""After it a machine-readable date of two digits would mean the century before."""
LARGEST_PX, QUALITY = (760, 760), 40
"""Of a page that is read; one that only lies there may be smaller."""
UNREAD_PX, UNREAD_QUALITY = (440, 440), 35


class NewInstallation:
    """One installation while it is being made."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port = int(chosen.getsockname()[1])
        (folder / "list.csv").write_text(LIST)
        providers = folder / "providers.yaml"
        providers.write_text("screening:\n  own:\n    kind: local\n    file: list.csv\n")
        self.data = folder / "data"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OSTIARY_")}
        self.variables = {
            **clean, "OSTIARY_DATA_DIR": str(self.data), "OSTIARY_MASTER_KEY": MASTER_KEY,
            "OSTIARY_PROVIDERS": str(providers), "OSTIARY_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8",
            "OSTIARY_RATE_LIMIT_PER_SECOND": "0",
        }  # fmt: skip
        self.answers: list[dict[str, Any]] = []

    def command(self, *words: str) -> Any:
        done = subprocess.run(
            [OSTIARY, *words, "--json"], env=self.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr)
        return json.loads(done.stdout)

    def partner(self, name: str, environment: str) -> httpx.Client:
        company = self.command("company", "create", "--name", name, "--environment", environment)["company_id"]
        key = self.command("key", "create", "--company", company, "--level", "3")["key"]
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers={"x-api-key": key}, timeout=60)

    def keep(self, partner: httpx.Client, path: str) -> Any:
        """Reads something, and keeps what was said."""
        answer = partner.get(path)
        assert answer.status_code == 200, (path, answer.text)
        self.answers.append({"key": partner.headers["x-api-key"], "path": path, "answer": answer.json()})
        return answer.json()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


def person(mark: str, first: str, last: str, birth: str) -> dict[str, object]:
    return {
        "first_name": first, "last_name": last, "second_name": "Julia", "email": f"{mark}@example.com",
        "birth_date": birth, "phone_country_code": 54, "phone_number": 1168860622, "occupation": "Teacher",
        "address": {"street_line1": "Florida 9860", "street_line2": "2 B", "city": "Del Viso", "postal_code": "1669",
                    "state": "ARG-B", "country": "ARG"},
    }  # fmt: skip


def onboard(
    partner: httpx.Client, details: dict[str, object], number: str, page: bytes, *, is_submitted: bool = True
) -> tuple[str, str]:
    """A client with a passport for cards; the ids of client and request."""
    client = partner.post(CLIENTS, json=details, headers={"idempotency-key": f"client {number}".replace(" ", "-")})
    assert client.status_code == 201, client.text
    at = f"{CLIENTS}/{client.json()['id']}/products"
    request = partner.post(at, json={"subproduct": "cards_individuals"}).json()
    front = "data:image/jpeg;base64," + base64.b64encode(page).decode()
    document = {"document_type": "passport", "image_front": front, "metadata": {"number": number}}
    sent = partner.post(f"{at}/{request['id']}/documentation", json={"document": document})
    assert sent.status_code == 200, sent.text
    if is_submitted:
        assert partner.post(f"{at}/{request['id']}/submit").status_code == 200
    return str(client.json()["id"]), str(request["id"])


def page(seed: int, number: str, surname: str, given: str, birth: date, *, is_read: bool = True) -> bytes:
    """A passport's page, small: the archive stays in the repository for ever."""
    drawn = specimen(
        seed, number=number, surname=surname, given_names=given, country="ARG", birth_date=birth,
        expiration_date=LATER,
    )  # fmt: skip
    small = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.thumbnail(LARGEST_PX if is_read else UNREAD_PX)
        picture.convert("L").save(small, "JPEG", quality=QUALITY if is_read else UNREAD_QUALITY)
    return small.getvalue()


def production(installation: NewInstallation) -> None:
    """Read by machine: enabled, returned, before a person for several reasons, refused."""
    partner = installation.partner("Kept", "production")
    birth = date(1984, 11, 21)

    def status(ids: tuple[str, str]) -> str:
        return str(partner.get(f"{CLIENTS}/{ids[0]}/products/{ids[1]}").json()["status"])

    def reviewed(ids: tuple[str, str]) -> bool:
        return any(waiting["request_id"] == ids[1] for waiting in installation.command("review", "list"))

    good = onboard(partner, person("maria", "Maria", "Barber", "1984-11-21"), "AB1234567",
                   page(1, "AB1234567", "Barber", "Maria Julia", birth))  # fmt: skip
    other = onboard(partner, person("ana", "Ana", "Lopez", "1984-11-21"), "AB2345678",
                    page(2, "AB2345678", "Gomez", "Ana Julia", birth))  # fmt: skip
    listed = onboard(partner, person("listed", "Listed", "Person", "1970-02-03"), "AB3456789",
                     page(3, "AB3456789", "Person", "Listed Julia", date(1970, 2, 3)))  # fmt: skip
    refused = onboard(partner, person("carla", "Carla", "Diaz", "1990-01-31"), "AB4567890",
                      page(4, "AB4567890", "Diaz", "Carla Julia", date(1970, 1, 31)))  # fmt: skip
    begun = onboard(partner, person("eva", "Eva", "Sosa", "1990-01-31"), "AB5678901",
                    page(5, "AB5678901", "Sosa", "Eva Julia", date(1990, 1, 31)), is_submitted=False)  # fmt: skip
    everybody = (good, other, listed, refused)
    moved = person("eva", "Evita", "Sosa", "1990-01-31") | {"reference": REFERENCE}
    changed = partner.put(f"{CLIENTS}/{begun[0]}", json=moved)
    assert changed.status_code == 200, changed.text
    until(lambda: all(status(ids) in SETTLED or reviewed(ids) for ids in everybody))
    installation.keep(partner, CLIENTS)
    for ids in (*everybody, begun):
        installation.keep(partner, f"{CLIENTS}/{ids[0]}")
        installation.keep(partner, f"{CLIENTS}/{ids[0]}/products/{ids[1]}?expand=rejected_items")


def sandbox(installation: NewInstallation, endpoint: str) -> None:
    """Decided by scenarios; told to an endpoint that fails first."""
    partner = installation.partner("Kept Sandbox", "sandbox")
    hook = {"url": endpoint, "webhook_key": "a key", "include_sequence": True}
    assert partner.post("/management/companies/webhook/subscribe", json=hook).status_code == 200
    rotated = partner.post("/management/companies/webhook/signing-secret/rotate", json={"overlap_hours": 168})
    assert rotated.status_code == 200, rotated.text
    made_of = {"usual": "AB1234567", "back": "RETRY123", "gone": "REJECT1", "looked-at": "REVIEW1"}
    births = {"usual": "1984-11-21", "back": "1984-11-22", "gone": "1984-11-23", "looked-at": "1984-11-24"}
    onboarded = {
        name: onboard(partner, person(name, "Sandy", "Box", births[name]), number,
                      page(10 + len(name), number, "Box", "Sandy", date.fromisoformat(births[name]), is_read=False))
        for name, number in made_of.items()
    }  # fmt: skip
    returned = onboarded["looked-at"]

    def delivered() -> int:
        deliveries = partner.get("/management/companies/webhook/deliveries?limit=200").json()
        return sum(delivery["state"] == "delivered" for delivery in deliveries)

    until(lambda: delivered() >= 7)
    installation.command("review", "show", returned[1], "--operator", "ana")
    installation.command(
        "review", "return", returned[1], "--reason", "image_blurred", "--operator", "ana", "--note", NOTE
    )
    until(lambda: delivered() >= 8)
    for ids in onboarded.values():
        installation.keep(partner, f"{CLIENTS}/{ids[0]}")
        installation.keep(partner, f"{CLIENTS}/{ids[0]}/products/{ids[1]}?expand=rejected_items")
    for delivery in installation.keep(partner, "/management/companies/webhook/deliveries?limit=200"):
        installation.keep(partner, f"/management/companies/webhook/deliveries/{delivery['id']}")
    installation.keep(partner, "/management/companies/webhook")


class Endpoint(BaseHTTPRequestHandler):
    """Takes what comes, but not the first."""

    refuses = 1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(500 if Endpoint.refuses else 200)
        Endpoint.refuses = 0
        self.end_headers()
        self.wfile.write(b"an answer that is kept")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as name, HTTPServer(("127.0.0.1", 0), Endpoint) as endpoint:
        threading.Thread(target=endpoint.serve_forever, daemon=True).start()
        folder = Path(name)
        installation = NewInstallation(folder)
        service = subprocess.Popen([OSTIARY, "serve", "--port", str(installation.port)], env=installation.variables)
        try:
            until(lambda: socket.socket().connect_ex(("127.0.0.1", installation.port)) == 0)
            sandbox(installation, f"http://127.0.0.1:{endpoint.server_address[1]}/")
            production(installation)
        finally:
            service.terminate()
            service.wait(60)
            endpoint.shutdown()
        backup = folder / "backup"
        installation.command("backup", str(backup))
        (folder / "answers.json").write_text(json.dumps(installation.answers, indent=1, ensure_ascii=False))
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(backup, "backup")
            tar.add(folder / "answers.json", "answers.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
