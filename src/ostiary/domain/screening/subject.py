"""Screening of names against sanctions and PEP lists: who is asked about, what a list answers, what a person decided.

A hit never rejects by itself: it is evidence for a person, whose clearance of that entry is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is screened: full names as given, birth date YYYY-MM-DD, countries ISO 3166-1 alpha-3."""

    names: tuple[str, ...] = field(repr=False)
    birth_date: str | None = field(default=None, repr=False)
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that the subject resembles. `score` and `threshold` from 0 to 1; `version` is the list's."""

    list: str
    version: str
    entry_id: str
    name: str = field(repr=False)
    score: float
    threshold: float
    topics: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = field(default=(), repr=False)
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """What one list said of one subject."""

    list: str
    version: str
    threshold: float
    hits: tuple[Hit, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ListStanding:
    """How a list is: what it answers from, how many persons that are (None where a service does not say), and of when
    it is (None if unknown). `problem` is why a newer file is not used, `line` where (0: nowhere in particular)."""

    version: str
    persons: int | None = None
    of_ms: int | None = None
    problem: str = ""
    line: int = 0


class ScreeningUnavailable(Exception):
    """A list could not be asked: worth another try. The message names no personal data. `line` is of a file."""

    def __init__(self, problem: str, retry_after_s: float | None = None, *, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.retry_after_s, self.line = problem, retry_after_s, line


class Screening(Protocol):
    """One list, wherever it is kept. `most_age_ms` is from when on it is stale (None: never). `cleared` are entries
    that a person cleared for this subject: not told again.

    Raises ScreeningUnavailable.
    """

    @property
    def name(self) -> str: ...
    @property
    def most_age_ms(self) -> int | None: ...
    async def standing(self) -> ListStanding: ...
    async def version(self) -> str: ...
    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened: ...
    async def close(self) -> None: ...
