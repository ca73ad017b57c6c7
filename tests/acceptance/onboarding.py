"""What a partner does, call by call, for tests of what follows."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count

import httpx

from ostiary.specimens.drawing import specimen
from tests.material import picture

PATIENCE_S = 120
"""Of a test that waits for an event: only a failing one ever waits so long, and a busy machine is no failure."""
_seeds = count(1)


@dataclass(frozen=True)
class Onboarded:
    """A client with a request for cards."""

    client_id: str
    request_id: str
    picture: bytes

    @property
    def path(self) -> str:
        return f"/management/clients/individuals/{self.client_id}/products/{self.request_id}"


def person(mark: object) -> dict[str, object]:
    return {
        "first_name": "Maria", "last_name": "Barber", "email": f"maria.{mark}@example.com", "birth_date": "1984-11-21",
        "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"},
        "phone_country_code": 54, "phone_number": 1168860622,
    }  # fmt: skip


def new_client(partner: httpx.Client, mark: object) -> str:
    answer = partner.post("/management/clients/individuals", json=person(mark))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def drawn(number: str, country: str = "ARG") -> bytes:
    """A passport page of that person, which a machine can read."""
    return specimen(
        next(_seeds), number=number, surname="Barber", given_names="Maria", country=country,
        birth_date=date(1984, 11, 21), expiration_date=date(2034, 5, 31),
    )  # fmt: skip


def documented(partner: httpx.Client, number: str, page: bytes | None = None) -> Onboarded:
    """A client with a passport of that number, nothing missing. Without a page, one that nobody can read."""
    seed = next(_seeds)
    client_id, content = new_client(partner, f"{number.lower()}{seed}"), page or picture(seed)
    asked = partner.post(
        f"/management/clients/individuals/{client_id}/products", json={"subproduct": "cards_individuals"}
    )
    onboarded = Onboarded(client_id, asked.json()["id"], content)
    sent = upload(partner, onboarded, number, content)
    assert sent.json()["rejected_items"] == [], sent.text
    return onboarded


def upload(partner: httpx.Client, onboarded: Onboarded, number: str, content: bytes) -> httpx.Response:
    front = "data:image/jpeg;base64," + base64.b64encode(content).decode()
    document = {"document_type": "passport", "image_front": front, "metadata": {"number": number}}
    return partner.post(onboarded.path + "/documentation", json={"document": document})


def submitted(partner: httpx.Client, number: str, page: bytes | None = None) -> Onboarded:
    onboarded = documented(partner, number, page)
    answer = partner.post(onboarded.path + "/submit")
    assert answer.json()["product"]["status"] == "in_kyc", answer.text
    return onboarded


def until(holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not within {patience_s} s"
        time.sleep(0.05)
