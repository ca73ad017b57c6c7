"""Which language a reader gets, and what a text is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ostiary.domain.sentences import counted, joined, sentence, verbatim
from ostiary.languages import language
from ostiary.languages.choosing import MOST_RANGES, OFFERED, wanted_language
from ostiary.languages.language import Language, Languages

LEAST = sentence("at least %(least)s", least=1)


@pytest.mark.parametrize(("header", "wanted"), [
    ("", "en"),
    ("es", "es"),
    ("ES", "es"),
    ("pt-BR", "pt"),
    ("pt-PT,pt;q=0.9,en;q=0.8", "pt"),
    ("es-419", "es"),
    ("es-Latn-MX", "es"),
    ("de", "en"),
    ("de, es", "es"),
    ("de;q=0.9, pt;q=0.1", "pt"),
    ("es;q=0.5, pt;q=0.6", "pt"),
    ("es;q=0.5, pt;q=0.5", "es"),
    ("es ; q=0.1 , pt ; Q=1", "pt"),
    ("es;q=1.000", "es"),
    ("es;q=0", "en"),
    ("es;q=0.0, de", "en"),
    ("*", "en"),
    ("en;q=0, *", "es"),
    ("en;q=0, es;q=0, *;q=0.1", "pt"),
    ("en;q=0, es;q=0, pt;q=0", "en"),
    ("de, *;q=0.1, es;q=0.2", "es"),
    ("español", "en"),
    ("es;q=2, pt;q=0.1", "pt"),
    ("es;q=-1", "en"),
    ("es;q=0.1234", "en"),
    ("es;q=nan, pt", "pt"),
    ("es;level=1", "en"),
    ("es_ES", "en"),
    ("es\0", "en"),
    ("../es", "en"),
    ("<script>", "en"),
    (",,, ,es,", "es"),
    ("estonian", "en"),
    ("e" * 100_000, "en"),
    ("de," * MOST_RANGES + "es", "en"),
    ("de," * (MOST_RANGES - 1) + "es", "es"),
    ("de-" * 50_000 + "x", "en"),
])  # fmt: skip
def test_the_best_that_a_browser_asks_for(header: str, wanted: str) -> None:
    assert wanted_language(header) == wanted


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Language:
    """With texts that no translator changes."""
    (tmp_path / "es.po").write_text("""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Queue"
msgstr "Cola"

msgid "%(num)s case of %(name)s"
msgid_plural "%(num)s cases of %(name)s"
msgstr[0] "%(num)s caso de %(name)s"
msgstr[1] "%(num)s casos de %(name)s"

msgid "%(name)s is %(problem)s"
msgstr "%(problem)s: %(name)s"

msgid "at least %(least)s"
msgstr "al menos %(least)s"

#, fuzzy
msgid "Find"
msgstr "Hallar"

