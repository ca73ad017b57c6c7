"""`ostiary brand`: how a company's page for clients looks, at the command line."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Desk


def test_it_is_set_bit_by_bit_and_removed(desk: Desk, company: str, tmp_path: Path) -> None:
    at = ("--company", company)
    (tmp_path / "en.txt").write_text("What we keep.\n", "utf-8")
    (tmp_path / "none.txt").write_text("\n", "utf-8")
    (tmp_path / "logo.png").write_bytes(logo())
    words = ("--operator", "ana", "--name", "Acme", "--privacy", f"en={tmp_path}/en.txt")
    whole = desk.answer("brand", "set", *at, *words)
    assert (whole["name"], whole["primary_colour"], whole["privacy"]) == ("Acme", "#1d4f91", {"en": "What we keep."})
    colours = ("--primary", "#FFD400", "--on-primary", "black", "--background", "#102030", "--on-background", "white")
    changed = desk.answer("brand", "set", *at, *colours, "--support", "help@example.com")
    assert (changed["primary_colour"], changed["text_on_primary"]) == ("#ffd400", "black")
    assert (changed["background_colour"], changed["text_on_background"]) == ("#102030", "white")
    assert (changed["support"], changed["name"], changed["privacy"]) == ("help@example.com", "Acme", whole["privacy"])
    framed = desk.answer("brand", "set", *at, "--frame-origins", "https://shop.example, https://app.example")
    assert framed["frame_origins"] == ["https://shop.example", "https://app.example"]
    assert "frame_origins" not in desk.answer("brand", "set", *at, "--frame-origins", "")
    assert desk.answer("brand", "logo", f"{tmp_path}/logo.png", *at)["has_logo"] is True
    assert "has_logo             True\nprivacy en           13 characters" in desk("brand", "show", *at).out
    assert desk.answer("brand", "logo", *at)["has_logo"] is False
    assert "privacy" not in desk.answer("brand", "set", *at, "--privacy", f"en={tmp_path}/none.txt")
    assert "no brand any more" in desk("brand", "remove", *at).out
    assert "no brand: set one first" in desk.refused("brand", "show", *at)
    entries = desk.answer("audit", "show", "--company", company)
    actions = [entry["action"].removeprefix("brand_") for entry in entries if entry["action"].startswith("brand")]
    assert actions == ["set", "set", "set", "set", "logo_set", "logo_removed", "set", "removed"]


def logo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 20), "#ffd400").save(out, "PNG")
    return out.getvalue()


REFUSED = {
    "no name yet": (("set", "--primary", "#1d4f91"), "name must not be blank"),
    "a colour that hides text": (("set", "--name", "A", "--primary", "#ffd400"), "black text would do (14.67)"),
    "no language": (("set", "--name", "A", "--privacy", "privacy.txt"), "a language and a file"),
    "another language": (("set", "--name", "A", "--privacy", "fr=FILE"), "privacy may be in en, es, pt"),
    "no such file": (("set", "--name", "A", "--privacy", "en=nowhere.txt"), "nowhere.txt cannot be read"),
    "no brand yet": (("logo", "FILE"), "no brand: set one first"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(desk: Desk, company: str, tmp_path: Path, name: str) -> None:
    words, message = REFUSED[name]
    (tmp_path / "file").write_text("What we keep.", "utf-8")
    asked = [word.replace("FILE", str(tmp_path / "file")) for word in words]
    result = desk("brand", *asked, "--company", company)
    assert (result.status, result.out) == (1, "")
    assert message in result.err


def test_what_is_no_logo_is_refused(desk: Desk, company: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no picture", "utf-8")
    desk.answer("brand", "set", "--company", company, "--name", "Acme")
    assert "logo must be a PNG" in desk("brand", "logo", tmp_path / "file", "--company", company).err
