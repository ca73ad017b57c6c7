"""Every text that people read is marked, translated into each language that is offered, and says the same there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment, nodes

from ostiary.console.static_files import HOME
from ostiary.languages.choosing import ENGLISH, OFFERED
from ostiary.languages.formats import LOCALES
from ostiary.languages.language import TEXTS
from ostiary.web.errors import STATUSES
from tests.conventions.messages import (
    ERRORS,
    ON_PAGES,
    REFUSED,
    SOURCE,
    brought_up_to_date,
    catalogue_of,
    given_to,
    name_of,
    written,
)
from tests.conventions.sources import tree_of

TRANSLATED = [tag for tag in OFFERED if tag != ENGLISH]
TEMPLATES = sorted(SOURCE.rglob("templates/*.html"))
VALUE = re.compile(r"%\(\w+\)s|\{\w+\}|`[^`]+`")
TAG = re.compile(r"<[^<>]+>")
BROKEN = 500
WORD = re.compile(r"[A-Za-z]{2,}")
NO_WORDS = {"Ostiary", "UTC", "px", "ms", "MB", "HTTP", "warn", "good", "bad", "client", "GB", "CSV", "JSON"}
"""What is the same in every language, or is no text: signs, units, names."""
OF_PROGRAMS = ("key:ID", "review_looked")
"""Examples of what a program names so."""
READ_ALOUD = re.compile(r'\s(?:aria-label|alt|title|placeholder|data-label|data-decision)="([^"]*)"')


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_language_has_every_text_and_no_other(tag: str) -> None:
    assert written(brought_up_to_date(tag)) == (TEXTS / f"{tag}.po").read_bytes(), "run: make messages"


def messages_of(tag: str) -> list[tuple[str, str]]:
    """Each text with its translation; both forms of what counts."""
    return [pair for message in catalogue_of(tag) if message.id for pair in _pairs(message)]


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield from zip(message.id, message.string or (), strict=True)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_text_is_translated(tag: str) -> None:
    assert not [text for text, translation in messages_of(tag) if not translation.strip()]
    assert not [message.id for message in catalogue_of(tag) if message.id and message.fuzzy]


@pytest.mark.parametrize("tag", TRANSLATED)
def test_what_stands_in_a_text_stands_in_its_translation(tag: str) -> None:
    """Values, code and markup, as often; a translation brings none of its own, and nothing that would end an
    attribute."""
    for text, translation in messages_of(tag):
        for kind in (VALUE, TAG):
            assert Counter(kind.findall(text)) == Counter(kind.findall(translation)), translation
        bare, own = TAG.sub("", text), TAG.sub("", translation)
        assert all(own.count(sign) == bare.count(sign) for sign in '<>&"'), translation
        assert text[0].isspace() == translation[0].isspace(), translation
        assert text[-1].isspace() == translation[-1].isspace(), translation
        assert ("%" in VALUE.sub("", text)) == ("%" in VALUE.sub("", translation)), translation


@pytest.mark.parametrize("tag", TRANSLATED)
def test_few_texts_are_spelt_as_in_english(tag: str) -> None:
    same = {text for text, translation in messages_of(tag) if text == translation and WORD.search(VALUE.sub("", text))}
    assert len(same) <= 12, same


@pytest.mark.parametrize("tag", TRANSLATED)
def test_sentences_end_alike(tag: str) -> None:
    """What is a whole sentence in English is in the others; the rest is a label, which has no full stop."""
    assert not [t for text, t in messages_of(tag) if text.endswith(".") != t.endswith(".")]


def test_a_refusal_with_values_is_a_pattern_that_can_be_said_in_each_language() -> None:
    """And not put together in English. What broke on our side is told to the log alone."""
    kinds = {name for name in REFUSED if name not in ERRORS or STATUSES[ERRORS[name]] != BROKEN}
    places = (path for path in SOURCE.rglob("*.py") if str(path.relative_to(SOURCE)).startswith(ON_PAGES))
    calls = ((path, node) for path in places for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
    lines = {
        f"{path.relative_to(SOURCE)}:{call.lineno}"
        for path, call in calls
        if name_of(call) in kinds
        for place in REFUSED[name_of(call)]
        if isinstance(given_to(call).get(place), ast.JoinedStr)
    }
    assert not lines


def test_each_language_has_its_forms_of_writing() -> None:
    assert set(LOCALES) == set(OFFERED)
    assert {path.stem for path in TEXTS.iterdir()} == set(TRANSLATED)


def test_templates_hold_no_words_of_their_own() -> None:
    faults = {path.name: words for path in TEMPLATES if (words := bare_words(path.read_text()))}
    assert not faults, "write {{ _(...) }} or {% trans %}"


@pytest.mark.parametrize(("template", "words"), [
    ("<p>Queue</p>", ["Queue"]),
    ("<p>{{ _('Queue') }}</p>", []),
    ("<p>{% trans %}See <b>this</b>{% endtrans %}</p>", []),
    ("<p>{{ 'yes' if x else _('no') }}</p>", ["yes"]),
    ("<p>{{ x or 'none' }}</p>", ["none"]),
    ("<p>{{ x ~ ' of them' }}</p>", [" of them"]),
    ("<a aria-label='x' title=\"More of it\">{{ x }}</a>", ["More of it"]),
    ("<a class=\"quiet\" href=\"/console\">{{ x | join(', ') }}</a>", []),
    ("{{ field('name', 'Your name') }}", ["Your name"]),
    ("{{ field('name', _('Your name')) }}", []),
    ("<code>ostiary doctor</code> <kbd>Enter</kbd> {{ n }} ms", []),
    ("{% if x %}<i>{{ _(y) }}</i>{% endif %}", ["_(…)"]),
])  # fmt: skip
def test_words_of_their_own_are_seen(template: str, words: list[str]) -> None:
    assert bare_words(template) == words


def bare_words(template: str) -> list[str]:
    """What a template says without asking what it is in the reader's language."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    tree = environment.parse(template)
    flat = "".join(_flat(tree))
    text = TAG.sub("\n", re.sub(r"<(code|kbd|svg|script)\b.*?</\1>", "", READ_ALOUD.sub("", flat), flags=re.DOTALL))
    text = re.sub(r"[\w-]+=\"[^\"]*\"", "", text)  # a macro of attributes alone
    spoken = [text, *READ_ALOUD.findall(flat)]
    bare = [part.strip() for each in spoken for part in each.split("\n") if set(WORD.findall(part)) - NO_WORDS]
    return [each for each in bare if each not in OF_PROGRAMS] + [
        words for output in tree.find_all(nodes.Output) for words in _of_expressions(output)
    ]


