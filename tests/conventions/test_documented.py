"""What the code offers is in the documentation, and what the documentation names is in the code."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.adapters.config import scenarios_file
from ostiary.adapters.lists.csv_entries import NEEDED
from ostiary.api.operations import TABLE as OPERATIONS
from ostiary.api.operations import Operation
from ostiary.cli.parsing.parser import make_parser
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.delivery.messages import ENVELOPE_STATUS, EVENT_TYPE, MessageOutcome, Topic
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.errors import OstiaryError
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import Owner
from ostiary.domain.rejections import EXPLANATIONS, Code
from ostiary.settings import OF_CALLERS, Setting
from ostiary.settings import TABLE as SETTINGS
from ostiary.telemetry.logs import ALLOWED
from ostiary.telemetry.metrics import REGISTRY
from ostiary.web.errors import STATUSES
from ostiary.wire.products import EXPANSIONS
from tests.conventions.sources import nodes_of, text_of, tree_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
INTEGRATING = (DOCS / "integrating.md").read_text()
OPERATING = (DOCS / "operating.md").read_text()
RUNNING = (DOCS / "running.md").read_text()
COMMAND_LINE = (DOCS / "command-line.md").read_text()


def all_errors(kind: type[OstiaryError] = OstiaryError) -> Iterator[type[OstiaryError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from all_errors(subclass)


def all_commands(
    parser: argparse.ArgumentParser, name: str = "ostiary"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Commands that can be run, with their parsers: groups are passed over for their actions."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for word, inner in group.choices.items():
            yield from all_commands(inner, f"{name} {word}")
    if not groups:
        yield name, parser


COMMANDS = dict(all_commands(make_parser()))


def words_said(page: str) -> set[str]:
    """Everything that stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", page))


