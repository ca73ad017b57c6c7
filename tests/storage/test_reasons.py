"""Why a PostgreSQL database cannot be used is said in words to act on, without the address's secrets."""

from __future__ import annotations

import subprocess

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.settings import SettingInvalid, read_settings
from ostiary.storage import opening
from tests.servers.postgresql import program, shared

ROWS = {
    "no such database": ("{at}/nonesuch", "no database of that name"),
    "nobody listens": ("127.0.0.1:9/db", "nothing listens"),
    "a parameter that is none": ("{at}/postgres?sslmod=require", "unknown parameter"),
    "no certificate to trust": ("{at}/postgres?sslmode=verify-full", "sslrootcert=FILE"),
    "no such certificate": ("{at}/postgres?sslmode=verify-full&sslrootcert=/no/such.crt", "is not there"),
    "a port that is none": ("127.0.0.1:geheim/db", "unknown parameter, or is not as"),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_is_wrong_is_said(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/no/such/home")
    address, words = ROWS[row]
    url = "postgresql://ostiary:geheim@" + address.format(at=f"127.0.0.1:{shared().port}")
    with pytest.raises(Unavailable) as caught:
        opening.PostgresDatabase(url, "").schema()
    assert words in caught.value.message
    assert "geheim@" not in caught.value.message


def test_the_folder_of_a_socket_is_part_of_the_place() -> None:
    place = opening.PostgresDatabase("postgresql://o:geheim@/db?host=/run/pg&port=5433&password=geheim", "")
    assert place.shown == "postgresql:///db?host=/run/pg&port=5433"


@pytest.mark.parametrize("text", ["postgresql://o:p@host:abc/db", "postgresql://o:p[@host/db"])
def test_an_address_that_is_none_is_refused_as_a_setting(text: str) -> None:
    with pytest.raises(SettingInvalid, match="OSTIARY_DATABASE_URL must be postgresql://user"):
        read_settings({"OSTIARY_DATABASE_URL": text})


def test_a_migration_may_take_longer_than_the_limit_that_its_role_has_for_requests() -> None:
    """It waits for another migration, whose lock the server holds for longer than the limit."""
    name = shared().create()
    shared().sql("postgres", f"ALTER ROLE ostiary IN DATABASE {name} SET statement_timeout = '500ms'")
    held = "SET statement_timeout = 0; SELECT pg_advisory_lock(8030890556487006465); SELECT 1; SELECT pg_sleep(4)"
    with subprocess.Popen([program("psql"), "-X", "-q", "-c", held, shared().url(name)], stdout=subprocess.DEVNULL):
        assert opening.migrate(opening.PostgresDatabase(shared().url(name), ""))
    shared().drop([name])
