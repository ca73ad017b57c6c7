"""Operators at the command line beside a running service: list, look, decide; partners hear of it."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import Onboarded, documented, drawn, submitted, until, upload

Start = Callable[..., RunningService]
HEARD_WITHIN_S = 3
"""Another process wrote it, so the worker finds it by polling: once a second."""


@pytest.fixture(scope="module")
def running(module_services: Start) -> RunningService:
    return module_services(allowed_private_networks="127.0.0.0/8")


@pytest.fixture
def service(running: RunningService) -> RunningService:
    return running.fresh()


def waiting(service: RunningService, number: str = "REVIEW1", kind: str = "sandbox") -> tuple[httpx.Client, Onboarded]:
    """A request under review, in a sandbox by scenario, in production since nobody has heard of the page's country."""
    partner = service.client(kind)
    onboarded = submitted(partner, number, None if kind == "sandbox" else drawn(number, country="UTO"))
    asked = {"expand": "next_action"}
    until(
        lambda: partner.get(onboarded.path, params=asked).json()["next_action"]["owner"] == "operator",
        "the review opens",
    )
    return partner, onboarded


def state(partner: httpx.Client, onboarded: Onboarded) -> dict[str, Any]:
    answer: dict[str, Any] = partner.get(onboarded.path, params={"expand": "rejected_items"}).json()
    return answer


def refused(answer: httpx.Response) -> list[str]:
    """The codes of the refused items."""
    return [item["code"] for item in answer.json()["rejected_items"]]


def review(service: RunningService, action: str, onboarded: Onboarded, *words: object) -> Any:
    """As an operator who looks first."""
    if action != "show":
        service.answer("review", "show", onboarded.request_id, "--operator", "ana")
    return service.answer("review", action, onboarded.request_id, "--operator", "ana", *words)


def open_reviews(service: RunningService, kind: str = "sandbox") -> Any:
    return service.answer("review", "list", "--company", service.company(kind))


def webhook_messages(service: RunningService, kind: str = "sandbox") -> list[str]:
    text = "SELECT state FROM messages WHERE topic = 'webhook' AND company_id = ? ORDER BY sequence"
    with closing(sqlite3.connect(service.data / "ostiary.sqlite3")) as database:
        rows = database.execute(text, (service.company(kind),))
        return [state for (state,) in rows]


def actions(service: RunningService, onboarded: Onboarded, kind: str = "sandbox") -> list[tuple[str, str]]:
    entries = service.answer("audit", "show", "--company", service.company(kind), "--client", onboarded.client_id)
    return [(entry["action"], entry["actor"]) for entry in entries]


def test_a_production_request_waits_is_looked_at_and_approved(service: RunningService, tmp_path: Path) -> None:
    nobody = {"url": "https://127.0.0.1:1/", "webhook_key": "key"}
    assert service.client("production").post("/management/companies/webhook/subscribe", json=nobody).status_code == 200
    partner, onboarded = waiting(service, "AB1234567", "production")
    (listed,) = open_reviews(service, "production")
    assert (listed["kind"], listed["product"], listed["company"]) == (
        "submission",
        "cards_individuals",
        "Acme production",
    )
    assert open_reviews(service) == []
    everybody = [request["request_id"] for request in service.answer("review", "list")]
    assert listed["request_id"] in everybody, "without a company, those of all"

    shown = review(service, "show", onboarded, "--save", tmp_path / "pictures")
    assert shown["client"]["last_name"] == "Barber"
    assert shown["documents"][0]["metadata"] == {"number": "AB1234567"}
    assert shown["documents"][0]["sides"]["image_front"]["sharpness"] > 0.24
    assert {requirement["requirement"]: bool(requirement["satisfied_by"]) for requirement in shown["requirements"]} == {
        "identity_document": True, "personal_information": True,
    }  # fmt: skip
    saved = tmp_path / "pictures" / f"{onboarded.request_id}-passport-front.jpg"
    assert shown["saved"] == [str(saved)]
    assert saved.read_bytes() == onboarded.picture
    assert [stat.S_IMODE(path.stat().st_mode) for path in (saved.parent, saved)] == [0o700, 0o600]
    assert [entry["action"] for entry in shown["audit"]][-2:] == ["review_looked", "pictures_looked"]
    judged = shown["documents"][0]["judgement"]
    assert (judged["outcome"], judged["reasons"]) == ("review", ["country_doubtful"])
    assert {rule["rule"] for rule in judged["rules"] if rule["result"] == "doubtful"} == {"issuing_country"}

    unsaid = service.cli("review", "approve", onboarded.request_id, "--operator", "ana")
    assert (unsaid.returncode, "against a doubt (country_doubtful) needs a note" in unsaid.stderr) == (1, True)
    other = service.cli("review", "approve", onboarded.request_id, "--operator", "bob", "--note", "seen")
    assert (other.returncode, "has to look first" in other.stderr) == (1, True)
    assert review(service, "approve", onboarded, "--note", "Utopia is fine")["status"] == "enabled"
    assert state(partner, onboarded)["status"] == "enabled"
    assert open_reviews(service, "production") == []
    assert actions(service, onboarded, "production")[-1] == ("verdict_approve", "operator:ana")
    assert webhook_messages(service, "production") == [
        "pending",
        "pending",
    ]  # submitted and decided; nobody listens there


