"""What is sealed of a hit: the entry of a list that a client resembles."""

from __future__ import annotations

from ostiary.domain.screening.subject import Hit
from ostiary.storage.stored.forms import Numbered, encode, through


class HitForm(Numbered, gc=False):
    """The column `screening_hits.evidence`."""

    list: str
    version: str
    entry_id: str
    name: str
    score: float
    threshold: float
    topics: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


def evidence_of(hit: Hit) -> bytes:
    return encode(
        HitForm(
            list=hit.list,
            version=hit.version,
            entry_id=hit.entry_id,
            name=hit.name,
            score=hit.score,
            threshold=hit.threshold,
            topics=hit.topics,
            birth_dates=hit.birth_dates,
            countries=hit.countries,
        )
    )


def from_form(form: HitForm) -> Hit:
    return Hit(
        list=form.list,
        version=form.version,
        entry_id=form.entry_id,
        name=form.name,
        score=form.score,
        threshold=form.threshold,
        topics=form.topics,
        birth_dates=form.birth_dates,
        countries=form.countries,
    )


open_evidence = through(HitForm, from_form)
