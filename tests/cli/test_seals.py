"""`ostiary specimen --seal`, `ostiary document seal` and `ostiary trust import --seals`, as people call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.cli.chip.seal import NO_SEAL
from ostiary.cli.parsing.trust_words import SEAL_VARIANT_NAMES
from ostiary.specimens.seals.bills import BILL_VARIANTS
from tests.chips.lists import GERMANY, anchor_of
from tests.cli.conftest import Desk
from tests.material import picture


def bill(desk: Desk, folder: Path, variant: str = "genuine") -> Path:
    desk.answer("specimen", "--seal", folder, "--seal-variant", variant, "--last-name", "Barber")
    return folder


def signers(folder: Path) -> tuple[object, ...]:
    return "--signer", folder / "authority.cer", "--signer", folder / "signer.cer"


def test_the_words_have_every_variant() -> None:
    assert tuple(BILL_VARIANTS) == SEAL_VARIANT_NAMES


@pytest.mark.parametrize("variant", BILL_VARIANTS)
def test_every_variant_ends_as_it_says(desk: Desk, tmp_path: Path, variant: str) -> None:
    folder = bill(desk, tmp_path / "bill", variant)
    answer = desk.answer("document", "seal", folder / "seal.txt", *signers(folder), "--sandbox")
    wanted = BILL_VARIANTS[variant].result
    assert answer["reasons"] == ([] if wanted == "pass" else [wanted])
    assert answer["statement"]["residents"][0].startswith("BARBER ")


def test_a_seal_is_read_from_the_paper_and_shown(desk: Desk, tmp_path: Path) -> None:
    folder = bill(desk, tmp_path / "bill")
    shown = desk("document", "seal", folder / "bill.png", *signers(folder), "--sandbox").out
    assert "12 RUE DES LILAS, 75001 PARIS, FR" in shown
    assert "genuine, as far as a seal can tell" in shown
    outside = desk("document", "seal", folder / "seal.txt", *signers(folder)).out
    assert "doubtful: seal_signer_wrong" in outside


def test_without_a_trust_store_nobody_is_believed(desk: Desk, tmp_path: Path) -> None:
    answer = desk.answer("document", "seal", bill(desk, tmp_path / "bill") / "seal.txt")
    assert (answer["trust"], answer["signer"], answer["reasons"]) == (None, None, ["seal_signer_unknown"])


def test_what_says_nothing_of_an_address_is_named_by_its_kind(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "pay.txt").write_text("DC04FR03EDF1250025000601FR5000000000000000\x1f" + "A" * 103 + "\n")
    shown = desk("document", "seal", tmp_path / "pay.txt")
    assert "FR03 EDF1, kind 06" in shown.out
    assert "doubtful: seal_unreadable, seal_signer_unknown" in shown.out


def test_paper_without_a_seal_ends_with_1(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(picture(1))
    (tmp_path / "odd.txt").write_text("DC09\x1fAAAA")
    nothing = desk("document", "seal", tmp_path / "page.jpg")
    assert (nothing.status, nothing.out) == (1, NO_SEAL + "\n")
    odd = desk("document", "seal", tmp_path / "odd.txt")
    assert odd.status == 1
    assert "cannot be read: version 9" in odd.out
    assert "is no file" in desk.refused("document", "seal", tmp_path / "none.txt")


def test_signers_of_seals_are_imported_listed_and_removed(desk: Desk, tmp_path: Path) -> None:
    desk.environment.setenv("OSTIARY_TRUST", str(tmp_path / "trust.jsonl"))
    folder = bill(desk, tmp_path / "bill")
    shown = desk("trust", "import", "--seals", folder / "signer.cer")
    assert "no authority of seals in the store, or given, certified it" in shown.out
    done = desk.answer("trust", "import", "--seals", folder / "authority.cer", folder / "signer.cer", "--yes")
    assert done["others"] == {"seal_signer": 1}
    assert [(each["country"], len(each["comes"])) for each in done["changes"]] == [("UT", 1)]
    listed = desk.answer("trust", "list")["entries"]
    assert [each["kind"] for each in listed] == ["seal_authority", "seal_signer"]
    assert "seal signer" in desk("trust", "list").out
    assert "Nothing is wrong." in desk("trust", "verify").out
    answer = desk.answer("document", "seal", folder / "seal.txt", "--sandbox")
    assert answer["reasons"] == []
    desk.answer("trust", "remove", listed[0]["sha256"], "--reason", "stolen")
    assert desk.answer("document", "seal", folder / "seal.txt", "--sandbox")["reasons"] == ["seal_signer_unknown"]


def test_what_is_of_countries_is_told_apart(desk: Desk, tmp_path: Path) -> None:
    desk.environment.setenv("OSTIARY_TRUST", str(tmp_path / "trust.jsonl"))
    (tmp_path / "germany.cer").write_bytes(anchor_of(GERMANY))
    folder = bill(desk, tmp_path / "bill")
    words = ("trust", "import", "--seals", folder / "authority.cer", "--anchor", tmp_path / "germany.cer")
    assert "--anchor vouches for a country's list" in desk.refused(*words)
    unknown = ("trust", "import", "--seals", folder / "signer.cer", "--sha256", "0" * 64)
    assert "No certificate with the SHA-256" in desk.refused(*unknown)


def test_nothing_is_written_over(desk: Desk, tmp_path: Path) -> None:
    folder = bill(desk, tmp_path / "bill")
    assert "exists and is not written over" in desk.refused("specimen", "--seal", folder)


def test_a_name_that_no_seal_can_hold_is_refused(desk: Desk, tmp_path: Path) -> None:
    assert "Name the file to draw into" in desk.refused("specimen")
