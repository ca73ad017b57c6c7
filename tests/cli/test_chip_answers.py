"""`ostiary specimen --chip DIR --answer HEX`: a challenge signed in a chip's place, and what comes of it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from ostiary.adapters.pages.portrait import portrait
from ostiary.specimens.chip.portraits import PORTRAIT_PX
from tests.cli.conftest import Desk

CHALLENGE, ANOTHER = "0123456789abcdef", "fedcba9876543210"


def specimen_in(desk: Desk, folder: Path, *more: str) -> Path:
    desk.answer("specimen", "--chip", folder, *more)
    return folder


def presence(desk: Desk, folder: Path, *more: object) -> tuple[str, list[str]]:
    """How the answer stands beside the files, and what speaks against them."""
    words = ("document", "chip", *sorted(folder.glob("*.bin")), "--anchor", folder / "csca.cer", "--sandbox")
    judged = desk.answer(*words, *more)
    return judged["presence"], judged["doubts"]


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_challenge_is_signed_by_the_key_that_was_left_and_by_none_other(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    folder = specimen_in(desk, tmp_path / kind, "--chip-key", kind)
    answered = desk.answer("specimen", "--chip", folder, "--answer", CHALLENGE.upper())
    assert base64.b64decode(answered["challenge_answer"]) == (folder / "answer.sig").read_bytes()
    answer = ("--answer", folder / "answer.sig")
    assert presence(desk, folder, "--challenge", CHALLENGE, *answer) == ("answered", [])
    assert presence(desk, folder, "--challenge", ANOTHER, *answer) == ("wrong", ["chip_copied"])
    assert presence(desk, folder) == ("not_tried", [])


def test_a_card_without_a_key_has_nothing_to_answer_with(desk: Desk, tmp_path: Path) -> None:
    folder = specimen_in(desk, tmp_path / "chip", "--chip-key", "none", "--portrait", "none")
    assert sorted(path.stem for path in folder.glob("*.bin")) == ["dg1", "dg11", "dg12", "sod"]
    assert "write the chip first" in desk.refused("specimen", "--chip", folder, "--answer", CHALLENGE)
    refusal = desk.refused("specimen", "--chip", tmp_path / "no", "--chip-key", "none", "--variant", "cloned")
    assert "the chip's own key, which this one has not" in refusal
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("form", ["iso19794", "iso39794"])
def test_the_face_on_it_is_drawn_and_the_same_for_the_same_holder(desk: Desk, tmp_path: Path, form: str) -> None:
    first, again = (
        specimen_in(desk, tmp_path / name, "--portrait", form, "--last-name", "Barber") / "dg2.bin" for name in "ab"
    )
    assert first.read_bytes() == again.read_bytes()
    assert portrait(first.read_bytes()).size == PORTRAIT_PX


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("specimen", "--answer", CHALLENGE), "name its folder (--chip), and nothing else"),
    (("specimen", "page.jpg", "--chip", "chip", "--answer", CHALLENGE), "and nothing else"),
    (("document", "chip", "sod.bin", "--challenge", CHALLENGE), "belong together"),
    (("document", "chip", "sod.bin", "--answer", "answer.sig"), "belong together"),
]


@pytest.mark.parametrize(("words", "words_shown"), REFUSED)
def test_what_cannot_be_answered_is_said(desk: Desk, words: tuple[str, ...], words_shown: str) -> None:
    assert words_shown in desk.refused(*words)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_named(desk: Desk, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "chip-key.pem").write_bytes(content)
    assert "is no key of a chip" in desk.refused("specimen", "--chip", tmp_path, "--answer", CHALLENGE)
