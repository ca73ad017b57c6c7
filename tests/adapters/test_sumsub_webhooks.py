"""What Sumsub posts: proved by its digest over the raw bytes, then understood. Payloads as on its public pages."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from ostiary.adapters.providers.sumsub import Sumsub, SumsubSettings
from ostiary.adapters.providers.sumsub.signing import signed_headers
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict, Reason, SignatureInvalid
from ostiary.domain.rejections import Code, Kind
from tests.adapters.sumsub_server import LEVEL, REFERENCE, WEBHOOK_SECRET, settings
from tests.material import NOW_MS

AT_MS = 1_776_249_060_321
AT = "2026-04-15 10:31:00.321"
APPLICANT = "66f0a1b2c3d4e5f601234567"


def event(kind: str = "applicantReviewed", **changes: Any) -> dict[str, Any]:
    """An event's body; a change to None leaves the field out."""
    body: dict[str, Any] = {
        "applicantId": APPLICANT,
        "inspectionId": "66f0a1b2c3d4e5f601234568",
        "applicantType": "individual",
        "correlationId": "req-1c0ffee5-aaaa-bbbb-cccc-123456789012",
        "levelName": LEVEL,
        "sandboxMode": False,
        "externalUserId": REFERENCE,
        "type": kind,
        "reviewStatus": "completed",
        "createdAtMs": AT,
        "createdAt": "2026-04-15 10:31:00+0000",
        "clientId": "acme",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


def red(kind: str | None = "RETRY", **changes: Any) -> dict[str, Any]:
    result: dict[str, Any] = {
        "moderationComment": "We could not verify your profile.",
        "clientComment": "Blocked by the partner list.",
        "reviewAnswer": "RED",
        "rejectLabels": ["UNSATISFACTORY_PHOTOS", "SCREENSHOTS"],
        "reviewRejectType": kind,
        "buttonIds": [],
    } | changes
    return {name: value for name, value in result.items() if value is not None}


def posted(body: bytes, secret: str = WEBHOOK_SECRET, algorithm: str = "SHA256", **changes: str) -> dict[str, str]:
    """The headers that come with a body."""
    digest = hmac.new(secret.encode(), body, algorithm.lower()).hexdigest()
    return {"X-Payload-Digest-Alg": f"HMAC_{algorithm}_HEX", "X-Payload-Digest": digest} | changes


def parse_webhook(content: dict[str, Any], configured: SumsubSettings | None = None) -> ProviderVerdict | None:
    body = json.dumps(content).encode()
    return Sumsub(configured or settings()).parse_webhook(posted(body), body, NOW_MS)


def test_a_green_review_is_an_approval() -> None:
    assert parse_webhook(event(reviewResult={"reviewAnswer": "GREEN"})) == ProviderVerdict(
        REFERENCE, ProviderAnswer.APPROVED, AT_MS, external_id=APPLICANT
    )


def test_a_red_review_that_may_be_retried_is_returned_with_its_labels() -> None:
    result = red(rejectLabels=["BACK_SIDE_MISSING", "WRONG_ADDRESS", "BRAND_NEW"], buttonIds=["a_b"])
    assert parse_webhook(event(reviewResult=result)) == ProviderVerdict(
        REFERENCE,
        ProviderAnswer.RETURNED,
        AT_MS,
        None,
        0,
        (
            Reason(Code.MISSING_BACK, "BACK_SIDE_MISSING (a_b)", field="image_back"),
            Reason(Code.DATA_INVALID, "WRONG_ADDRESS", Kind.DATA),
            Reason(Code.OTHER, "BRAND_NEW"),
        ),
        "We could not verify your profile.",
        "Blocked by the partner list.",
        APPLICANT,
    )


def test_a_final_red_review_is_a_rejection() -> None:
    verdict = parse_webhook(event(reviewResult=red("FINAL", rejectLabels=["SANCTIONS"])))
    assert verdict is not None
    assert (verdict.answer, verdict.rejects_client) == (ProviderAnswer.REJECTED, False)
    assert verdict.reasons == (Reason(Code.SCREENING_HIT, "SANCTIONS", Kind.DATA),)


def test_what_only_the_operators_may_read_is_not_where_it_could_be_shown() -> None:
    verdict = parse_webhook(event(reviewResult=red()))
    assert verdict is not None
    assert verdict.private == "Blocked by the partner list."
    assert "Blocked" not in verdict.shown
    assert "Blocked" not in repr(verdict)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("applicantPending", ProviderAnswer.PENDING),
        ("applicantPrechecked", ProviderAnswer.PENDING),
        ("applicantAwaitingUser", ProviderAnswer.PENDING),
        ("applicantOnHold", ProviderAnswer.ON_HOLD),
        ("applicantAwaitingService", ProviderAnswer.ON_HOLD),
    ],
)
def test_events_on_the_way_show_that_it_works(kind: str, answer: ProviderAnswer) -> None:
    verdict = parse_webhook(event(kind, reviewStatus="pending", reviewResult={"reviewAnswer": "GREEN"}))
    assert verdict == ProviderVerdict(REFERENCE, answer, AT_MS, external_id=APPLICANT)


