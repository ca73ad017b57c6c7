"""`ostiary terms`: what a client accepted, and a proof that says all there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ostiary.usecases.terms.accept import accept_terms
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.terms import ENGLISH, SPANISH, circumstances, hash_of, named, write


@pytest.fixture
def at(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A client who accepted both texts of the same terms, as the command line names him."""
    catalogue = str(write(tmp_path / "catalogues"))

    async def work(house: House) -> tuple[str, ...]:
        client = await house.client()
        await house.request(client.id, "pay")
        for language, text in (("en", ENGLISH), ("es", SPANISH)):
            await house.do(accept_terms, client.id, named(language=language, text=text), circumstances())
        return client.id, "--company", house.caller.company.id

    monkeypatch.setenv("OSTIARY_CATALOGUE", catalogue)
    return prepare(desk.data, work, OSTIARY_CATALOGUE=catalogue)


def test_what_was_accepted_is_listed_newest_first(desk: Desk, at: tuple[str, ...]) -> None:
    accepted = [(each["terms_id"], each["language"]) for each in desk.answer("terms", "list", *at)]
    assert accepted == [("rules", "es"), ("rules", "en")]
    words = desk("terms", "list", *at).out
    assert "Maria Barber" in words
    assert "self" in words


def test_a_proof_has_the_text_and_the_entry(desk: Desk, at: tuple[str, ...]) -> None:
    spanish, english = desk.answer("terms", "proof", *at)
    assert (spanish["text"], english["text"]) == (SPANISH, ENGLISH)
    assert english["client_id"] == at[0]
    assert english["acceptance"]["sha256"] == hash_of(ENGLISH) == english["audit_entry"]["codes"][-1]
    words = desk("terms", "proof", *at).out
    assert "rules v1 (en): Rules\n  accepted     2026-" in words
    assert " by Maria Barber as self\n  channel      web 203.0.113.7 Mozilla/5.0\n" in words
    assert english["audit_entry"]["hash"] in words
    assert f"\n\n{ENGLISH}" in words


def test_a_proof_is_written_for_its_owner_alone_and_over_nothing(
    desk: Desk, at: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "proof.json"
    words = desk("terms", "proof", *at, "--terms", "rules", "--out", file).out
    assert words == f"{file} has what proves 2 of the client's acceptances, with the texts\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each["text"] for each in json.loads(file.read_text())] == [SPANISH, ENGLISH]
    assert "is there already: name another file" in desk.refused("terms", "proof", *at, "--out", file)
    nowhere = tmp_path / "nowhere" / "proof.json"
    assert "cannot be written: No such file" in desk.refused("terms", "proof", *at, "--out", nowhere)
    other = tmp_path / "other.json"
    assert len(desk.answer("terms", "proof", *at, "--out", other)["acceptances"]) == 2


def test_what_was_not_accepted_is_not_proved(desk: Desk, at: tuple[str, ...]) -> None:
    assert "none of these terms; accepted: rules." in desk.refused("terms", "proof", *at, "--terms", "others")
    for action in ("list", "proof"):
        assert "no such client" in desk.refused("terms", action, "0" * 32, *at[1:])


def test_a_client_who_accepted_nothing_is_told_of_as_such(desk: Desk) -> None:
    async def work(house: House) -> tuple[str, ...]:
        return (await house.client()).id, "--company", house.caller.company.id

    at = prepare(desk.data, work)
    assert desk.answer("terms", "list", *at) == []
    assert desk("terms", "list", *at).out == "This client accepted no terms.\n"
    assert "accepted: none." in desk.refused("terms", "proof", *at)


@pytest.mark.parametrize(("re_accept", "binds"), [
    ("", "version v1\n"), ("all", "version v1  binds earlier requests\n"),
    ("{by: 2027-03-31}", "version v1  binds earlier requests from 2027-03-31\n"),
])  # fmt: skip
def test_a_catalogue_shows_the_terms_that_its_products_ask_for(
    desk: Desk, tmp_path: Path, re_accept: str, binds: str
) -> None:
    shown = desk("catalogue", "show", catalogue=write(tmp_path / "catalogues", re_accept=re_accept)).out
    assert f"rules  Rules: these terms, {binds}" in shown
    assert f"es  SHA-256 {hash_of(SPANISH)}" in shown
