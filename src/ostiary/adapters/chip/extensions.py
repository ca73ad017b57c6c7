"""Extensions of certificates that Doc 9303 part 12, 7.1, gives a meaning. One that cannot be read counts as absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from ostiary.adapters.chip.tlv import (
    BIT_STRING,
    BOOLEAN,
    OCTET_STRING,
    SET,
    Malformed,
    elements,
    identifier,
    members,
    number,
    whole,
)
from ostiary.domain.chip.purposes import DIGITAL_SIGNATURE

T = TypeVar("T")
Extensions: TypeAlias = Mapping[str, tuple[bool, bytes]]
_SUBJECT_KEY, _KEY_USAGE, _USAGE_PERIOD = "2.5.29.14", "2.5.29.15", "2.5.29.16"
_BASIC, _ISSUER_KEY, _PURPOSES = "2.5.29.19", "2.5.29.35", "2.5.29.37"
_DOCUMENT_TYPES = "2.23.136.1.1.6.2"
_READ = frozenset(
    {
        *(_SUBJECT_KEY, _KEY_USAGE, _USAGE_PERIOD, _BASIC, _ISSUER_KEY, _PURPOSES, _DOCUMENT_TYPES),
        *(
            "2.5.29.17",
            "2.5.29.18",
            "2.5.29.31",
            "2.5.29.32",
        ),  # other names, addresses of lists, policies: nothing asked
        "2.23.136.1.1.6.1",  # a change of name of the country's authority
    }
)
"""Those that are known, so that one of them may be critical."""
_KEY_USAGES = (DIGITAL_SIGNATURE, "non_repudiation", "key_encipherment", "data_encipherment", "key_agreement")
_KEY_USAGES_MORE = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")


def _read(extensions: Extensions, name: str, read: Callable[[bytes], T]) -> T | None:
    if name not in extensions:
        return None
    try:
        return read(extensions[name][1])
    except (ValueError, IndexError):
        return None


def key_id(extensions: Extensions) -> bytes | None:
    """The subject's."""
    return _read(extensions, _SUBJECT_KEY, lambda value: whole(value, OCTET_STRING).value)


def issuer_key_id(extensions: Extensions) -> bytes | None:
    """The issuer's, as far as it is named."""
    return _read(
        extensions,
        _ISSUER_KEY,
        lambda value: next((each.value for each in members(value) if each.tag == 0x80), None),
    )


def is_authority(extensions: Extensions) -> bool:
    """Whether it says that it signs certificates. Any value but nought is true, as some write it."""

    def read(value: bytes) -> bool:
        return any(each.tag == BOOLEAN and any(each.value) for each in members(value))

    return bool(_read(extensions, _BASIC, read)) or "key_cert_sign" in (key_usages(extensions) or ())


def key_usages(extensions: Extensions) -> frozenset[str] | None:
    """By RFC 5280's names, in small letters."""

    def read(value: bytes) -> frozenset[str]:
        field = whole(value, BIT_STRING).value[1:]
        names = (*_KEY_USAGES, *_KEY_USAGES_MORE)
        return frozenset(
            name for at, name in enumerate(names) if at // 8 < len(field) and field[at // 8] & 0x80 >> at % 8
        )

    return _read(extensions, _KEY_USAGE, read)


def purposes(extensions: Extensions) -> frozenset[str]:
    """Extended key usages, as object identifiers."""
    return _read(extensions, _PURPOSES, lambda value: frozenset(map(identifier, members(value)))) or frozenset()


def usage_period(extensions: Extensions) -> tuple[datetime | None, datetime | None]:
    """From when to when the private key is used."""

    def read(value: bytes) -> tuple[datetime | None, datetime | None]:
        times = {each.tag: _generalized(each.value) for each in members(value)}
        return times.get(0x80), times.get(0x81)

    return _read(extensions, _USAGE_PERIOD, read) or (None, None)


def _generalized(value: bytes) -> datetime:
    return datetime.strptime(value.decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def document_types(extensions: Extensions) -> tuple[str, ...] | None:
    """The codes of zones that its holder signs: a version, then a set of texts (part 12, 7.1.1.6)."""

    def read(value: bytes) -> tuple[str, ...]:
        version, listed = members(value)
        number(version)
        if listed.tag != SET:
            raise Malformed("a set is wanted")
        return tuple(each.value.decode("ascii").strip().strip("<") for each in elements(listed.value))

    return _read(extensions, _DOCUMENT_TYPES, read)


def unknown_critical(extensions: Extensions) -> tuple[str, ...]:
    """What says that nobody may rely on the certificate without knowing it, and is not known here."""
    return tuple(sorted(name for name, (is_critical, _) in extensions.items() if is_critical and name not in _READ))
