"""One installation for the whole contract; each test has a partner company and a clock of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ostiary.app import Installation
from tests.contract.partner import Partner, partnered
from tests.http.running import installation


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Opening one takes longer than most tests."""
    with installation(tmp_path_factory.mktemp("contract")) as parts:
        yield parts


@pytest.fixture
async def partner(shared: Installation) -> AsyncIterator[Partner]:
    async with partnered(shared) as partner:
        yield partner


TAILORED = """
attributes:
  residence_permit: {name: Residence permit, type: BOOLEAN}
  children: {name: Children, type: INTEGER, minimum: 0, maximum: 20}
document_types:
  passport: &identity
    name: Passport
    unique: true
    issuing_countries: [ARG, BRA]
    metadata:
      number: {name: Document Number, type: STRING, min_length: 4}
      issuing_country: {name: Issuing Country, type: COUNTRY}
  permit:
    name: Permit
    sides: front_and_back
    metadata:
      category: {name: Category, type: ENUM, options: [a, b]}
      pages: {name: Pages, type: INTEGER, minimum: 1, required: false}
      fee: {name: Fee, type: DECIMAL, required: false}
      stamped: {name: Stamped, type: BOOLEAN, required: false}
      contact: {name: Contact, type: EMAIL, required: false}
products:
  savings:
    name: Savings
    documents:
      identity:
        name: Identity
        one_of:
          - passport
          - type: permit
            when: country != 'USA'
    data:
      family:
        name: Family
        fields:
          - residence_permit
          - key: children
            when: residence_permit
"""


@pytest.fixture(scope="session")
def tailored_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a catalogue that uses what the shipped one does not."""
    folder: Path = tmp_path_factory.mktemp("tailored")
    (folder / "catalogue.yaml").write_text(TAILORED)
    with installation(folder, OSTIARY_CATALOGUE=str(folder / "catalogue.yaml")) as parts:
        yield parts


@pytest.fixture
async def tailored(tailored_parts: Installation) -> AsyncIterator[Partner]:
    async with partnered(tailored_parts) as partner:
        yield partner
