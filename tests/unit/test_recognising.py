"""A reason that was stored is told again in another language: its pattern and its values are found in its words."""

from __future__ import annotations

import pytest

from ostiary.domain.rejections import EXPLANATIONS
from ostiary.domain.sentences import sentence
from ostiary.languages.language import Languages
from ostiary.languages.recognising import LONGEST_TEXT, Recognised, Recogniser

SPANISH, ENGLISH = Languages()["es"], Languages()["en"]
FIND = Recogniser([
    "The document expired on %(day)s.",
    "The document expired on %(day)s, %(count)s days ago.",
    "%(count)s %% of %(count)s copies",
    "%(a)s or %(b)s",
    "Nothing is missing.",
])  # fmt: skip


@pytest.mark.parametrize(("text", "pattern", "values"), [
    ("The document expired on 2026-01-02.", "The document expired on %(day)s.", {"day": "2026-01-02"}),
    (
        "The document expired on 2026-01-02, 7 days ago.",
        "The document expired on %(day)s, %(count)s days ago.",
        {"day": "2026-01-02", "count": "7"},
    ),
    ("12 % of 12 copies", "%(count)s %% of %(count)s copies", {"count": "12"}),
])  # fmt: skip
def test_the_most_exact_pattern_that_fits_is_found(text: str, pattern: str, values: dict[str, str]) -> None:
    assert FIND(text) == Recognised(pattern, values)


@pytest.mark.parametrize("text", [
    "12 % of 13 copies",
    "this or that",
    "Nothing is missing.",
    "The document expired on .",
    "The document expired on Monday\nor later.",
    "x" * LONGEST_TEXT + "The document expired on 2026-01-02.",
])  # fmt: skip
def test_what_fits_none_or_one_of_few_words_is_not_recognised(text: str) -> None:
    assert FIND(text) is None


BLURRED = "blurred: edges reach 0.21 of full sharpness, at least 0.30 is needed"
DARK = "too dark: bright parts reach 20% of white, at least 40% is needed"
NOT_READ = "The machine-readable lines of the document could not be read reliably; the picture is"


@pytest.mark.parametrize(("stored", "retold"), [
    ("The document expired on 2026-01-02.", "El documento caducó el 2026-01-02."),
    ("The picture is blurred.", "La imagen está borrosa."),
    (
        f"{NOT_READ} {BLURRED}.",
        "Las líneas de lectura mecánica del documento no se pudieron leer con seguridad; la imagen está borrosa: los "
        "bordes alcanzan 0.21 de la nitidez plena, se necesita al menos 0.30.",
    ),
    (
        f"{NOT_READ} {BLURRED}; {DARK}.",
        "Las líneas de lectura mecánica del documento no se pudieron leer con seguridad; la imagen está borrosa: los "
        "bordes alcanzan 0.21 de la nitidez plena, se necesita al menos 0.30; demasiado oscura: las partes claras "
        "alcanzan el 20% del blanco, se necesita al menos el 40%.",
    ),
    ("Please send page two as well.", "Please send page two as well."),
    (sentence("The document expired on %(day)s.", day="2026-01-02"), "El documento caducó el 2026-01-02."),
])  # fmt: skip
def test_a_stored_reason_is_retold_and_what_somebody_wrote_stays(stored: str, retold: str) -> None:
    assert SPANISH.retold(stored) == retold


def test_in_english_everything_stays() -> None:
    assert ENGLISH.retold("The document expired on 2026-01-02.") == "The document expired on 2026-01-02."


def test_every_reason_and_every_action_is_there_in_every_language() -> None:
    for language in Languages().every():
        for explanation in EXPLANATIONS.values():
            for text in (explanation.reason, explanation.action):
                assert (language.retold(text) == text) is (language.tag == "en"), text
