"""A master key that lies nowhere but sealed by a token: each command has the token decrypt it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from ostiary.domain.companies.company import Environment
from tests.cli.conftest import Desk
from tests.servers.token import Token

pytestmark = pytest.mark.heavy
FIRST, SECOND = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def test_an_installation_is_made_opened_and_rewrapped_with_keys_from_a_token(desk: Desk, tmp_path: Path) -> None:
    token = Token(tmp_path / "token")
    token.seal(f"1:{FIRST}\n")
    by_token = {"master_key_command": token.command}
    founded = desk.answer("company", "create", "--name", "Acme", "--environment", Environment.SANDBOX.value, **by_token)
    assert not (desk.data / "master.key").exists()
    assert FIRST.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    [company] = desk.answer("company", "list", **by_token)
    assert company["company_id"] == founded["company_id"]
    token.seal(f"1:{FIRST}\n2:{SECOND}\n")
    assert desk.answer("keys", "rewrap", **by_token)["unopened"] == 0
    assert desk.answer("keys", "retire", "1", **by_token)["retired"] is True
    token.seal(f"2:{SECOND}\n")
    assert desk.answer("company", "list", **by_token)[0]["company_id"] == founded["company_id"]
    assert "1 key from the output of" in desk("doctor", **by_token).out


def test_without_its_pin_a_token_gives_nothing(desk: Desk, tmp_path: Path) -> None:
    token = Token(tmp_path / "token")
    token.seal(FIRST, pin="9999")
    words = ("company", "create", "--name", "Acme", "--environment", "sandbox")
    assert "ended with status 1" in desk.refused(*words, master_key_command=token.command)
    assert not (desk.data / "master.key").exists(), "none is made in its place"
