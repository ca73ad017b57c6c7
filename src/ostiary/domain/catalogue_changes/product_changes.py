"""What differs about one product, for the residents of one country."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.domain.catalogue.catalogue import Product, TermsRequirement
from ostiary.domain.catalogue.starts import Affected, Start
from ostiary.domain.catalogue_changes.asked import (
    ALWAYS,
    AskedData,
    AskedDocument,
    Decided,
    ProductAsks,
    When,
    Whens,
    asked_of,
)
from ostiary.domain.catalogue_changes.changes import CatalogueChange, ChangeKind
from ostiary.domain.catalogue_changes.declarations import became, field_changes, type_changes, unknown_changes
from ostiary.domain.catalogue_changes.renewal_changes import need_changes, renewal_changes
from ostiary.domain.sentences import Sentence, joined, sentence, verbatim

_DOCUMENT = frozenset({"id", "name", "description", "alternatives", "condition", "start"})
_GROUP = frozenset({"id", "name", "description", "fields", "condition", "start"})
_PRODUCT = frozenset({
    "id", "name", "description", "documents", "data", "minimum_age", "policy", "provider", "four_eyes", "override",
    "terms", "family", "level", "renewal", "needs", "changes_on",
})  # fmt: skip
_NOBODY = AskedData(())


def changes_of(old: Product, new: Product, decided: Decided) -> Iterator[CatalogueChange]:
    """Every difference, those of documents first."""
    was, now = asked_of(old, decided), asked_of(new, decided)
    yield from _document_changes(was, now)
    yield from _data_changes(was, now)
    if old.minimum_age != new.minimum_age:
        is_harder = (new.minimum_age or 0) > (old.minimum_age or 0)
        kind = ChangeKind.HARDER if is_harder else ChangeKind.EASIER
        yield became("minimum_age", kind, old.minimum_age, new.minimum_age)
    yield from need_changes(old, new)
    yield from _terms_changes(old, new)
    yield from renewal_changes(old.renewal, new.renewal)
    yield from _decided_changes(old, new)


def _terms_changes(old: Product, new: Product) -> Iterator[CatalogueChange]:
    """A version with another text has to be accepted anew."""
    were, are = ({each.terms.id: each for each in product.terms} for product in (old, new))
    for key in dict.fromkeys([*were, *are]):
        before, after, subject = were.get(key), are.get(key), f"terms.{key}"
        if before is None:
            yield CatalogueChange(ChangeKind.ASKED, subject, verbatim(are[key].terms.name))
        elif after is None:
            yield CatalogueChange(ChangeKind.NO_LONGER_ASKED, subject, verbatim(before.terms.name))
        else:
            if before.terms.texts != after.terms.texts:
                yield became(f"{subject}.version", ChangeKind.HARDER, before.terms.version, after.terms.version)
            elif before.terms != after.terms:
                yield CatalogueChange(ChangeKind.OTHER, subject, sentence("declared otherwise"))
            if before.condition != after.condition:
                yield became(
                    f"{subject}.when", ChangeKind.UNCLEAR, *(_condition_text(each) for each in (before, after))
                )


def _condition_text(asked: TermsRequirement) -> str | None:
    return None if asked.condition is None else asked.condition.text


def _decided_changes(old: Product, new: Product) -> Iterator[CatalogueChange]:
    """How requests are decided; and keys of which nothing is known here."""
    for name in ("policy", "provider", "four_eyes", "override"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield became(name, ChangeKind.OTHER, before or None, after or None)
    if (old.family, old.level) != (new.family, new.level):
        yield became("level", ChangeKind.OTHER, _level_words(old), _level_words(new))
    yield from unknown_changes("product", old, new, _PRODUCT)
    yield from _dated_changes(old, new)
    pairs = ((old.documents, new.documents, "documents", _DOCUMENT), (old.data, new.data, "data", _GROUP))
    for were, are, part, covered in pairs:
        before_of = {each.id: each for each in were}
        for each in are:
            if each.id in before_of:
                yield from unknown_changes(f"{part}.{each.id}", before_of[each.id], each, covered)


def _level_words(product: Product) -> str | None:
    return f"{product.level} ({product.family})" if product.family else None


def _dated_changes(old: Product, new: Product) -> Iterator[CatalogueChange]:
    """From which day on requirements, single fields and alternatives count, of those that both have."""
    was, now = dict(_starts(old)), dict(_starts(new))
    for place in was:
        if place in now and was[place] != now[place]:
            yield became(f"{place}.from", ChangeKind.UNCLEAR, was[place], now[place])


def _starts(product: Product) -> Iterator[tuple[str, Sentence | None]]:
    for group in product.data:
        yield f"data.{group.id}", _start_words(group.start)
        for asked in group.fields:
            yield f"data.{group.id}.{asked.key}", _start_words(asked.start)
    for document in product.documents:
        yield f"documents.{document.id}", _start_words(document.start)
        for each in document.alternatives:
            yield f"documents.{document.id}.{each.document_type.id}", _start_words(each.start)


def _start_words(start: Start | None) -> Sentence | None:
    if start is None:
        return None
    if start.affects is Affected.ALL:
        return sentence("from %(day)s on, for all", day=start.day.isoformat())
    return sentence("from %(day)s on, for requests made since", day=start.day.isoformat())


def _document_changes(was: ProductAsks, now: ProductAsks) -> Iterator[CatalogueChange]:
    for key in dict.fromkeys([*was.documents, *now.documents]):
        before, after, subject = was.documents.get(key), now.documents.get(key), f"documents.{key}"
        if before is None:
            yield CatalogueChange(ChangeKind.ASKED, subject, _document_words(now.documents[key]))
        elif after is None:
            yield CatalogueChange(ChangeKind.NO_LONGER_ASKED, subject, _document_words(before))
        else:
            if (kind := _asked_kind((before.when,), (after.when,))) is not None:
                yield CatalogueChange(kind, subject, _moved((before.when,), (after.when,)))
            yield from _alternative_changes(subject, before, after)


def _alternative_changes(subject: str, before: AskedDocument, after: AskedDocument) -> Iterator[CatalogueChange]:
    """More ways of meeting a requirement make it easier, fewer harder."""
    for kind in dict.fromkeys([*before.types, *after.types]):
        was, now, place = before.types.get(kind), after.types.get(kind), f"{subject}.{kind}"
        if was is None:
            words = _with_when(sentence("may be sent: %(name)s", name=after.types[kind].name), after.open_types[kind])
            yield CatalogueChange(ChangeKind.EASIER, place, words)
        elif now is None:
            words = sentence("may no longer be sent: %(name)s", name=was.name)
            yield CatalogueChange(ChangeKind.HARDER, place, words)
        else:
            yield from _opened(place, before.open_types[kind], after.open_types[kind])
            yield from type_changes(f"document_types.{now.id}", was, now)


def _opened(subject: str, was: Whens, now: Whens) -> Iterator[CatalogueChange]:
    opposite = _asked_kind(was, now)
    if opposite is not None:
        kind = {ChangeKind.EASIER: ChangeKind.HARDER, ChangeKind.HARDER: ChangeKind.EASIER}.get(opposite, opposite)
        yield CatalogueChange(kind, subject, joined((sentence("may be sent"), _moved(was, now))))


def _data_changes(was: ProductAsks, now: ProductAsks) -> Iterator[CatalogueChange]:
    for key in dict.fromkeys([*was.data, *now.data]):
        before, after, subject = was.data.get(key, _NOBODY), now.data.get(key, _NOBODY), f"data.{key}"
        kind = _asked_kind(before.whens, after.whens)
        if kind is ChangeKind.ASKED:
            yield CatalogueChange(kind, subject, _data_words(key, after))
        elif kind is ChangeKind.NO_LONGER_ASKED:
            yield CatalogueChange(kind, subject, _data_words(key, before))
        elif kind is not None:
            yield CatalogueChange(kind, subject, _moved(before.whens, after.whens))
        elif before.groups != after.groups:
            yield became(f"{subject}.group", ChangeKind.OTHER, before.groups, after.groups)
        if before.field is not None and after.field is not None:
            yield from field_changes(subject, before.field, after.field)


def _asked_kind(was: Whens, now: Whens) -> ChangeKind | None:
    """Which way it goes when something is asked in other cases than before; None: in the same."""
    if was == now:
        return None
    if not was:
        return ChangeKind.ASKED
    if not now:
        return ChangeKind.NO_LONGER_ASKED
    no_more = all(any(old.covers(new) for old in was) for new in now)
    no_less = all(any(new.covers(old) for new in now) for old in was)
    if no_more == no_less:
        return ChangeKind.UNCLEAR
    return ChangeKind.EASIER if no_more else ChangeKind.HARDER


def _document_words(asked: AskedDocument) -> Sentence:
    names = " / ".join(each.name for each in asked.types.values())
    words = sentence("%(name)s: %(documents)s", name=asked.requirement.name, documents=names)
    start = _start_words(asked.requirement.start)
    return _with_when(joined((words, start), ", ") if start else words, (asked.when,))


def _data_words(key: str, asked: AskedData) -> Sentence:
    if asked.field is None:
        return _with_when(sentence("%(key)s, which a condition reads", key=key), asked.whens)
    return _with_when(verbatim(asked.field.name), asked.whens)


def _with_when(words: Sentence, whens: Whens) -> Sentence:
    if ALWAYS in whens or not whens:
        return words
    return sentence("%(what)s, when %(condition)s", what=words, condition=_conditions(whens))


def _moved(was: Whens, now: Whens) -> Sentence:
    return sentence("%(after)s, it was %(before)s", after=_when_words(now), before=_when_words(was))


def _when_words(whens: Whens) -> Sentence:
    if ALWAYS in whens:
        return sentence("always")
    return sentence("when %(condition)s", condition=_conditions(whens))


def _conditions(whens: Whens) -> str:
    """As one expression of the language of conditions."""
    return " || ".join(_all_of(each, is_alone=len(whens) == 1) for each in whens)


def _all_of(when: When, *, is_alone: bool) -> str:
    texts = sorted(when.texts)
    if len(texts) == 1:
        return texts[0] if is_alone else f"({texts[0]})"
    every = " && ".join(f"({text})" for text in texts)
    return every if is_alone else f"({every})"
