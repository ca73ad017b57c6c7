"""What differs between two declarations of one thing: a datum, or a kind of document. Only what both have is compared.

Each rule is a line: what it says of either side, and which way it goes for clients.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from ostiary.domain.catalogue.catalogue import DocumentType, Field, SealUse
from ostiary.domain.catalogue.chip_wish import ChipPictures, ChipWanted, ChipWish
from ostiary.domain.catalogue_changes.changes import CatalogueChange, ChangeKind
from ostiary.domain.sentences import Sentence, sentence

TEXTS = frozenset({"id", "name", "description", "option_names"})
"""What people read, and no program judges by."""
NOTHING = sentence("nothing")


def became(subject: str, kind: ChangeKind, before: object, after: object) -> CatalogueChange:
    """A value that is another now."""
    words = sentence("%(after)s, it was %(before)s", after=_value_words(after), before=_value_words(before))
    return CatalogueChange(kind, subject, words)


def field_changes(subject: str, old: Field, new: Field) -> Iterator[CatalogueChange]:
    """What differs between two declarations of a datum; which are asked for, both."""
    if old.data_type is not new.data_type:
        yield became(f"{subject}.type", ChangeKind.UNCLEAR, old.data_type.value, new.data_type.value)
    if old.pattern != new.pattern:
        yield became(f"{subject}.pattern", _limit(old.pattern, new.pattern, None), old.pattern, new.pattern)
    for name, is_least in (("min_length", True), ("minimum", True), ("max_length", False), ("maximum", False)):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield became(f"{subject}.{name}", _limit(before, after, is_least), before, after)
    if old.data_type is new.data_type:
        yield from _accepted(f"{subject}.options", old.options, new.options, is_any_if_empty=False)
    yield from unknown_changes(subject, old, new, _FIELD | TEXTS)


def type_changes(subject: str, old: DocumentType, new: DocumentType) -> Iterator[CatalogueChange]:
    """What differs between two declarations of a kind of document."""
    if old.require_back_image is not new.require_back_image:
        before, after = _sides(old), _sides(new)
        yield became(f"{subject}.sides", _harder_if(new.require_back_image), before, after)
    if old.unique is not new.unique:
        yield CatalogueChange(_harder_if(new.unique), f"{subject}.unique", _SHARING[new.unique])
    yield from _accepted(f"{subject}.issuing_countries", old.issuing_countries, new.issuing_countries)
    yield from _accepted(f"{subject}.document_codes", old.document_codes, new.document_codes)
    if old.always_machine_readable is not new.always_machine_readable:
        words = _READING[new.always_machine_readable]
        yield CatalogueChange(_harder_if(new.always_machine_readable), f"{subject}.always_machine_readable", words)
    if old.machine_readable != new.machine_readable:
        yield became(f"{subject}.machine_readable", ChangeKind.OTHER, old.machine_readable, new.machine_readable)
    if old.seal is not new.seal:
        kind = ChangeKind.HARDER if new.seal is SealUse.NONE else ChangeKind.EASIER
        yield CatalogueChange(kind, f"{subject}.seal", _SEALS[new.seal])
    if old.seal_days != new.seal_days:
        kind = _harder_if(new.seal_days < old.seal_days)
        yield became(f"{subject}.seal_days", kind, old.seal_days, new.seal_days)
    yield from _chip_changes(subject, old.chip, new.chip)
    yield from _metadata_changes(f"{subject}.metadata", old.metadata, new.metadata)
    yield from unknown_changes(subject, old, new, _TYPE | TEXTS)


def _chip_changes(subject: str, old: ChipWish, new: ChipWish) -> Iterator[CatalogueChange]:
    """What is asked of the chip: to demand one is harder; to take one, and to need no pictures beside it, easier."""
    if old.wanted is not new.wanted:
        is_demanded = ChipWanted.REQUIRED in (old.wanted, new.wanted)
        is_harder = new.wanted is ChipWanted.REQUIRED if is_demanded else not new.is_taken
        yield became(f"{subject}.chip", _harder_if(is_harder), old.wanted.value, new.wanted.value)
    if old.pictures is not new.pictures:
        kind = _harder_if(new.pictures is ChipPictures.ALWAYS)
        yield became(f"{subject}.chip_pictures", kind, old.pictures.value, new.pictures.value)
    if old.demands_presence is not new.demands_presence:
        kind = _harder_if(new.demands_presence)
        yield CatalogueChange(kind, f"{subject}.chip_present", _PRESENCE[new.demands_presence])
    if old.keeps_portrait is not new.keeps_portrait:
        yield CatalogueChange(ChangeKind.OTHER, f"{subject}.chip_portrait", _PORTRAIT[new.keeps_portrait])


def unknown_changes(subject: str, old: Any, new: Any, covered: Collection[str]) -> Iterator[CatalogueChange]:
    """What differs in keys that no rule here speaks of: nobody may take them for harmless."""
    for attribute in fields(old):
        before, after = getattr(old, attribute.name), getattr(new, attribute.name)
        if attribute.name not in covered and before != after:
            yield became(f"{subject}.{attribute.name}", ChangeKind.UNCLEAR, before, after)


_SHARING = {
    True: sentence("its number may serve one client only"),
    False: sentence("its number may serve several clients"),
}
_READING = {
    True: sentence("a picture that no machine can read is sent back"),
    False: sentence("a picture that no machine can read is shown to a person"),
}
_SEALS = {
    SealUse.NONE: sentence("a seal on the paper is not looked for"),
    SealUse.OPTIONAL: sentence("a seal on the paper that agrees makes a person's look needless"),
}
_PORTRAIT = {
    True: sentence("the portrait on the chip is kept"),
    False: sentence("the portrait on the chip is verified and dropped"),
}
_PRESENCE = {
    True: sentence("the chip has to show by a challenge that it is there"),
    False: sentence("the chip need not show that it is there"),
}
_FIELD = frozenset({"data_type", "required", "pattern", "min_length", "minimum", "max_length", "maximum", "options"})
_TYPE = frozenset({
    "require_back_image", "unique", "issuing_countries", "metadata", "machine_readable", "always_machine_readable",
    "document_codes", "seal", "seal_days", "chip",
})  # fmt: skip


def _metadata_changes(subject: str, old: tuple[Field, ...], new: tuple[Field, ...]) -> Iterator[CatalogueChange]:
    before, after = {each.id: each for each in old}, {each.id: each for each in new}
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if (was is not None and was.required) is not (now is not None and now.required):
            yield _detail_asked(f"{subject}.{key}", was, now)
        elif was is None or now is None:
            words = sentence("may be given") if was is None else sentence("may no longer be given")
            yield CatalogueChange(ChangeKind.OTHER, f"{subject}.{key}", words)
        if was is not None and now is not None:
            yield from field_changes(f"{subject}.{key}", was, now)


def _detail_asked(subject: str, was: Field | None, now: Field | None) -> CatalogueChange:
    is_asked = now is not None and now.required
    kind, field = (ChangeKind.ASKED, now) if is_asked else (ChangeKind.NO_LONGER_ASKED, was)
    words = sentence("asked for with the document: %(name)s", name=field.name if field else subject)
    return CatalogueChange(kind, subject, words)


def _limit(before: Any, after: Any, is_least: bool | None) -> ChangeKind:
    """Which way a limit moved: None is none, and of two patterns nobody can say."""
    if before is None:
        return ChangeKind.HARDER
    if after is None:
        return ChangeKind.EASIER
    if is_least is None:
        return ChangeKind.UNCLEAR
    return _harder_if((after > before) is is_least)


def _accepted(
    subject: str, old: Collection[str], new: Collection[str], *, is_any_if_empty: bool = True
) -> Iterator[CatalogueChange]:
    """What differs between two sets of accepted values, of which an empty one may accept all."""
    before, after = frozenset(old), frozenset(new)
    if before == after:
        return
    takes_all, took_all = is_any_if_empty and not after, is_any_if_empty and not before
    if takes_all or (before < after and not took_all):
        kind = ChangeKind.EASIER
    else:
        kind = ChangeKind.HARDER if took_all or after < before else ChangeKind.UNCLEAR
    yield became(subject, kind, before or _all(is_any_if_empty), after or _all(is_any_if_empty))


def _all(is_any: bool) -> Sentence:
    return sentence("any") if is_any else NOTHING


def _harder_if(is_harder: bool) -> ChangeKind:
    return ChangeKind.HARDER if is_harder else ChangeKind.EASIER


def _sides(kind: DocumentType) -> Sentence:
    return sentence("front and back") if kind.require_back_image else sentence("front")


def _value_words(value: object) -> Sentence:
    if isinstance(value, Sentence):
        return value
    if value is None or value == () or value == frozenset():
        return NOTHING
    if isinstance(value, frozenset | tuple | list):
        return sentence("%(text)s", text=", ".join(sorted(map(str, value))))
    return sentence("%(text)s", text=format(value.normalize(), "f") if isinstance(value, Decimal) else str(value))
