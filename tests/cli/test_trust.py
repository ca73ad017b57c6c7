"""`ostiary trust`, `ostiary document chip` and `ostiary specimen --chip`, as operators and engineers call them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ostiary.cli.chip.trust import NO_STORE, NOT_YET
from ostiary.cli.doctor.machine import Level
from ostiary.cli.doctor.trust import trust_store
from ostiary.cli.parsing.trust_words import PORTRAIT_FORMS, VARIANT_NAMES
from ostiary.settings import read_settings
from ostiary.specimens.chip.chips import VARIANTS
from ostiary.specimens.chip.portraits import FORMS
from tests.chips.builder import ZONE, built
from tests.chips.lists import ARGENTINA, GERMANY, ListPlan, anchor_of, master_list
from tests.cli.conftest import Desk

CHALLENGE = "0123456789abcdef"
LISTED = ListPlan(listed=(anchor_of(GERMANY), anchor_of(ARGENTINA)), at=datetime.now(UTC) - timedelta(days=3))


@pytest.fixture
def store(desk: Desk, tmp_path: Path) -> Path:
    """The file of a trust store that is not there yet."""
    path = tmp_path / "trust.jsonl"
    desk.environment.setenv("OSTIARY_TRUST", str(path))
    (tmp_path / "list.ml").write_bytes(master_list(LISTED))
    (tmp_path / "germany.cer").write_bytes(anchor_of(GERMANY))
    return path


def chip(desk: Desk, folder: Path, variant: str = "genuine", *more: str) -> list[Path]:
    """The files of a specimen's chip."""
    desk.answer("specimen", "--chip", folder, "--variant", variant, *more)
    return sorted(folder.glob("*.bin"))


def test_an_import_counts_when_it_was_seen_and_confirmed(desk: Desk, store: Path, tmp_path: Path) -> None:
    words = ("trust", "import", tmp_path / "list.ml", "--anchor", tmp_path / "germany.cer")
    shown = desk(*words)
    assert NOT_YET in shown.out
    assert "AR: 1 more" in shown.out
    assert not store.exists()
    done = desk.answer(*words, "--yes")
    assert (done["applied"], [each["country"] for each in done["changes"]]) == (True, ["AR", "DE"])
    assert desk.answer("trust", "list")["version"] == done["version"]
    again = desk(*words)
    assert "No anchor comes or goes." in again.out


def test_a_list_that_nobody_vouches_for_does_not_count(desk: Desk, store: Path, tmp_path: Path) -> None:
    refusal = desk.refused("trust", "import", tmp_path / "list.ml", "--yes")
    assert "nobody vouches for its signer (DE)" in refusal
    assert not store.exists()


def test_a_fingerprint_vouches_as_its_certificate_does(desk: Desk, store: Path, tmp_path: Path) -> None:
    digest = sha256(anchor_of(GERMANY)).hexdigest()
    colons = ":".join(digest[at : at + 2] for at in range(0, 64, 2)).upper()
    assert desk.answer("trust", "import", tmp_path / "list.ml", "--sha256", colons, "--yes")["applied"]
    assert "No certificate with the SHA-256" in desk.refused(
        "trust", "import", tmp_path / "list.ml", "--sha256", "0" * 64
    )


def test_anchors_are_listed_by_country_and_by_when_they_end(desk: Desk, store: Path, tmp_path: Path) -> None:
    desk.answer("trust", "import", tmp_path / "list.ml", "--anchor", tmp_path / "germany.cer", "--yes")
    for country in ("ARG", "AR"):
        [entry] = desk.answer("trust", "list", "--country", country)["entries"]
        assert (entry["country"], entry["kind"], entry["key"], entry["sources"]) == (
            "AR",
            "anchor",
            "secp256r1",
            ["DE"],
        )
    assert len(desk.answer("trust", "list", "--expiring", "9999")["entries"]) == 2
    assert desk.answer("trust", "list", "--expiring", "30")["entries"] == []
    assert "C=DE, O=Interior" in desk("trust", "list").out
    assert "There is none." in desk("trust", "list", "--country", "URY").out


