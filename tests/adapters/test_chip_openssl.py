"""A second opinion: what the command `openssl` says of signatures and certificates that it can read."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ostiary.adapters.chip.certificates import read_certificate
from ostiary.adapters.chip.tlv import members
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import SignatureState
from tests.chips import keys
from tests.chips.builder import NOW, Build, BuiltChip, built
from tests.chips.matrix import FORMS, both

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no command openssl")
BOTH_READ: dict[str, Callable[[], Build]] = {
    "RSA": lambda: both(keys.rsa_key),
    "RSA with SHA-512": lambda: both(keys.rsa_key, digest="sha512"),
    "PSS": lambda: both(keys.pss_key, salt=32),
    "PSS with a salt of 20 and another mask": lambda: both(keys.pss_key, salt=20, mask="sha512"),
    "P-256": Build,
    "P-384": lambda: both(keys.ec_key, curve="secp384r1", digest="sha384"),
    "P-521": lambda: both(keys.ec_key, curve="secp521r1", digest="sha512"),
    "brainpool 384": lambda: both(keys.ec_key, curve="brainpoolP384r1", digest="sha384"),
    "ECDSA with NULL": lambda: both(keys.ec_key, null=True),
    "by key identifier": FORMS["signer by key identifier"][0],
    "lengths without an end": FORMS["lengths without an end, content in pieces"][0],
}


def openssl_believes(chip: BuiltChip, sod: bytes, folder: Path) -> bool:
    (folder / "sod").write_bytes(members(sod, 0x77)[0].encoded)
    (folder / "csca").write_bytes(chip.csca)
    subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", folder / "csca", "-out", folder / "csca.pem"],
        check=True,
        capture_output=True,
    )
    words: list[str | Path] = [
        "-verify",
        "-inform",
        "DER",
        "-in",
        folder / "sod",
        "-CAfile",
        folder / "csca.pem",
        "-purpose",
        "any",
    ]
    time = ["-attime", str(int(NOW.timestamp()))]
    line: list[str | Path] = ["openssl", "cms", *words, *time, "-out", folder / "content"]
    return subprocess.run(line, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("form", BOTH_READ)
def test_both_believe_the_same(form: str, tmp_path: Path) -> None:
    chip = built(BOTH_READ[form]())
    sod = chip.files[ChipFile.SOD]
    assert openssl_believes(chip, sod, tmp_path)
    reading = chip.read()
    assert (reading.signature, len(reading.anchors)) == (SignatureState.VALID, 1)
    for at in (len(sod) - 3, len(sod) // 2, 60):
        changed = sod[:at] + bytes([sod[at] ^ 1]) + sod[at + 1 :]
        after = chip.read(sod=changed)
        ours = after.signature is SignatureState.VALID and bool(after.anchors)
        assert not ours or openssl_believes(chip, changed, tmp_path), at


@pytest.mark.parametrize("form", ["RSA", "PSS", "P-256", "brainpool 384"])
def test_both_read_the_same_of_a_certificate(form: str, tmp_path: Path) -> None:
    certificate = built(BOTH_READ[form]()).csca
    (tmp_path / "csca").write_bytes(certificate)
    asked = ("-serial", "-startdate", "-enddate", "-fingerprint", "-sha256", "-subject", "-nameopt", "RFC2253")
    line: list[str | Path] = [
        "openssl",
        "x509",
        "-inform",
        "DER",
        "-in",
        tmp_path / "csca",
        "-noout",
        "-dateopt",
        "iso_8601",
        *asked,
    ]
    output = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    values = dict(each.split("=", 1) for each in output.splitlines())
    ours = read_certificate(certificate)
    assert int(values["serial"], 16) == ours.serial
    assert values["notBefore"] == f"{ours.valid_from:%Y-%m-%d %H:%M:%SZ}"
    assert values["notAfter"] == f"{ours.valid_until:%Y-%m-%d %H:%M:%SZ}"
    assert values["sha256 Fingerprint"].replace(":", "").lower() == ours.sha256
    assert values["subject"] == "CN=CSCA,O=Interior,C=AR"
