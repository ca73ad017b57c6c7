"""What somebody does to texts of terms and to publications who can write to the database and has no key is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import texts_named
from ostiary.usecases.terms.accept import accept_terms
from tests.storage.lived import Lived
from tests.storage.test_tampering import put_back, rows_of
from tests.terms import SPANISH, circumstances, hash_of, named, source, write
from tests.usecases.test_publishing import followed, published


@pytest.fixture
async def published_terms(lived: Lived, tmp_path: Path) -> Lived:
    """A catalogue with a text in two languages was published, and one of them accepted."""
    house = lived.house
    catalogue = catalogue_file.load(write(tmp_path / "catalogues"))
    publication = await published(house, catalogue)
    followed(house, [publication])
    client = await house.client(email="dan@example.com")
    await house.request(client.id, "pay")
    await house.do(accept_terms, client.id, named(), circumstances())
    lived.ids |= {"dan": client.id, "publication": publication.id, "version": publication.version}
    lived.ids |= {"english": named().sha256, "spanish": hash_of(SPANISH)}
    assert lived.faults() == {}
    return lived


TABLES = ("terms_texts", "terms_acceptances", "publications", "catalogues", "clients")
TAMPERINGS = [
    ("UPDATE terms_texts SET content = 'You may not pay.' WHERE sha256 = '{english}'", "",
     "terms {english}: what is kept under this hash is another text"),
    ("DELETE FROM terms_texts WHERE sha256 = '{english}'", "",
     "terms {english}: they were accepted, and the text is not kept"),
    ("DELETE FROM terms_texts WHERE sha256 = '{spanish}'", "",
     "terms {spanish}: a catalogue names them, and the text is not kept"),
    ("DELETE FROM terms_acceptances", "dan", " is gone"),
    ("UPDATE terms_acceptances SET sha256 = '{spanish}'", "dan", ": sha256 is {spanish}, entry 3 says {english}"),
    ("UPDATE clients SET terms = NULL WHERE client_id = '{dan}'", "dan",
     "client: terms is not what was written last, by entry 3"),
    ("DELETE FROM publications", "", "publication {publication} is gone"),
    ("UPDATE publications SET version = 'another'", "", "catalogue another: it was published, and it is not kept"),
    ("UPDATE publications SET version = 'another'", "", "publication {publication}: version is another, entry "),
    ("UPDATE publications SET from_ms = 1", "", "publication {publication}: from_ms is 1, entry "),
    ("UPDATE publications SET approver = 'operator:eve'", "", ": approver is operator:eve, entry "),
    ("UPDATE publications SET author = 'operator:eve'", "", ": author is operator:eve, entry "),
    ("UPDATE publications SET note = 'Because.'", "", ": note is Because., entry "),
    ("DELETE FROM catalogues WHERE version = '{version}'", "", "catalogue {version}: requests are pinned to it"),
]  # fmt: skip
"""A statement, whose fault it is (nobody: the installation's), and what is said of it."""


async def test_a_change_by_sql_is_named(published_terms: Lived) -> None:
    lived = published_terms
    before = rows_of(lived, *TABLES)
    for text, whose, shows in TAMPERINGS:
        lived.do(text)
        faults = lived.faults()
        house = set(faults) - set(lived.ids)  # the installation's own company has no name among these
        owners = {whose} if whose else house
        said_of_them = [fault for owner in owners for fault in faults.get(owner, ())]
        assert shows.format(**lived.ids) in "\n".join(said_of_them), (text, faults)
        put_back(lived, before)
    assert lived.faults() == {}


def test_a_kept_catalogue_says_which_texts_it_names() -> None:
    version = catalogue_file.parse(source(), "terms", is_kept=True).version
    assert texts_named(version, source()) == frozenset({named().sha256, hash_of(SPANISH)})
    assert texts_named("another", source()) is None
    assert texts_named(version, "products: [") is None