def test_a_removed_anchor_stays_away(desk: Desk, store: Path, tmp_path: Path) -> None:
    words = ("trust", "import", tmp_path / "list.ml", "--anchor", tmp_path / "germany.cer", "--yes")
    desk.answer(*words)
    digest = sha256(anchor_of(ARGENTINA)).hexdigest()
    assert desk.answer("trust", "remove", digest, "--reason", "stolen")["removed"] == digest
    assert desk.answer(*words)["left_out"] == [f"AR {digest}: removed by an operator"]
    assert [entry["country"] for entry in desk.answer("trust", "list")["entries"]] == ["DE"]
    assert "stolen" in store.read_text()
    assert "There is no anchor" in desk.refused("trust", "remove", digest, "--reason", "again")


def test_verifying_a_store_says_what_is_to_be_seen_to(desk: Desk, store: Path, tmp_path: Path) -> None:
    words = ("trust", "import", tmp_path / "list.ml", "--anchor", tmp_path / "germany.cer", "--yes")
    desk.answer(*words)
    assert desk.answer("trust", "verify") | {"version": ""} == {
        "version": "",
        "anchors": 2,
        "self_signed": 2,
        "linked": 0,
        "listed_only": 0,
        "expired": 0,
        "problems": [],
    }
    old = replace(LISTED, at=LISTED.at - timedelta(days=98))
    (tmp_path / "list.ml").write_bytes(master_list(old))
    desk.answer(*words, "--older")
    ended = desk("trust", "verify")
    assert ended.status == 1
    assert "signed 101 days ago; import a newer one" in ended.out
    assert "1 to see to." in ended.out


@pytest.mark.parametrize("action", [("list",), ("verify",), ("import", "x"), ("remove", "0" * 64, "--reason", "x")])
def test_without_a_store_it_is_said_how_to_have_one(desk: Desk, action: tuple[str, ...]) -> None:
    assert desk.refused("trust", *action) == NO_STORE


@pytest.mark.parametrize(("content", "words"), [(None, "is no file"), (b"x", "is no master list")])
def test_a_file_that_cannot_be_imported_is_named(
    desk: Desk, store: Path, tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "x").write_bytes(content)
    assert words in desk.refused("trust", "import", tmp_path / "x")


# ---- chips ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_of_a_chip_ends_as_it_says(desk: Desk, tmp_path: Path, variant: str) -> None:
    files = chip(desk, tmp_path / variant, variant)
    anchors = [tmp_path / variant / name for name in ("csca.cer", "csca.crl")]
    more = [word for anchor in anchors for word in ("--anchor", anchor)]
    answered = desk.answer("specimen", "--chip", tmp_path / variant, "--answer", CHALLENGE)
    more += ["--challenge", CHALLENGE, "--answer", answered["file"]]
    judged = desk.answer("document", "chip", *files, *more, "--sandbox")
    wanted = VARIANTS[variant].result
    assert (judged["proof"], judged["doubts"]) == (
        ("issuer_signed", []) if wanted == "issuer_signed" else ("not_proven", [wanted])
    )


def test_the_options_name_every_variant() -> None:
    assert tuple(VARIANTS) == VARIANT_NAMES
    assert {*PORTRAIT_FORMS} == {*FORMS, "none"}


def test_what_utopia_signed_counts_in_sandboxes_only(desk: Desk, tmp_path: Path) -> None:
    files = chip(desk, tmp_path / "chip")
    words = ("document", "chip", *files, "--anchor", tmp_path / "chip" / "csca.cer")
    assert desk.answer(*words)["doubts"] == ["chip_signer_unknown"]
    shown = desk(*words, "--sandbox")
    assert shown.out.splitlines()[-1] == "issuer_signed"
    assert "signed under C=UT, O=Utopia, CN=Utopian specimens CSCA (operator)" in shown.out


def test_a_chip_has_the_same_holder_as_the_page(desk: Desk, tmp_path: Path) -> None:
    drawn = desk.answer("specimen", tmp_path / "page.jpg", "--chip", tmp_path / "chip", "--last-name", "Barber")
    assert drawn["chip"]["ends_in"] == "issuer_signed"
    judged = desk.answer("document", "chip", *sorted((tmp_path / "chip").glob("*.bin")))
    document = judged["document"]
    assert (document["number"], document["surname"], document["country"]) == (drawn["number"], "BARBER", "UTO")
    assert judged["groups"] == dict.fromkeys(("dg1", "dg2", "dg11", "dg12", "dg14", "dg15"), "fits")
    assert judged["full_name"].startswith("Barber  ")
    assert "exists and is not written over" in desk.refused("specimen", "--chip", tmp_path / "chip")
    assert "Name the file to draw into" in desk.refused("specimen")
    assert "not of visa" in desk.refused("specimen", "--chip", tmp_path / "other", "--type", "visa")


