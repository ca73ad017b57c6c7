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


class ScreeningUnavailable(Exception):
    """A list could not be asked: worth another try. The message names no personal data."""

    def __init__(self, problem: str, retry_after_s: float | None = None) -> None:
        super().__init__(problem)
        self.problem, self.retry_after_s = problem, retry_after_s


class Screening(Protocol):
    """One list, wherever it is kept. `cleared` are entries that a person cleared for this subject: not told again.

    Raises ScreeningUnavailable.
    """

    @property
    def name(self) -> str: ...
    async def version(self) -> str: ...
    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened: ...
    async def close(self) -> None: ...
