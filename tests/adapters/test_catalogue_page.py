"""The page about catalogues: its examples are good, and it names every code of a fault."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

from ostiary.adapters.config import catalogue_file, scenarios_file
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.languages.language import Language
from tests.adapters.test_catalogue_chips import FAULTY_CHIPS
from tests.adapters.test_catalogue_file import FAULTY
from tests.adapters.test_catalogue_levels import FAULTY_LEVELS
from tests.adapters.test_catalogue_renewals import FAULTY_RENEWALS
from tests.adapters.test_catalogue_seals import FAULTY_SEALS
from tests.adapters.test_catalogue_terms import FAULTY as FAULTY_TERMS
from tests.adapters.test_catalogue_terms import OF_TEXTS

OTHERS = (FAULTY_TERMS, FAULTY_RENEWALS, FAULTY_LEVELS, FAULTY_CHIPS, FAULTY_SEALS)
PAGE = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text("utf-8")


def test_the_examples_of_the_documentation_are_good() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    whole, texts, options, chips, part, renewals, risk, scenarios = blocks
    assert catalogue_file.parse(renewals, "page").products["accounts"].renewal.ask_anything
    assert [scenario.id for scenario in scenarios_file.parse(scenarios, "page")] == ["blurred", "usual"]
    assert catalogue_file.parse(whole, "page").products["savings"].minimum_age == 18
    assert [each.risk_class for each in catalogue_file.parse(whole + risk, "page").risk] == ["high"] * 3 + ["low"]
    assert catalogue_file.parse(chips, "page").products["cards"].policy is Policy.PROVEN
    one_of, fields = part.splitlines()
    products = f"""
        cards:
            name: Cards
            documents:
                identity: {{name: Identity, {one_of}}}
            data:
                info: {{name: Info, {fields}}}"""
    attributes = "{tax_id: {name: Tax id, type: TAX_ID}, source: {name: Source, type: ENUM, " + options.strip() + "}}"
    source = f"attributes: {attributes}\ndocument_types:\n  national_id: {{name: Card}}\n  passport:\n"
    source += f"{indent(texts, '    ')}products:{products}\n"
    catalogue = catalogue_file.parse(source, "page")
    assert catalogue.products["cards"].data[0].fields[1].condition is not None
    assert Language("es").named(catalogue.document_types["passport"].name) == "Pasaporte"
    assert catalogue.attributes["source"].options == ("salary", "savings", "other")


def test_every_code_is_in_the_documentation() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE.partition("## Faults")[2], re.MULTILINE))
    codes = {row[2] for row in FAULTY}
    codes |= {
        row[1] for rows in (FAULTY_TERMS, FAULTY_RENEWALS, FAULTY_LEVELS, FAULTY_CHIPS, FAULTY_SEALS) for row in rows
    }
    assert documented == codes | {"unreadable"} | OF_TEXTS