@pytest.mark.parametrize(
    "kind",
    [
        "applicantCreated", "applicantDeleted", "applicantReset", "applicantActivated", "applicantDeactivated",
        "applicantPersonalInfoChanged", "applicantPersonalDataDeleted", "applicantTagsChanged",
        "applicantLevelChanged", "applicantActionPending", "applicantActionReviewed", "applicantActionOnHold",
        "applicantWorkflowCompleted", "applicantWorkflowFailed", "videoIdentStatusChanged",
        "videoIdentCompositionCompleted", "applicantKytTxnApproved", "kytCaseCreated", "invented",
    ],
)  # fmt: skip
def test_other_events_are_heard_and_mean_nothing(kind: str) -> None:
    assert parse_webhook(event(kind, externalUserId=None, createdAtMs=None, reviewResult=red())) is None


def test_events_of_levels_that_are_not_ours_mean_nothing() -> None:
    """Neither a verdict by less than the product asks for, nor one on somebody else's applicant of the account."""
    assert parse_webhook(event(levelName="phone only", reviewResult={"reviewAnswer": "GREEN"})) is None
    assert parse_webhook(event(levelName=None, reviewResult={"reviewAnswer": "GREEN"})) is not None


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (event(externalUserId=None, reviewResult={"reviewAnswer": "GREEN"}), "externalUserId"),
        (event(externalUserId=7, reviewResult={"reviewAnswer": "GREEN"}), "externalUserId"),
        (event(createdAtMs=None, createdAt=None, reviewResult={"reviewAnswer": "GREEN"}), "createdAtMs"),
        (event(createdAtMs="yesterday", reviewResult={"reviewAnswer": "GREEN"}), "createdAtMs"),
        (event(), "reviewAnswer"),
        (event(reviewResult={"reviewAnswer": "YELLOW"}), "reviewAnswer"),
        (event(reviewResult=red(None)), "reviewRejectType"),
        (event(reviewResult=red("EXTERNAL")), "reviewRejectType"),
        (event(reviewResult=red(rejectLabels="SPAM")), "rejectLabels"),
        ({"type": 1}, "type"),
    ],
)
def test_a_signed_event_that_cannot_be_understood_names_the_field_and_nothing_of_its_value(
    content: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValueError, match=field) as fault:
        parse_webhook(content)
    assert "yesterday" not in str(fault.value)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"more":' + b"[" * 60_000], ids=lambda body: repr(body[:9])
)
def test_a_signed_body_that_is_no_event_is_no_crash(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Sumsub(settings()).parse_webhook(posted(body), body, NOW_MS)


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("2026-04-15 10:31:00.321", AT_MS),
        ("2026-04-15 10:31:00", AT_MS - 321),
        ("2026-04-15 10:31:00+0000", AT_MS - 321),
        ("2026-04-15 12:31:00.321+0200", AT_MS),
        ("2026-04-15T10:31:00.321Z", AT_MS),
    ],
)
def test_moments_are_utc_unless_they_say_otherwise(text: str, at_ms: int) -> None:
    verdict = parse_webhook(event(createdAtMs=text, reviewResult={"reviewAnswer": "GREEN"}))
    assert verdict is not None
    assert verdict.occurred_at_ms == at_ms


def test_the_older_field_for_the_moment_is_understood() -> None:
    verdict = parse_webhook(event(createdAtMs=None, reviewResult={"reviewAnswer": "GREEN"}))
    assert verdict is not None
    assert verdict.occurred_at_ms == AT_MS - 321