def _flat(node: nodes.Node) -> Iterator[str]:
    """The text of a template in its order; expressions are as if they were empty."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child.data
        elif not isinstance(child, nodes.Expr):
            yield from _flat(child)


def _of_expressions(output: nodes.Output) -> Iterator[str]:
    for child in output.nodes:
        yield from _shown(child)
    for call in output.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        given = [*call.args, *(each.value for each in call.kwargs)]
        if name == "_":
            if not isinstance(given[0], nodes.Const):
                yield "_(…)"
        elif name not in ("gettext", "ngettext", "may", "static"):
            literals = [each.value for each in given if isinstance(each, nodes.Const)]
            yield from (each for each in literals if isinstance(each, str) and re.search(r"^[A-Z]|\w \w", each))


def _shown(node: nodes.Node) -> Iterator[str]:
    """Literals that are what an expression comes to."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str) and set(WORD.findall(node.value)) - NO_WORDS:
            yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from _shown(node.expr1)
        if node.expr2 is not None:
            yield from _shown(node.expr2)
    elif isinstance(node, nodes.Or | nodes.And):
        yield from _shown(node.right)
    elif isinstance(node, nodes.Concat):
        for each in node.nodes:
            yield from _shown(each)


SCRIPTS = sorted((HOME / "static").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_take_their_words_from_the_page(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text())
    literals = [each[1:-1] for each in re.findall(r'"[^"\n]*"|`[^`]*`', code)]
    spoken = [each for each in literals if re.search(r"^[A-Z][a-z]+\b(?!\w)|[a-z] [a-z]+[ .,]", each)]
    code_of_ours = re.compile(r"[\[\]>]|^(Ostiary|Escape|Enter|Event|Tab|POST|GET|Arrow\w+)$")
    assert not [each for each in spoken if not code_of_ours.search(each)]
