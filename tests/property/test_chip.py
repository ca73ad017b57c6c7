"""Nothing that a state did not sign is ever called signed by it, and whatever bytes come, an answer comes in time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.adapters.chip.security_object import read_security_object
from ostiary.adapters.chip.tlv import Malformed, elements, encoded, members, whole
from ostiary.domain.chip.judging import Proof, judge_chip
from ostiary.domain.chip.limits import MOST_BYTES, ChipFile
from ostiary.domain.chip.reading import ChipTrouble
from ostiary.domain.chip.rules import ChipCase
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.files import details_group, zone_group
from ostiary.specimens.zone_lines import passport_lines
from tests.chips import keys
from tests.chips.builder import HOLDER, NOW, ZONE, Build, BuiltChip, built, csca_certificate, named, signer_certificate
from tests.chips.matrix import both
from tests.depth import deep

MUTATIONS = deep(3_000, 100_000)
SLOWEST_S = 1.0
"""Of one verification, in processor time: a hundred times what an honest one takes."""
KINDS: dict[str, Callable[[], Build]] = {
    "rsa": lambda: both(keys.rsa_key),
    "pss": lambda: both(keys.pss_key, salt=32),
    "named": Build,
    "explicit": lambda: both(keys.ec_key, curve="brainpoolP256r1", form="explicit"),
}


@cache
def genuine(kind: str = "named") -> BuiltChip:
    chip = built(KINDS[kind]().with_(groups={"dg1": ZONE, "dg11": details_group("ALVAREZ<<MARIA", HOLDER.birth_date)}))
    assert chip.outcome == Proof.ISSUER_SIGNED
    return chip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to four bytes changed, taken away or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at, what = chance.randrange(len(changed)), chance.randrange(4)
        if what == 0:
            del changed[at : at + chance.choice((1, 1, 2, 8))]
        elif what == 1:
            changed[at:at] = chance.randbytes(chance.choice((1, 2)))
        else:
            changed[at] = chance.randrange(256)
        changed = changed or bytearray(b"\0")
    return bytes(changed)


@pytest.mark.parametrize("kind", KINDS)
def test_no_change_of_signed_bytes_is_believed_and_none_ends_the_verifier(kind: str) -> None:
    chip, chance, slowest, faults = genuine(kind), random.Random(kind), 0.0, set[str]()
    signed = read_security_object(chip.files[ChipFile.SOD])
    for _ in range(MUTATIONS // len(KINDS)):
        sod = mutated(chip.files[ChipFile.SOD], chance)
        begun = time.process_time()
        reading = chip.read(sod=sod)
        judgement = judge_chip(ChipCase(reading, NOW))
        slowest = max(slowest, time.process_time() - begun)
        if reading.trouble is ChipTrouble.MALFORMED and reading.note.startswith("cannot be read ("):
            faults.add(reading.note)
        if judgement.proof is Proof.ISSUER_SIGNED:  # what was changed is signed by nobody, and nothing is read of it
            after = read_security_object(sod)
            assert (after.hashes, after.digest) == (signed.hashes, signed.digest)
            assert after.signed.content == signed.signed.content
            assert reading.signing_time == chip.read().signing_time
    assert faults == set(), "the parser has one kind of error"
    assert slowest < SLOWEST_S


def test_every_change_of_a_byte_of_a_group_is_seen() -> None:
    chip = genuine()
    for at in range(len(ZONE)):
        for bit in (1, 0x20, 0x80):
            changed = ZONE[:at] + bytes([ZONE[at] ^ bit]) + ZONE[at + 1 :]
            assert chip.judged(dg1=changed).proof is Proof.NOT_PROVEN, at


COUNTRIES = st.sampled_from(["ARG", "URY", "BRA", "DEU", "UTO"])
UNSIGNED = st.fixed_dictionaries(
    {
        "zone": st.booleans(),
        "hashes": st.booleans(),
        "issuer_name": st.sampled_from(["", "CSCA", "csca", "Other"]),
        "country": COUNTRIES,
        "names_issuer_key": st.booleans(),
        "embedded": st.booleans(),
        "is_authority": st.booleans(),
        "by_key_id": st.booleans(),
        "curve_ball": st.booleans(),
    }
)


@settings(max_examples=deep(60, 2_000))
@given(UNSIGNED)
def test_whatever_a_stranger_builds_proves_nothing(chosen: dict[str, object]) -> None:
    """He knows all that is public: the country's certificate, names, key identifiers, and genuine chips."""
    stranger, victim = keys.ec_key(which=66), keys.ec_key(which=1)
    issuer = keys.with_base_of_ones_own(victim) if chosen["curve_ball"] else stranger
    zone = zone_group(passport_lines(HOLDER)) if not chosen["zone"] else ZONE.replace(b"ALVAREZ", b"ALVARES")
    name = named(last=str(chosen["issuer_name"])) if chosen["issuer_name"] else named()
    own = csca_certificate(Build(csca=issuer, csca_name=name))
    build = Build(
        issues=issuer,
        issuer_name=name,
        signer=keys.ec_key(which=67),
        groups={"dg1": zone},
        names_issuer_key=bool(chosen["names_issuer_key"]),
        by_key_id=bool(chosen["by_key_id"]),
        signer_extensions=issuing.authority() if chosen["is_authority"] else (issuing.signing_only(),),
        certificates=lambda signer, _: (signer, own) if chosen["embedded"] else (signer,),
    )
    assert built(build).judged().proof is Proof.NOT_PROVEN