def test_a_message_that_comes_a_day_late_is_heard_with_its_own_moment() -> None:
    """Sumsub posts what was not taken again after 5 minutes, 1, 5 and 18 hours, unchanged."""
    body = json.dumps(event(reviewResult={"reviewAnswer": "GREEN"})).encode()
    verdict = Sumsub(settings()).parse_webhook(posted(body), body, AT_MS + 86_400_000)
    assert verdict is not None
    assert verdict.occurred_at_ms == AT_MS


# ---- signatures -----------------------------------------------------------------------------------------------------

BODY = json.dumps(event(reviewResult={"reviewAnswer": "GREEN"})).encode()


@pytest.mark.parametrize("algorithm", ["SHA256", "SHA512"])
@pytest.mark.parametrize("secret", ["old secret", "new secret"])
def test_either_algorithm_and_any_of_the_secrets_is_good(algorithm: str, secret: str) -> None:
    provider = Sumsub(settings(webhook_secrets=("new secret", "old secret")))
    headers = posted(BODY, secret, algorithm)
    assert provider.parse_webhook(headers, BODY, NOW_MS) is not None
    lower = {name.lower(): value.upper() if "alg" not in name.lower() else value for name, value in headers.items()}
    assert provider.parse_webhook(lower, BODY, NOW_MS) is not None


def test_sha1_is_refused_unless_it_is_allowed() -> None:
    with pytest.raises(SignatureInvalid):
        Sumsub(settings()).parse_webhook(posted(BODY, algorithm="SHA1"), BODY, NOW_MS)
    assert Sumsub(settings(allow_sha1=True)).parse_webhook(posted(BODY, algorithm="SHA1"), BODY, NOW_MS) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Payload-Digest": posted(BODY)["X-Payload-Digest"]},
        {"X-Payload-Digest-Alg": "HMAC_SHA256_HEX"},
        posted(BODY) | {"X-Payload-Digest": ""},
        posted(BODY) | {"X-Payload-Digest": "ñ" * 64},
        posted(BODY) | {"X-Payload-Digest": "0" * 64},
        posted(BODY) | {"X-Payload-Digest": posted(BODY)["X-Payload-Digest"][:-1]},
        posted(BODY) | {"X-Payload-Digest-Alg": "HMAC_SHA512_HEX"},
        posted(BODY) | {"X-Payload-Digest-Alg": "NONE"},
        posted(BODY) | {"X-Payload-Digest-Alg": "sha256"},
        posted(BODY, secret="another"),
        posted(BODY, secret=""),
        posted(BODY + b" "),
    ],
)
def test_what_is_not_signed_right_is_refused_without_a_hint(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureInvalid) as refused:
        Sumsub(settings()).parse_webhook(headers, BODY, NOW_MS)
    assert str(refused.value) == ""


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    spaced = json.dumps(json.loads(BODY), indent=1).encode()
    with pytest.raises(SignatureInvalid):
        Sumsub(settings()).parse_webhook(posted(BODY), spaced, NOW_MS)


def test_a_request_is_signed_as_documented() -> None:
    """The text to sign of Sumsub's page "Authentication", with an invented secret."""
    target = "/resources/accessTokens?userId=cfd20712-24a2-4c7d-9ab0-146f3c142335&levelName=basic-kyc-level"
    headers = signed_headers("sbx:t", "secret", 1_607_551_635, "POST", target, b'{"a":1}')
    text = f'1607551635POST{target}{{"a":1}}'
    assert headers == {
        "X-App-Token": "sbx:t",
        "X-App-Access-Ts": "1607551635",
        "X-App-Access-Sig": hmac.new(b"secret", text.encode(), "sha256").hexdigest(),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"app_token": ""}, {"secret_key": ""}, {"webhook_secrets": ()}, {"webhook_secrets": ("good", "")},
        {"levels": {}}, {"levels": {"cards": ""}},
    ],
)  # fmt: skip
def test_an_empty_secret_or_level_is_not_taken(changes: dict[str, Any]) -> None:
    (name,) = changes
    with pytest.raises(ValueError, match=name):
        settings(**changes)


def test_settings_show_no_secrets() -> None:
    shown = repr(replace(settings(), name="acme"))
    assert not [secret for secret in (settings().app_token, settings().secret_key, WEBHOOK_SECRET) if secret in shown]