msgid "Nothing"
msgstr ""
""")
    monkeypatch.setattr(language, "TEXTS", tmp_path)
    return Language("es")


@pytest.mark.parametrize(("text", "translated"), [
    ("Queue", "Cola"),
    ("Find", "Find"),
    ("Nothing", "Nothing"),
    ("what somebody wrote, 100 %", "what somebody wrote, 100 %"),
    (sentence("at least %(least)s", least=12), "al menos 12"),
    (sentence("%(name)s is %(problem)s", name="Queue", problem=LEAST), "al menos 1: Queue"),
])  # fmt: skip
def test_a_text_is_looked_up_and_its_values_are_not_unless_they_are_texts(
    spanish: Language, text: str, translated: str
) -> None:
    assert spanish.translated(text) == translated


def test_texts_count(spanish: Language) -> None:
    forms = ("%(num)s case of %(name)s", "%(num)s cases of %(name)s")
    for count, spanish_words, english_words in (
        (0, "0 casos de Acme", "0 cases of Acme"),
        (1, "1 caso de Acme", "1 case of Acme"),
        (2, "2 casos de Acme", "2 cases of Acme"),
    ):
        assert spanish.ngettext(*forms, count, name="Acme") == spanish_words
        assert Language("en").ngettext(*forms, count, name="Acme") == english_words
    assert spanish.ngettext("a day", "%(num)s days", 3) == "3 days", "what is not translated counts in English"


def test_what_is_known(spanish: Language) -> None:
    asked = ("Queue", "Find", "Nothing", "else", sentence("at least %(least)s", least=1))
    assert [spanish.knows(text) for text in asked] == [True, False, False, False, True]
    assert Language("en").knows("anything")


SPANISH, PORTUGUESE, ENGLISH = Language("es"), Language("pt"), Language("en")
DOCUMENTS = ("%(num)s document", "%(num)s documents")
AT_MS = 1_776_249_007_000
"""2026-04-15T10:30:07 UTC."""


@pytest.mark.parametrize(("written", "english", "spanish", "portuguese"), [
    (lambda each: each.moment(AT_MS), "15 Apr 2026, 10:30 UTC", "15 abr 2026, 10:30 UTC",
     "15 de abr. de 2026, 10:30 UTC"),
    (lambda each: each.second("2026-04-15T10:30:07"), "15 Apr 2026, 10:30:07 UTC", "15 abr 2026, 10:30:07 UTC",
     "15 de abr. de 2026, 10:30:07 UTC"),
    (lambda each: each.moment(253_402_300_800_000), "31 Dec 9999, 23:59 UTC", "31 dic 9999, 23:59 UTC",
     "31 de dez. de 9999, 23:59 UTC"),
    (lambda each: each.second(""), "", "", ""),
    (lambda each: each.day(AT_MS), "15 Apr 2026", "15 abr 2026", "15 de abr. de 2026"),
    (lambda each: each.short_day(AT_MS), "15 Apr", "15 abr", "15 de abr."),
    (lambda each: each.span(3 * 86_400_000), "3 days", "3 días", "3 dias"),
    (lambda each: each.span(7_199_999), "1 hour", "1 hora", "1 hora"),
    (lambda each: each.span(120_000), "2 minutes", "2 minutos", "2 minutos"),
    (lambda each: each.span(59_999), "less than a minute", "menos de un minuto", "menos de um minuto"),
    (lambda each: each.duration(30, "second"), "30 seconds", "30 segundos", "30 segundos"),
    (lambda each: each.number(1_234_567), "1,234,567", "1.234.567", "1.234.567"),
    (lambda each: each.decimal(0.9, 2), "0.90", "0,90", "0,90"),
    (lambda each: each.percent(0.756), "76%", "76\u00a0%", "76%"),
    (lambda each: each.gettext("attempt %(number)s", number=12_345), "attempt 12,345", "intento 12.345",
     "tentativa 12.345"),
    (lambda each: each.translated(counted(*DOCUMENTS, 1)), "1 document", "1 documento", "1 documento"),
    (lambda each: each.translated(counted(*DOCUMENTS, 0)), "0 documents", "0 documentos", "0 documento"),
    (lambda each: each.translated(joined(("front", verbatim("Queue")), ", ")), "front, Queue", "anverso, Queue",
     "frente, Queue"),
])  # fmt: skip
def test_what_is_written_in_each_language(
    written: Callable[[Language], str], english: str, spanish: str, portuguese: str
) -> None:
    assert [written(each) for each in (ENGLISH, SPANISH, PORTUGUESE)] == [english, spanish, portuguese]


def test_a_text_is_known_with_all_texts_in_it() -> None:
    assert SPANISH.knows(joined(("front", verbatim("Queue"))))
    assert not SPANISH.knows(joined(("front", "nothing like that")))


def test_every_language_that_is_offered_opens() -> None:
    languages = Languages()
    assert [(each.tag, each.name) for each in languages.every()] == list(OFFERED.items())
    assert all(languages[tag].gettext("nothing like that") == "nothing like that" for tag in OFFERED)
    with pytest.raises(KeyError):
        languages["de"]
