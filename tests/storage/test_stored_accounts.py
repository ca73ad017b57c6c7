"""What every version sealed of operators and their sessions opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.domain.value import replace
from ostiary.storage.operators.accounts import operator_of
from ostiary.storage.operators.passkeys import passkey_of
from ostiary.storage.operators.sessions import session_of
from ostiary.storage.unit_context import company_box
from tests.kept import make_sealed, values
from tests.storage.sealed_files import SEALED_FILES, read

LANGUAGES = {"0010": ""}
"""Before schema 0011 nobody chose one."""


@pytest.mark.parametrize("path", SEALED_FILES, ids=lambda path: path.stem)
def test_an_operator_and_a_session_open(path: Path) -> None:
    sealed_file, cipher = read(path), make_sealed.keyring()
    if "operators.content" not in sealed_file.sealed:
        return  # before schema 0010 there were none
    box = company_box(cipher, values.company(sealed_file.data_keys["company"]))
    wanted = replace(values.OPERATOR, language=LANGUAGES.get(path.stem, values.OPERATOR.language))
    if b"views" not in sealed_file.plain["operators.content"]:
        wanted = replace(wanted, views=())  # before schema 0011 nobody kept any
    content = sealed_file.sealed["operators.content"]
    assert operator_of(box, (wanted.id, wanted.created_at_ms, wanted.updated_at_ms, content)) == wanted
    session = values.SESSION
    times = (session.created_at_ms, session.seen_at_ms, session.ends_at_ms)
    content = sealed_file.sealed["operator_sessions.content"]
    assert session_of(box, (session.mark, session.operator_id, *times, content)) == session


@pytest.mark.parametrize("path", SEALED_FILES, ids=lambda path: path.stem)
def test_a_passkey_opens(path: Path) -> None:
    sealed_file, cipher, passkey = read(path), make_sealed.keyring(), values.PASSKEY
    if "operator_passkeys.content" not in sealed_file.sealed:
        return  # before schema 0011 there were none
    box = company_box(cipher, values.company(sealed_file.data_keys["company"]))
    content = sealed_file.sealed["operator_passkeys.content"]
    row = (passkey.mark, passkey.operator_id, passkey.created_at_ms, content, passkey.ended_at_ms)
    assert passkey_of(box, row) == passkey
