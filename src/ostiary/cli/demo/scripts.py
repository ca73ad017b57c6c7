"""The onboardings of the demo: in a sandbox one goes through, one is rejected, one is sent back and then goes through;
in a production company one whose passport is read for real."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ostiary.adapters.reader.availability import missing
from ostiary.cli.demo.client import Partner
from ostiary.domain.errors import Refused

SANDBOX, PRODUCTION = "sandbox", "production"
PRODUCT = "cards_individuals"
CLIENTS = "/management/clients/individuals"
VERDICT_S = 60
"""A sandbox decides within a second, and a page is read in two; this long covers a busy machine."""
POLL_S = 0.3
PAGE_CHARACTERS = 9
"""A page's machine-readable lines hold no longer number."""
FIRST_NAME, LAST_NAME, BIRTH_DATE, COUNTRY = "Maria", "Barber", "1984-11-21", "ARG"
EXPIRATION_DATE = "2034-05-31"


@dataclass(frozen=True, slots=True)
class Story:
    """One onboarding: a sandbox decides by the document's number, which begins with `number`; production reads it."""

    title: str
    number: str
    ends: str
    play: Callable[[Visit], None]
    environment: str = SANDBOX

    @property
    def is_possible(self) -> bool:
        """Reading needs the extra."""
        return self.environment == SANDBOX or not missing()


@dataclass(slots=True)
class Visit:
    """A client on its way through. `is_new` tells whether the calls of a plain onboarding are new to who watches."""

    partner: Partner
    number: str
    is_new: bool
    client: str = ""
    request: str = ""
    status: str = ""
    pages: int = 0

    @property
    def path(self) -> str:
        return f"{CLIENTS}/{self.client}/products/{self.request}"


def play_enabled(visit: Visit) -> None:
    _submitted(visit)
    _verdict(visit, lambda answer: "Enabled: the client can use the product now. Nothing is left to do.")


def play_rejected(visit: Visit) -> None:
    _submitted(visit)
    _verdict(visit, lambda answer: f"Rejected, and this is why: {answer.get('rejection_description', 'nobody said')}")
    if visit.status == "rejected":
        _request_again(visit)


def _request_again(visit: Visit) -> None:
    again = visit.partner.call(
        "POST",
        f"{CLIENTS}/{visit.client}/products",
        {"subproduct": PRODUCT},
        means=lambda answer: (
            f"Rejected is final for that request, but no dead end: a new one may be made, and here it is, "
            f"{answer['status']}. The accepted document still counts, so nothing has to be sent again."
        ),
    )
    visit.partner.call(
        "POST",
        f"{CLIENTS}/{visit.client}/products/{again['id']}/withdraw",
        means="We do not want it in this demo, so we withdraw it.",
    )


def play_retried(visit: Visit) -> None:
    _submitted(visit)
    _verdict(visit, _sent_back, expand="rejected_items")
    if visit.status == "pending_documentation":
        _upload(visit, "Only that document was asked for again, and the new picture is accepted.", is_new=True)
        _submit(visit)
        _verdict(visit, lambda answer: "Enabled at the second try.")


def play_read(visit: Visit) -> None:
    _submitted(visit)
    _verdict(visit, _read, expand="explain")


STORIES = (
    Story("A client who is let in", "UT", "enabled", play_enabled),
    Story("A client who is rejected", "REJECT", "rejected", play_rejected),
    Story("A client who is sent back, and tries again", "RETRY", "enabled", play_retried),
    Story(
        title="A client of a production company, whose passport is read",
        number="AR",
        ends="enabled",
        play=play_read,
        environment=PRODUCTION,
    ),
)


def play(story: Story, partner: Partner, is_new: bool) -> Visit:
    """The visit as it ended. Raises Refused, Unavailable."""
    number = story.number + secrets.token_hex(4).upper()
    visit = Visit(partner, number[:PAGE_CHARACTERS] if story.environment == PRODUCTION else number, is_new)
    story.play(visit)
    return visit


def check_product(partner: Partner) -> None:
    """Raises Refused when the service cannot play this: no good key, or another catalogue."""
    status, _, answer = partner.ask("GET", "/management/products")
    if status != 200:
        raise Refused(f"The service answers {status}: {answer.get('message') if isinstance(answer, dict) else answer}")
    if PRODUCT not in [product["id"] for product in answer["products"]]:
        raise Refused(f"The service's catalogue has no product {PRODUCT}, which the demo plays with.")