@given(st.sampled_from(list(KINDS)), st.randoms(use_true_random=False))
def test_files_of_two_genuine_chips_prove_nothing_together(kind: str, chance: random.Random) -> None:
    first, other = genuine(kind), zone_group(passport_lines(HOLDER)).replace(b"MARIA", b"MARTA")
    second = built(KINDS[kind]().with_(groups={"dg1": other}))
    mixed = chance.choice(({"dg1": other}, {"sod": second.files[ChipFile.SOD]}))
    assert first.judged(**mixed).proof is Proof.NOT_PROVEN


# ---- bounded time ---------------------------------------------------------------------------------------------------


def _deep(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = der.sequence(content)
    return content


def hostile() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Files as large as they may be, built to be dear."""
    most = MOST_BYTES[ChipFile.SOD]
    yield "levels with lengths", {"sod": encoded(0x77, _deep(5_000))[:most]}
    yield "levels without lengths", {"sod": (b"\x30\x80" * most)[:most]}
    yield "levels without lengths, with ends", {"sod": b"\x30\x80" * (most // 4) + b"\0\0" * (most // 4)}
    yield "thousands of members", {"sod": encoded(0x77, der.sequence(*[b"\x05\0"] * (most // 2 - 8)))}
    yield "octets in thousands of pieces", {"sod": encoded(0x77, encoded(0x24, b"\x04\0" * (most // 2 - 8)))}
    signer, csca = signer_certificate(Build()), csca_certificate(Build())
    yield (
        "certificates of thousands of extensions",
        {"sod": built(Build(certificates=lambda *_: (_large(signer),) * 4)).files[ChipFile.SOD]},
    )
    yield (
        "names of thousands of parts",
        {"sod": built(Build(certificates=lambda *_: (_long_name(csca),) * 3)).files[ChipFile.SOD]},
    )
    yield (
        "thousands of attributes",
        {"sod": built(Build(attributes=lambda signed: (*signed, *[signed[0]] * 2_000))).files[ChipFile.SOD]},
    )
    yield (
        "thousands of groups",
        {"sod": built(Build(content=lambda content: _many_groups(content, 4_000))).files[ChipFile.SOD]},
    )
    yield "a large exponent", {"sod": built(Build(signer=_slow_key())).files[ChipFile.SOD]}


def _large(certificate: bytes) -> bytes:
    body, *rest = members(certificate)
    more = [issuing.extension(f"1.2.3.{number}", b"\x05\0") for number in range(900)]
    parts = [each.encoded for each in elements(body.value)][:-1]
    return der.sequence(der.sequence(*parts, der.tagged(3, der.sequence(*more))), *(each.encoded for each in rest))


def _long_name(certificate: bytes) -> bytes:
    body, *rest = members(certificate)
    parts = [each.encoded for each in elements(body.value)]
    parts[3] = der.name([("2.5.4.3", str(number)) for number in range(1_000)])
    return der.sequence(der.sequence(*parts), *(each.encoded for each in rest))


def _many_groups(content: bytes, count: int) -> bytes:
    version, digest, _ = members(content)
    groups = (der.sequence(der.integer(number), der.octets(b"")) for number in range(count))
    return der.sequence(version.encoded, digest.encoded, der.sequence(*groups))


def _slow_key() -> issuing.SigningKey:
    numbers = der.sequence(der.integer((1 << 8_191) + 1), der.integer((1 << 32) - 1))
    info = der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null()), der.bit_string(numbers))
    usual = keys.rsa_key(which=2)
    return issuing.SigningKey(info, usual.algorithm, usual.digest, lambda _: b"\x01" * 1_024)


def test_hostile_files_are_answered_in_time_and_prove_nothing() -> None:
    for name, files in hostile():
        assert len(files["sod"]) <= MOST_BYTES[ChipFile.SOD], name
        begun = time.process_time()
        judgement = genuine().judged(**files)
        assert time.process_time() - begun < SLOWEST_S, name
        assert judgement.proof is Proof.NOT_PROVEN, name


@pytest.mark.parametrize("file", ChipFile)
def test_a_file_beyond_its_limit_is_not_looked_into(file: ChipFile) -> None:
    reading = genuine().read(**{file: b"\0" * (MOST_BYTES[file] + 1)})
    assert reading.trouble is ChipTrouble.TOO_LARGE
    assert f"{file}: at most {MOST_BYTES[file]:,} bytes" in reading.note


@given(st.binary(max_size=200))
def test_the_reader_of_tags_and_lengths_has_one_kind_of_error(data: bytes) -> None:
    try:
        assert whole(data).encoded == data
    except Malformed:
        return
    list(elements(data))
