"""Every text that people read, taken from where it stands, and put into the files that translators fill.

    python -m tests.conventions.messages        what `make messages` runs

Texts of Python are literals in the calls of `TAKEN`, and what a few tables hold; those of templates are what Jinja2
extracts. New ones come into each file without a translation, those that are gone leave it.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from ostiary.domain import errors
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Environment
from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.operators.operator import Role
from ostiary.domain.rejections import EXPLANATIONS, Code
from ostiary.domain.screening.hits import HitState
from ostiary.languages.choosing import ENGLISH, OFFERED
from ostiary.languages.language import TEXTS
from tests.conventions.sources import tree_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ostiary"
ERRORS = {
    name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, errors.OstiaryError)
}
TAKEN: dict[str, tuple[int | str, ...]] = {
    "N_": (0,), "sentence": (0,), "gettext": (0,), "Page": ("title",), "ConsoleRefused": (1, 2),
}  # fmt: skip
"""Calls by name, and which of what they are given is a text for people: by place, or by name."""
REFUSED: dict[str, tuple[int | str, ...]] = {**dict.fromkeys(ERRORS, (0,)), "Fault": (2,)}
"""The same of refusals."""
COUNTED = ("counted", "ngettext")
ON_PAGES = (
    "console", "html", "usecases/operators", "usecases/review", "usecases/screening", "usecases/companies",
    "usecases/delivery", "usecases/lifecycle", "usecases/verification", "usecases/dossiers.py", "domain/review",
    "domain/operators", "domain/companies", "api", "web", "usecases/hosted", "usecases/terms", "usecases/sandbox",
    "adapters/files/pictures.py", "adapters/files/object_store.py", "adapters/pages", "adapters/pictures",
    "storage/counting.py", "storage/postgres", "storage/sqlite",
    "usecases/catalogue", "domain/catalogue_changes", "usecases/privacy", "domain/privacy",
)  # fmt: skip
"""Where a refusal, in these alone, may come to a page of ours or to a caller of the API."""
CODES: tuple[type[Enum], ...] = (
    ClientStatus, Code, DocumentStatus, Environment, HitState, MessageOutcome, Review, ReviewReason, Role, Status,
)  # fmt: skip
"""Codes that pages show as words."""
OTHER_CODES = (
    "working", "untried", "failing", "disabled", "identity_card", "passport", "driving_licence", "residence_permit",
    "product_status_changed", "webhook_test", "low", "standard", "high", "risk_set", "risk_released",
    "renewal_asked",
    "first_name", "second_name", "last_name", "birth_date", "email", "phone", "phone_number", "country", "city",
    "street", "number", "issuing_country", "expiration_date", "image_front", "image_back", "password", "code", "name",
    "note", "reason", "passkey", "returned", "postal_code", "state", "address", "tax_id", "nationality",
    "residence_country", "external_id", "occupation", "gender", "approve", "return", "reject", "reject_client",
    "approve_with_hit", "approve_against_doubt", "override", "offboard", "clear_hit", "release_number", "hit",
    "confirmed_hit", "advance", "product_enablement_status_changed", "onboarding_opened", "onboarding_step_completed",
    "onboarding_finished", "onboarding_expired",
)  # fmt: skip
"""Those that are no enumeration: states of a webhook, and the fields and types that the catalogue and the API name."""


PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
"""Where values stand."""


@dataclass(slots=True)
class Text:
    """One text: what it is where it counts others than one, and the files it stands in."""

    plural: str = ""
    places: set[str] = field(default_factory=set)


@cache
def every_text() -> dict[str, Text]:
    """By their English words."""
    texts: dict[str, Text] = {}
    for singular, plural, place in (*_of_python(), *_of_templates(), *_of_tables()):
        if not PLACES.sub("", singular).strip(" .,:"):
            continue
        text = texts.setdefault(singular, Text())
        text.plural = text.plural or plural
        text.places.add(place)
    return texts


def _of_python() -> Iterator[tuple[str, str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(SOURCE))
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                for singular, plural in texts_of(node, is_on_pages=place.startswith(ON_PAGES)):
                    yield singular, plural, place


def name_of(call: ast.Call) -> str:
    """What is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def given_to(call: ast.Call) -> dict[int | str | None, ast.expr]:
    """By place, and by name."""
    return {**dict(enumerate(call.args)), **{each.arg: each.value for each in call.keywords}}


def texts_of(call: ast.Call, *, is_on_pages: bool) -> Iterator[tuple[str, str]]:
    """The literals of one call that people read."""
    name, given = name_of(call), given_to(call)
    for place in TAKEN.get(name, REFUSED.get(name, ()) if is_on_pages else ()):
        for text in _literals(given.get(place)):
            yield text, ""
    if name in COUNTED:
        yield from zip(_literals(given.get(0)), _literals(given.get(1)), strict=True)


def _literals(node: ast.expr | None) -> list[str]:
    """A literal, or both of `a if b else c`."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else []


def _of_templates() -> Iterator[tuple[str, str, str]]:
    options = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
    for path in sorted(SOURCE.rglob("templates/*.html")):
        with path.open("rb") as file:
            for _, _, text, _ in babel_extract(file, ("_", "gettext", "ngettext"), [], options):
                singular, plural, *_ = (text, "") if isinstance(text, str) else (*(text or ()), "", "")
                yield singular or "", plural or "", str(path.relative_to(SOURCE))


def _of_tables() -> Iterator[tuple[str, str, str]]:
    for explanation in EXPLANATIONS.values():
        yield explanation.reason, "", "domain/rejections.py"
        yield explanation.action, "", "domain/rejections.py"
    for words in REVIEW_REASONS.values():
        yield words, "", "domain/onboarding/review_reasons.py"
    for kind in ERRORS.values():
        yield (kind.__doc__ or "").partition("\n")[0], "", "domain/errors.py"
    for code in (*(each.value for kind in CODES for each in kind), *OTHER_CODES):
        yield code.replace("_", " "), "", "codes"


def catalogue_of(tag: str) -> Catalog:
    """What there is in a language."""
    with (TEXTS / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag)


def written(catalogue: Catalog) -> bytes:
    """As a file is kept: sorted, without line numbers or dates, so that a change is seen as what it is."""
    file = BytesIO()
    write_po(file, catalogue, sort_output=True, include_lineno=False, width=110, omit_header=False)
    dropped = (
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Language-Team",
    )
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in dropped))).encode()


def brought_up_to_date(tag: str) -> Catalog:
    """A language's texts, with all that there are now and no others."""
    catalogue = catalogue_of(tag)
    template = Catalog()
    for singular, text in every_text().items():
        identity = (singular, text.plural) if text.plural else singular
        template.add(identity, locations=[(place, 0) for place in sorted(text.places)])
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = f"# Texts of Ostiary in {OFFERED[tag]}. `make messages` brings in new ones."
    catalogue.project, catalogue.version = "Ostiary", "1"
    return catalogue


def main() -> None:
    for tag in OFFERED:
        if tag != ENGLISH:
            (TEXTS / f"{tag}.po").write_bytes(written(brought_up_to_date(tag)))


if __name__ == "__main__":
    main()
