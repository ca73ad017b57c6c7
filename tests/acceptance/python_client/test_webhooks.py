"""Events that the Python client verifies and reads: from a real service, and forged in every way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary_client import AsyncOstiary, UnknownEvent, Webhook, WebhookRefused, WebhookTest
from ostiary_client.types import ErasureEvent, OnboardingEvent, RenewalEvent, StatusChanged
from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import until
from tests.acceptance.python_client.conftest import Connect, key_of, submitted

NOW_S = 1_900_000_000
SECRET, OTHER = ("whsec_" + base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))
CHANGE = {
    "product": "company_activity", "event_type": "product_enablement_status_changed", "operation_id": "i" * 32,
    "status": "pending",
    "data": {"client_id": "c" * 32, "product_request_id": "r" * 32, "product": "cards_individuals", "status": "in_kyc",
             "previous_status": "requested", "rejected_items": [], "occurred_at": "2026-04-16T09:20:00"},
}  # fmt: skip
BODY = json.dumps(CHANGE).encode()


def signature(secret: str, body: bytes = BODY, timestamp: object = NOW_S, message_id: str = "i" * 32) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def headers(*signatures: str, timestamp: object = NOW_S) -> dict[str, str]:
    return {"Webhook-Id": "i" * 32, "webhook-timestamp": str(timestamp), "Webhook-Signature": " ".join(signatures)}


def webhook(*secrets: str) -> Webhook:
    return Webhook(*(secrets or (SECRET,)), now=lambda: float(NOW_S))


def test_a_genuine_event_is_typed() -> None:
    event = webhook().parse(headers(signature(SECRET)), BODY)
    assert isinstance(event, StatusChanged)
    assert (event.operation_id, event.data.status, event.data.previous_status) == ("i" * 32, "in_kyc", "requested")


@pytest.mark.parametrize("signatures", [[SECRET], [OTHER], [SECRET, OTHER], [OTHER, SECRET]])
def test_either_secret_counts_while_one_is_replaced(signatures: list[str]) -> None:
    assert webhook(SECRET, OTHER).parse(headers(*map(signature, signatures)), BODY)


FORGED: dict[str, tuple[Mapping[str, str], bytes]] = {
    "another secret": (headers(signature(OTHER)), BODY),
    "another body": (headers(signature(SECRET)), BODY.replace(b"in_kyc", b"enabled")),
    "one byte more": (headers(signature(SECRET)), BODY + b" "),
    "another version": (headers(signature(SECRET).replace("v1,", "v2,")), BODY),
    "no version": (headers(signature(SECRET).removeprefix("v1,")), BODY),
    "no signature": (headers(), BODY),
    "letters beyond ASCII": (headers("v1,\u00e9\ud800"), BODY),
    "an id that is no text": ({**headers(signature(SECRET)), "Webhook-Id": "\ud800"}, BODY),
    "too old": (headers(signature(SECRET, timestamp=NOW_S - 301), timestamp=NOW_S - 301), BODY),
    "from the future": (headers(signature(SECRET, timestamp=NOW_S + 301), timestamp=NOW_S + 301), BODY),
    "another time than signed": (headers(signature(SECRET), timestamp=NOW_S + 1), BODY),
    "a time that is none": (headers(signature(SECRET, timestamp="now"), timestamp="now"), BODY),
    "a time below zero": (headers(signature(SECRET, timestamp=-1), timestamp=-1), BODY),
    "digits of another script": (headers(signature(SECRET, timestamp="١"), timestamp="١"), BODY),
    "a time without end": (headers(signature(SECRET, timestamp="9" * 5_000), timestamp="9" * 5_000), BODY),
    "no headers": ({}, BODY),
    "behind a hundred others": (headers(*["v1,AAAA"] * 100, signature(SECRET)), BODY),
    "signed, and no JSON": (headers(signature(SECRET, b"{")), b"{"),
    "signed, and no UTF-8": (headers(signature(SECRET, b"\xff")), b"\xff"),
    "signed, and no event": (headers(signature(SECRET, b"[]")), b"[]"),
    "signed, and half an event": (
        headers(signature(SECRET, b'{"event_type": "renewal_opened"}')), b'{"event_type": "renewal_opened"}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_genuine_is_refused(name: str) -> None:
    with pytest.raises(WebhookRefused):
        webhook().parse(*FORGED[name])


@given(
    given_headers=st.dictionaries(
        st.sampled_from(["webhook-id", "Webhook-Timestamp", "webhook-signature", "other"]) | st.text(), st.text()
    ),
    body=st.binary(),
)
def test_whatever_comes_is_refused_and_nothing_else(given_headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        webhook().parse(given_headers, body)


@given(st.binary() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda x: json.dumps(x).encode()))
def test_what_is_signed_and_no_event_is_refused_too(body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        webhook().parse(headers(signature(SECRET, body)), body)


@pytest.mark.parametrize("age_s", [-300, 0, 300])
def test_five_minutes_either_way_are_nothing(age_s: int) -> None:
    at = NOW_S - age_s
    assert webhook().parse(headers(signature(SECRET, timestamp=at), timestamp=at), BODY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "a-value-of-yours", SECRET.removeprefix("whsec_")])
def test_what_is_no_secret_is_told_at_once(secret: str) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        Webhook(secret)


def test_without_a_secret_there_is_nothing_to_verify() -> None:
    with pytest.raises(ValueError, match="needs a signing secret"):
        Webhook()


def test_a_body_that_was_parsed_is_no_body() -> None:
    with pytest.raises(TypeError, match="as they came"):
        webhook().parse(headers(signature(SECRET)), BODY.decode())  # type: ignore[arg-type]


def with_type(event_type: str, data: dict[str, object]) -> bytes:
    return json.dumps({**CHANGE, "event_type": event_type, "data": data}).encode()


LINK = {"client_id": "c", "link_id": "l", "product_request_ids": ["r"], "occurred_at": "2026-04-16T09:20:00"}
DUE = {
    "client_id": "c", "product_request_id": "r", "product": "cards_individuals", "due_at": "2026-04-16T23:59:59",
    "days_left": 3, "reasons": ["a_reason_of_tomorrow"], "consequence": "a_consequence_of_tomorrow",
    "consequence_at": "2026-05-16T23:59:59", "rejected_items": [], "occurred_at": "2026-04-16T09:20:00", "more": 1,
}  # fmt: skip

GONE = {
    "client_id": "c", "erasure_id": "e", "cause": "a_cause_of_tomorrow", "requested_at": "2026-04-16T09:20:00",
    "erased_at": "2026-04-16T09:20:00", "receipt_sha256": "00", "occurred_at": "2026-04-16T09:20:00",
}  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), [
    (with_type("onboarding_finished", {**LINK}), OnboardingEvent),
    (with_type("renewal_opened", {**DUE}), RenewalEvent),
    (with_type("client_erased", {**GONE}), ErasureEvent),
    (with_type("webhook_test", {"occurred_at": "2026-04-16T09:20:00"}), WebhookTest),
    (with_type("an_event_of_tomorrow", {"anything": [1]}), UnknownEvent),
])  # fmt: skip
def test_each_event_has_its_type_and_tomorrow_s_words_are_taken(body: bytes, kind: type) -> None:
    event = webhook().parse(headers(signature(SECRET, body)), body)
    assert type(event) is kind
    if isinstance(event, RenewalEvent):
        assert event.data.consequence == "a_consequence_of_tomorrow"


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An endpoint of a company, which keeps what came to it as it came."""
    came: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((dict(self.headers.items()), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", came
        server.shutdown()
        thread.join()


async def test_deliveries_of_a_service_are_read_over_a_rotation(
    connect: Connect, service: RunningService, endpoint: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, came = endpoint
    async with connect(service.fresh().url, await key_of(service)) as ostiary:
        await _subscribed(ostiary, url)
        old = await ostiary.webhook.signing_secret()
        probe = await ostiary.webhook.send_test()
        until(lambda: len(came) == 1, "the test event")
        assert isinstance(event := Webhook(old).parse(*came[0]), WebhookTest)
        assert event.operation_id == probe.id
        new = (await ostiary.webhook.rotate_signing_secret(overlap_hours=1)).signing_secret
        _, request = await submitted(ostiary, "AB")
        until(lambda: len(came) == 3, "in_kyc, and enabled")
        for secrets in ((old,), (new,), (new, old)):
            changes = [Webhook(*secrets).parse(*each) for each in came[1:]]
            assert all(isinstance(change, StatusChanged) for change in changes)
            statuses = [change.data.status for change in changes if isinstance(change, StatusChanged)]
            assert statuses == ["in_kyc", "enabled"]
        await _looked_into(ostiary, request.id)


async def _subscribed(ostiary: AsyncOstiary, url: str) -> None:
    assert (await ostiary.webhook.read()).webhook_url is None
    await ostiary.webhook.subscribe(url, "a-value-of-ours", include_sequence=True)
    assert (await ostiary.webhook.change_key("another")).webhook_key == "another"


async def _looked_into(ostiary: AsyncOstiary, request_id: str) -> None:
    listed = [each async for each in ostiary.webhook.deliveries(product_request_id=request_id, page_size=1)]
    assert len(listed) == 2
    delivery = await ostiary.webhook.delivery(listed[-1].id)
    assert (delivery.payload["data"]["sequence"], delivery.attempts[0].status) == (2, 204)
    assert (await ostiary.webhook.redeliver(delivery.id)).id == delivery.id
    assert (await ostiary.webhook.health()).state == "working"
    await ostiary.webhook.end()
    assert (await ostiary.webhook.read()).webhook_url is None
