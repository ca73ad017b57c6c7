"""At which addresses passkeys work, how devices count, and what an hour of attempts has left."""

from __future__ import annotations

import pytest

from ostiary.domain.operators.passkeys import LARGEST_COUNT, Passkey, RelyingParty, counts_on, relying_party
from ostiary.domain.operators.sessions import FRESH_MS, SignInSource, begun, is_fresh
from ostiary.domain.operators.sign_in import ACCOUNT_HOURLY, FORGIVEN_AFTER_MS, NO_ATTEMPTS, hour_ends_ms, of_hour
from tests.material import NOW_MS
from tests.unit.test_operators import operator

KYC = RelyingParty("kyc.example.com", "https://kyc.example.com")


@pytest.mark.parametrize(("public_url", "host", "expected"), [
    ("https://kyc.example.com", "", KYC),
    ("https://kyc.example.com", "10.0.0.7:8080", KYC),
    ("https://KYC.example.com:443/", "", KYC),
    ("https://kyc.example.com./console", "", KYC),
    ("https://kyc.example.com:8443", "", RelyingParty("kyc.example.com", "https://kyc.example.com:8443")),
    ("https://localhost:8443", "", RelyingParty("localhost", "https://localhost:8443")),
    ("http://localhost:8080", "", RelyingParty("localhost", "http://localhost:8080")),
    ("http://localhost:80", "", RelyingParty("localhost", "http://localhost")),
    ("http://kyc.localhost:8080", "", RelyingParty("kyc.localhost", "http://kyc.localhost:8080")),
    ("", "localhost:8080", RelyingParty("localhost", "http://localhost:8080")),
    ("", "LOCALHOST", RelyingParty("localhost", "http://localhost")),
    ("http://kyc.example.com", "localhost", None),
    ("https://192.0.2.7", "", None),
    ("https://[2001:db8::7]:8443", "", None),
    ("https://kyç.example.com", "", None),
    ("", "", None),
    ("", "127.0.0.1:8080", None),
    ("", "[::1]:8080", None),
    ("", "kyc.example.com", None),
    ("", "localhost.example.com", None),
    ("", "notlocalhost", None),
    ("", "localhost:99999", None),
    ("", "[localhost", None),
    ("", "localhost@evil.example", None),
    ("ftp://localhost", "", None),
])  # fmt: skip
def test_passkeys_are_made_for_a_name_under_https_or_for_ones_own_machine(
    public_url: str, host: str, expected: RelyingParty | None
) -> None:
    assert relying_party(public_url, host) == expected


@pytest.mark.parametrize(("before", "given", "expected"), [
    (0, 0, True), (0, 1, True), (5, 6, True), (5, LARGEST_COUNT, True), (5, 5, False), (5, 4, False), (5, 0, False),
    (LARGEST_COUNT, 0, False),
])  # fmt: skip
def test_a_device_counts_on_or_never_counts(before: int, given: int, expected: bool) -> None:
    assert counts_on(before, given) is expected


def test_a_passkey_is_good_until_it_is_over_and_named_by_its_mark() -> None:
    passkey = Passkey(
        mark=bytes(range(32)), operator_id="1", name="key", credential_id=b"c", public_key=b"k", created_at_ms=NOW_MS
    )
    assert (passkey.is_good, passkey.reference) == (True, "passkey_000102030405")
    over = Passkey(
        mark=b"", operator_id="1", name="", credential_id=b"", public_key=b"", created_at_ms=0, ended_at_ms=NOW_MS
    )
    assert not over.is_good
    assert "credential_id" not in repr(passkey)


@pytest.mark.parametrize(
    ("moved_ms", "expected"), [(0, True), (FRESH_MS - 1, True), (FRESH_MS, False), (-FRESH_MS, False)]
)
def test_a_session_is_fresh_for_ten_minutes_and_not_if_the_clock_was_set_back(moved_ms: int, expected: bool) -> None:
    session = begun(b"m", operator(), SignInSource("192.0.2.1", earlier_token="t" * 64), NOW_MS)
    assert is_fresh(session, NOW_MS + moved_ms) is expected
    assert session.source == SignInSource("192.0.2.1"), "the secret of the session before is never kept"


def test_an_hour_has_its_share_of_attempts_and_then_one_waits_for_its_end() -> None:
    attempts = NO_ATTEMPTS
    for number in range(ACCOUNT_HOURLY):
        assert hour_ends_ms(attempts, ACCOUNT_HOURLY, NOW_MS + number) == 0
        after = of_hour(attempts, ACCOUNT_HOURLY, NOW_MS + number)
        assert after is not None
        attempts = after
    assert of_hour(attempts, ACCOUNT_HOURLY, NOW_MS + 60_000) is None
    assert hour_ends_ms(attempts, ACCOUNT_HOURLY, NOW_MS + 60_000) == FORGIVEN_AFTER_MS - 60_000
    assert hour_ends_ms(attempts, ACCOUNT_HOURLY, NOW_MS + FORGIVEN_AFTER_MS) == 0