def test_for_people_everything_is_said_in_words(service: RunningService, tmp_path: Path) -> None:
    _, onboarded = waiting(service)
    listed = service.cli("review", "list", "--company", service.company()).stdout
    assert onboarded.request_id in listed
    assert "Acme sandbox" in listed
    shown = service.cli("review", "show", onboarded.request_id, "--operator", "ana", "--save", tmp_path / "seen").stdout
    for words in (
        "Maria",
        "REVIEW1",
        "identity_document: met by passport",
        "sharpness",
        "These pictures are plain now",
    ):
        assert words in shown
    approved = service.cli("review", "approve", onboarded.request_id, "--operator", "ana")
    assert approved.stdout == f"decided: request {onboarded.request_id} is enabled\n"
    nothing = service.cli("review", "list", "--company", service.company()).stdout
    assert nothing == "Nothing waits for an operator.\n"


def test_pictures_are_never_written_over_and_looking_counts_all_the_same(
    service: RunningService, tmp_path: Path
) -> None:
    _, onboarded = waiting(service)
    taken = tmp_path / f"{onboarded.request_id}-passport-front.jpg"
    taken.write_text("mine")
    done = service.cli("review", "show", onboarded.request_id, "--operator", "ana", "--save", tmp_path)
    beside = taken.with_name(f"{taken.stem}-2.jpg")
    assert (done.returncode, beside.name in "".join(done.stdout.split())) == (0, True), done.stderr
    assert (taken.read_text(), beside.read_bytes()) == ("mine", onboarded.picture)
    assert actions(service, onboarded)[-1] == ("pictures_looked", "operator:ana")


def test_a_returned_request_asks_again_for_what_was_named(service: RunningService) -> None:
    partner, onboarded = waiting(service)
    review(service, "return", onboarded, "--reason", "image_blurred", "--text", "The number cannot be read.")
    after = state(partner, onboarded)
    assert after["status"] == "pending_documentation"
    assert [document["id"] for document in after["missing_requirements"]["documents"]] == ["identity_document"]
    (item,) = after["rejected_items"]
    assert (item["key"], item["code"], item["field"]) == ("passport", "image_blurred", "image_front")
    assert item["reason"] == "The number cannot be read."
    assert "duplicate_of_rejected" in refused(upload(partner, onboarded, "AB1", onboarded.picture))


def test_an_attribute_can_be_returned_too(service: RunningService) -> None:
    partner, onboarded = waiting(service)
    review(service, "return", onboarded, "--reason", "data_invalid", "--key", "phone")
    missing = state(partner, onboarded)["missing_requirements"]
    assert missing["documents"] == []
    assert [field["key"] for group in missing["data"] for field in group["fields"]] == ["phone"]


def test_rejecting_the_client_ends_every_live_request(service: RunningService) -> None:
    partner, onboarded = waiting(service)
    review(service, "reject", onboarded, "--reason", "not eligible", "--client")
    assert state(partner, onboarded)["rejection_description"] == "not eligible"
    assert partner.get(f"/management/clients/individuals/{onboarded.client_id}").json()["status"] == "rejected"


def test_a_change_to_an_enabled_client_is_reviewed_and_off_boarding_works(service: RunningService) -> None:
    partner, onboarded = waiting(service)
    review(service, "approve", onboarded)
    path = f"/management/clients/individuals/{onboarded.client_id}"
    assert partner.put(path, json={**partner.get(path).json(), "last_name": "Other"}).status_code == 200
    assert [request["kind"] for request in open_reviews(service)] == ["change"]
    assert review(service, "approve", onboarded)["status"] == "enabled"
    assert open_reviews(service) == []
    assert review(service, "reject", onboarded, "--reason", "account closed")["status"] == "rejected"
    assert partner.get(path).json()["status"] == "pending"


