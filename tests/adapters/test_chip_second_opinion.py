"""A second opinion on chips, of pyHanko in an environment of its own (`make test-all` sets it up): of what it can read
it never believes what we do not, and where we believe more, nothing that was signed was changed."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ostiary.adapters.chip.signed_data import read_signed_data
from ostiary.adapters.chip.tlv import encoded, whole
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import ChipReading, SignatureState
from tests.chips import keys
from tests.chips.builder import Build, built
from tests.chips.matrix import both
from tests.depth import deep

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-second" / "bin" / "python"
MUTATIONS = deep(100, 3_000)
"""Of each form."""
BOTH_READ: dict[str, Callable[[], Build]] = {
    "RSA": lambda: both(keys.rsa_key),
    "RSA with SHA-384": lambda: both(keys.rsa_key, digest="sha384"),
    "RSA with SHA-512": lambda: both(keys.rsa_key, digest="sha512"),
    "PSS": lambda: both(keys.pss_key, salt=32),
    "P-256": Build,
    "P-384": lambda: both(keys.ec_key, curve="secp384r1", digest="sha384"),
    "P-521": lambda: both(keys.ec_key, curve="secp521r1", digest="sha512"),
    "brainpool 256": lambda: both(keys.ec_key, curve="brainpoolP256r1"),
}


def believed(reading: ChipReading) -> bool:
    return reading.trouble is None and reading.signature is SignatureState.VALID and bool(reading.anchors)


def mutated(signed: bytes, chance: random.Random) -> Iterator[bytes]:
    """As it is, then with a byte or two changed."""
    yield signed
    for _ in range(MUTATIONS):
        changed = bytearray(signed)
        for _ in range(chance.choice((1, 1, 2))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        yield bytes(changed)


@pytest.mark.release
@pytest.mark.parametrize("form", BOTH_READ)
def test_nothing_is_believed_that_the_other_says_was_changed(form: str) -> None:
    if not PYTHON.exists():
        pytest.skip("there is no .venv-second: make test-all sets it up")
    chip = built(BOTH_READ[form]())
    genuine = whole(chip.files[ChipFile.SOD], 0x77).value
    every = list(mutated(genuine, random.Random(form)))  # the same ones each time
    lines = [json.dumps([number, each.hex(), chip.csca.hex()]) for number, each in enumerate(every)]
    line = [str(PYTHON), "-I", str(ROOT / "tests" / "chips" / "second_opinion.py")]
    ended = subprocess.run(line, input="\n".join(lines), capture_output=True, text=True, timeout=300, check=True)
    theirs = dict(map(json.loads, ended.stdout.splitlines()))
    ours = {number: believed(chip.read(sod=encoded(0x77, each))) for number, each in enumerate(every)}
    assert theirs[0] is True
    assert ours[0]
    assert [number for number in ours if theirs[number] is True and not ours[number]] == []
    for number in (each for each in ours if ours[each] and theirs[each] is not True):
        assert signed_parts(every[number]) == signed_parts(genuine), theirs[number]


def signed_parts(signed: bytes) -> tuple[object, ...]:
    """What the signatures are over: the content, the signed attributes, and of the signer's certificate what its
    country signed."""
    data = read_signed_data(signed)
    return data.content, data.attributes, [each.signed for each in data.certificates if data.is_signer(each)]