def test_a_card_has_a_chip_too(desk: Desk, tmp_path: Path) -> None:
    files = chip(desk, tmp_path / "chip", "genuine", "--type", "national_id")
    assert desk.answer("document", "chip", *files)["document"]["format"] == "TD1"


def test_a_chip_is_judged_against_the_store(desk: Desk, store: Path, tmp_path: Path) -> None:
    mine = built()
    for name, content in mine.files.items():
        (tmp_path / f"{name}.bin").write_bytes(content)
    (tmp_path / "csca.cer").write_bytes(mine.csca)
    words = ("document", "chip", tmp_path / "sod.bin", tmp_path / "dg1.bin")
    assert desk.answer(*words)["trust"] is None
    version = desk.answer("trust", "import", tmp_path / "csca.cer", "--yes")["version"]
    judged = desk.answer(*words)
    assert (judged["proof"], judged["trust"], judged["anchors"][0]["lists"]) == ("issuer_signed", version, ["operator"])


FILES: list[tuple[str, dict[str, bytes], str]] = [
    ("another's", {"a": b"\xff\xd8\xff"}, "is no file of a chip that is taken"),
    ("an empty one", {"a": b""}, "is no file of a chip that is taken"),
    ("fingerprints", {"a": b"\x63\x00"}, "is DG3, fingerprints, which is never taken"),
    ("irises", {"a": b"\x76\x00"}, "is DG4, irises, which is never taken"),
    ("two of one kind", {"a": ZONE, "b": ZONE}, "is another dg1"),
]


@pytest.mark.parametrize(("files", "words"), [pytest.param(*row[1:], id=row[0]) for row in FILES])
def test_files_that_are_not_taken_are_named(desk: Desk, tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert words in desk.refused("document", "chip", *(tmp_path / name for name in files))
    assert "is no file." in desk.refused("document", "chip", tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "doubts", "trouble"),
    [
        ({"dg1": ZONE, "com": b"\x60\x00"}, ["chip_data_missing"], "missing"),
        ({"dg1": ZONE, "sod": b"\x77\x02\x30\x00"}, ["chip_data_invalid"], "malformed"),
        ({"dg1": ZONE, "sod": b"\x77" + b"\0" * 70_000}, ["chip_data_invalid"], "too_large"),
    ],
)
def test_files_of_which_nothing_can_be_said_end_with_1(
    desk: Desk, tmp_path: Path, content: dict[str, bytes], doubts: list[str], trouble: str
) -> None:
    for name, each in content.items():
        (tmp_path / name).write_bytes(each)
    ended = desk("document", "chip", *(tmp_path / name for name in content), "--json")
    judged: dict[str, Any] = json.loads(ended.out)
    assert (ended.status, judged["doubts"], judged["trouble"], judged["document"]) == (1, doubts, trouble, None)


# ---- doctor ---------------------------------------------------------------------------------------------------------


def finding(path: Path | None) -> tuple[Level, str]:
    result = trust_store(read_settings({"OSTIARY_TRUST": str(path or "")}))
    assert result is not None
    return result.level, result.found


def test_doctor_tells_whether_there_is_a_store_and_how_old_its_lists_are(
    desk: Desk, store: Path, tmp_path: Path
) -> None:
    assert finding(None) == (Level.OK, "none: no signature on a chip is believed (OSTIARY_TRUST)")
    assert finding(store) == (Level.WARNING, f"{store} holds no country's certificate")
    desk.answer("trust", "import", tmp_path / "germany.cer", "--yes")
    assert finding(store) == (Level.OK, "1 anchors, none of a list")
    desk.answer("trust", "import", tmp_path / "list.ml", "--yes")
    assert finding(store) == (Level.OK, "2 anchors; the newest of 1 lists is 3 days old")
    (tmp_path / "list.ml").write_bytes(master_list(replace(LISTED, at=LISTED.at - timedelta(days=98))))
    desk.answer("trust", "import", tmp_path / "list.ml", "--yes", "--older")
    assert finding(store) == (Level.WARNING, "2 anchors; the newest of 1 lists is 101 days old")
    store.write_text("friend\n")
    level, words = finding(store)
    assert (level, "line 1" in words) == (Level.PROBLEM, True)