def test_a_released_number_may_serve_another_client(service: RunningService) -> None:
    partner, onboarded = waiting(service)
    other = documented(partner, "AB7654321")
    assert refused(upload(partner, other, "REVIEW1", other.picture)) == ["used_by_another_client"]
    document = review(service, "show", onboarded)["documents"][0]["id"]
    assert review(service, "release", onboarded, "--document", document)["document_id"] == document
    assert refused(upload(partner, other, "REVIEW1", other.picture)) == []


def test_whose_a_number_is_that_two_clients_gave_is_decided(service: RunningService) -> None:
    partner, onboarded = waiting(service, "REVIEW77")
    other = documented(partner, "AB7654321")
    assert refused(upload(partner, other, "REVIEW77", other.picture)) == ["used_by_another_client"]
    clash = next(request for request in service.answer("review", "list") if request["request_id"] == other.request_id)
    assert (clash["kind"], clash["reasons"]) == ("clash", ["used_by_another_client"])
    asked = partner.get(other.path, params={"expand": "next_action"}).json()["next_action"]
    assert (asked["owner"], asked["action"]) == ("operator", "review")
    shown = review(service, "show", other)
    [shared] = shown["shared_numbers"]
    assert (shared["client_id"], shared["holds"]) == (onboarded.client_id, True)
    clients = service.answer("find", "--number", "review 77")
    assert {client["client_id"] for client in clients} == {onboarded.client_id, other.client_id}
    to = ("--document", shared["document_id"], "--to", other.client_id, "--note", "passport seen")
    assert review(service, "assign", other, *to)["client_id"] == other.client_id
    assert partner.post(f"{other.path}/submit").json()["product"]["status"] == "in_kyc"


def test_what_cannot_be_done_says_why(service: RunningService) -> None:
    partner, onboarded = waiting(service)
    closed = documented(partner, "AB2222222")
    unknown = Onboarded("", "x" * 32, b"")
    for place, words, says in (
        (unknown, ("approve",), "There is no request"),
        (unknown, ("show",), "There is no request"),
        (closed, ("approve",), "A request that is pending_documentation cannot be approved."),
        (closed, ("reject", "--reason", "no"), "A request that is pending_documentation cannot be rejected."),
        (onboarded, ("return", "--reason", "blurred"), "the codes are: image_not_readable, "),
        (onboarded, ("return", "--reason", "other", "--key", "pasport"), "the documents passport and the attributes"),
        (onboarded, ("return", "--reason", "data_invalid"), "is about an attribute: name one with --key"),
        (onboarded, ("release", "--document", "x" * 32), "There is no document"),
    ):
        done = service.cli("review", words[0], place.request_id, "--operator", "ana", *words[1:])
        assert (done.returncode, done.stdout) == (1, ""), words
        assert says in done.stderr
    assert state(partner, onboarded)["status"] == "in_kyc"


# ---- what the company hears -----------------------------------------------------------------------------------------


class _Endpoint(BaseHTTPRequestHandler):
    heard: list[dict[str, Any]]

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append(json.loads(content))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    heard: list[dict[str, Any]] = []
    handler = type("Endpoint", (_Endpoint,), {"heard": heard})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("action", "words", "status", "envelope"),
    [
        ("approve", (), "enabled", "success"),
        ("reject", ("--reason", "not eligible"), "rejected", "failed"),
        ("return", ("--reason", "image_blurred"), "pending_documentation", "pending"),
    ],
)
def test_the_running_service_tells_the_company_within_seconds(
    service: RunningService, endpoint: tuple[str, list[dict[str, Any]]], action: str, words: tuple[str, ...],
    status: str, envelope: str,
) -> None:  # fmt: skip
    url, heard = endpoint
    subscribed = service.client().post(
        "/management/companies/webhook/subscribe", json={"url": url, "webhook_key": "key"}
    )
    assert subscribed.status_code == 200, subscribed.text
    _, onboarded = waiting(service)
    review(service, action, onboarded, *words)
    decided = time.monotonic()
    until(lambda: heard[-1]["data"]["status"] == status, "the company heard", HEARD_WITHIN_S)
    assert time.monotonic() - decided < HEARD_WITHIN_S
    assert (heard[-1]["status"], heard[-1]["data"]["previous_status"]) == (envelope, "in_kyc")
    codes = [item["code"] for item in heard[-1]["data"]["rejected_items"]]
    assert codes == (["image_blurred"] if action == "return" else [])
    until(lambda: webhook_messages(service) == ["delivered", "delivered"], "both messages are settled")