def _submitted(visit: Visit) -> None:
    """A client who has requested the product, sent everything and submitted."""
    visit.client = visit.partner.call(
        "POST",
        CLIENTS,
        _person(visit.number),
        is_new=visit.is_new,
        means="The client exists now. What it may use is asked for next.",
    )["id"]
    visit.request = visit.partner.call(
        "POST", f"{CLIENTS}/{visit.client}/products", {"subproduct": PRODUCT}, means=_missing, is_new=visit.is_new
    )["id"]
    _upload(visit, "The picture was looked at at once and accepted. Nothing is missing any more.", is_new=visit.is_new)
    _submit(visit)


def _upload(visit: Visit, means: str, is_new: bool) -> None:
    from ostiary.specimens.drawing import specimen

    visit.pages += 1
    seed, number = secrets.randbits(24) * 8 + visit.pages, visit.number[:PAGE_CHARACTERS]
    page = specimen(
        seed,
        number=number,
        surname=LAST_NAME,
        given_names=FIRST_NAME,
        country=COUNTRY,
        birth_date=date.fromisoformat(BIRTH_DATE),
        expiration_date=date.fromisoformat(EXPIRATION_DATE),
    )
    front = "data:image/jpeg;base64," + base64.b64encode(page).decode()
    details = {"number": visit.number, "issuing_country": COUNTRY, "expiration_date": EXPIRATION_DATE}
    document = {"document_type": "passport", "image_front": front, "metadata": details}

    def explained(answer: Any) -> str:
        refused = answer["rejected_items"]
        return f"Not accepted: {refused[0]['reason']} {refused[0]['action']}" if refused else means

    visit.partner.call("POST", f"{visit.path}/documentation", {"document": document}, means=explained, is_new=is_new)


def _submit(visit: Visit) -> None:
    def explained(answer: Any) -> str:
        if answer["product"]["status"] == "in_kyc":
            return "Submitted: in_kyc, so the provider reviews it now. We ask until there is a verdict."
        return f"Not submitted. {_missing(answer['product'])}"

    visit.partner.call("POST", f"{visit.path}/submit", means=explained, is_new=visit.is_new)


def _verdict(visit: Visit, means: Callable[[Any], str], expand: str = "") -> None:
    """Asks until the request has left in_kyc, and keeps the last answer as a step."""
    path = visit.path + (f"?expand={expand}" if expand else "")
    deadline = time.monotonic() + VERDICT_S
    while time.monotonic() < deadline:
        _, _, answer = visit.partner.ask("GET", path)
        if not isinstance(answer, dict) or answer.get("status") != "in_kyc":
            break
        time.sleep(POLL_S)

    def explained(answer: Any) -> str:
        if answer["status"] != "in_kyc":
            return means(answer)
        return f"Still in review after {VERDICT_S} s. Does the key belong to a sandbox company, and does a worker run?"

    visit.status = visit.partner.call("GET", path, means=explained)["status"]


def _missing(answer: Any) -> str:
    """What a request asks for, as a partner's screen would put it."""
    asked = answer["missing_requirements"]
    documents = [
        f"{document['name'].lower()} ({' or '.join(kind['name'] for kind in document['valid_documents'])})"
        for document in asked["documents"]
    ]
    fields = [field["key"] for group in asked["data"] for field in group["fields"]]
    wanted = ", ".join([*documents, *fields])
    return f"The answer says what is still missing: {wanted}." if wanted else "Nothing is missing: it can be submitted."


def _sent_back(answer: Any) -> str:
    items = [f"{item['key']}: {item['reason']} {item['action']}" for item in answer.get("rejected_items", [])]
    return f"Sent back to {answer['status']}, with what to do again. {' '.join(items)}"


def _read(answer: Any) -> str:
    """What was compared, in a sentence."""
    judged = [line["judged"] for line in answer.get("explain", []) if "judged" in line]
    agreed = [rule["rule"] for judgement in judged for rule in judgement["rules"] if rule["result"] == "agrees"]
    read = f"The passport's machine-readable lines were read and compared: {', '.join(agreed)} agree."
    return f"{read} Nothing is doubtful, and the product's policy is auto: enabled, and nobody had to look."


def _person(number: str) -> dict[str, Any]:
    return {
        "first_name": FIRST_NAME,
        "last_name": LAST_NAME,
        "email": f"maria.{number.lower()}@example.com",
        "birth_date": BIRTH_DATE,
        "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": COUNTRY},
        "phone_country_code": 54,
        "phone_number": 1168860622,
    }