def row_of(page: str, first: str) -> str:
    """The row of a table that begins with a word in backticks."""
    return next((line for line in page.splitlines() if line.startswith(f"| `{first}` |")), "")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_default_and_meaning(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else "empty"
    assert f"| `{setting.name}` | {default} | {setting.means} |" in RUNNING


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_setting_that_is_none(page: Path) -> None:
    named = set(re.findall(r"\bOSTIARY_[A-Z][A-Z_]*[A-Z]\b", text_of(page)))
    assert named <= {setting.name for setting in SETTINGS} | OF_CALLERS


@pytest.mark.parametrize("kind", list(all_errors()), ids=lambda kind: kind.__name__)
def test_every_error_is_documented_with_its_status(kind: type[OstiaryError]) -> None:
    assert re.search(rf"^\| {STATUSES[kind]} \| `{kind.code}` \|", INTEGRATING, re.MULTILINE)


@pytest.mark.parametrize("code", list(Code))
def test_every_reason_code_is_documented_word_for_word(code: Code) -> None:
    explanation = EXPLANATIONS[code]
    retryable = "yes" if explanation.retryable else "no"
    assert row_of(INTEGRATING, code) == f"| `{code}` | {explanation.reason} | {retryable} | {explanation.action} |"


def test_no_reason_code_is_documented_that_is_none() -> None:
    table = INTEGRATING.partition("## Reason codes")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == list(Code)


@pytest.mark.parametrize("status", [*Status, *ClientStatus])
def test_every_status_has_its_row(status: str) -> None:
    assert row_of(INTEGRATING, status)


@pytest.mark.parametrize("word", [EVENT_TYPE, *ENVELOPE_STATUS.values()])
def test_every_word_of_a_webhook_is_documented(word: str) -> None:
    assert f'"{word}"' in INTEGRATING or word in words_said(INTEGRATING)


@pytest.mark.parametrize("word", [*Owner, *EXPANSIONS, *(scenario.id for scenario in scenarios_file.load(None))])
def test_every_owner_expansion_and_scenario_is_documented(word: str) -> None:
    assert word in words_said(INTEGRATING)


@pytest.mark.parametrize("word", [*Topic, *MessageOutcome])
def test_every_topic_and_outcome_is_documented(word: str) -> None:
    assert word in words_said(RUNNING)


def test_the_schedule_of_deliveries_is_the_documented_one() -> None:
    named = INTEGRATING.partition("tried again after ")[2].partition(", each stretched")[0].replace(" and ", ", ")
    units = {"s": 1, "min": 60, "h": 3600}
    waits = [wait.split() for wait in " ".join(named.split()).split(", ")]
    assert tuple(int(count) * units[unit] for count, unit in waits) == SCHEDULE_S


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_is_documented_with_path_and_level(operation: Operation) -> None:
    row = f"| `{operation.name}` | {operation.method} `{operation.path}` | {operation.level} |"
    assert row in INTEGRATING


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_row(name: str) -> None:
    assert row_of(COMMAND_LINE, name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_on_the_page_of_the_command_line(name: str) -> None:
    options = {word for action in COMMANDS[name]._actions for word in action.option_strings if word.startswith("--")}
    missing = {option for option in options - {"--help"} if not re.search(rf"{option}\b(?!-)", COMMAND_LINE)}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_shows_a_command_that_is_none(page: Path) -> None:
    """Lines of code that begin with `ostiary`, and such words in backticks."""
    text = text_of(page)
    shown = re.findall(r"(?:^ {4}|^|`)ostiary ([a-z][a-z ]*[a-z])", text, re.MULTILINE)
    commands = [command.removeprefix("ostiary ") for command in COMMANDS]
    unknown = [command for command in shown if not any(f"{command} ".startswith(f"{name} ") for name in commands)]
    assert not [command for command in unknown if command not in {name.split()[0] for name in commands}]


COLUMNS = (*sorted(NEEDED), "aliases", "birth_date", "countries", "topics")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_a_list_of_ones_own_is_documented(column: str) -> None:
    row = row_of((DOCS / "screening.md").read_text(), column) or next(
        line for line in (DOCS / "screening.md").read_text().splitlines() if line.startswith(f"| `{column}`,")
    )
    assert ("needed" in row) is (column in NEEDED)


def test_who_is_shown_how_to_make_a_company_says_for_what() -> None:
    pages = [*PAGES, *sorted((ROOT / "deploy").rglob("*.md"))]
    shown = [line for page in pages for line in text_of(page).splitlines() if "company create --" in line]
    assert len(shown) > 3
    assert [line for line in shown if "--environment" not in line] == []


def metric_names() -> list[str]:
    return [f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in REGISTRY.collect()]


@pytest.mark.parametrize("name", metric_names())
def test_every_metric_has_its_row(name: str) -> None:
    assert row_of(RUNNING, name)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_every_field_of_a_log_line_is_documented(name: str) -> None:
    assert name in words_said(RUNNING.partition("## Logs")[2].partition("\n## ")[0])


FEWEST_ACTIONS = 20


def audit_actions() -> set[str]:
    """The first argument of every note in the use cases, and of what makes notes for them."""
    actions = set()
    for path in (ROOT / "src/ostiary/usecases").rglob("*.py"):
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note":
                actions |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    return {str(action) for action in actions}


def test_the_use_cases_note_many_actions() -> None:
    assert len(audit_actions()) > FEWEST_ACTIONS, "or they are looked for in the wrong place"


@pytest.mark.parametrize("action", sorted(audit_actions()))
def test_every_action_of_the_audit_trail_is_documented(action: str) -> None:
    assert action in words_said(OPERATING)


INSTALLS = re.compile(r"pip install ([^\n`\"]+)")
INSTALLED = re.compile(r"(-r )?(requirements/[a-z0-9-]+\.txt|dist/ostiary(?:_client)?-\*\.whl)")
"""What anybody may be told to install: pinned by hash, or built from this source. A bare name on an index may be
another's."""


def advised_installs() -> list[str]:
    sources = (ROOT / "src").rglob("*.py")
    return [advice for path in [*PAGES, *sources] for advice in INSTALLS.findall(text_of(path))]


def test_installs_are_advised_at_all() -> None:
    assert len(advised_installs()) >= 3


@pytest.mark.parametrize("advice", advised_installs())
def test_nobody_is_told_to_install_a_name_from_an_index(advice: str) -> None:
    before_comment = advice.partition("#")[0].partition(", from ")[0]
    left = INSTALLED.sub("", before_comment).replace("--require-hashes", "").replace("--no-deps", "")
    assert not left.strip()
