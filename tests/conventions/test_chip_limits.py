"""What docs/chips.md says of limits, variants and rules is what the code holds to."""

from __future__ import annotations

import re

import pytest

from ostiary.adapters.chip import certificates, chain, revocation, tlv
from ostiary.adapters.pages.portrait import MOST_COMPONENTS, MOST_PORTRAIT_PIXELS, MOST_TILES
from ostiary.adapters.trust import master_list, sources, store
from ostiary.domain.chip.limits import (
    LEAST_EC_BITS,
    LEAST_RSA_BITS,
    MOST_ANSWER_BYTES,
    MOST_BYTES,
    MOST_CERTIFICATES,
    MOST_GROUPS,
    MOST_SIGNERS,
    RSA_BITS,
    RSA_EXPONENTS,
)
from ostiary.domain.chip.rules import RULES, ChipDoubt
from ostiary.domain.chip.standing import LIST_AGE_MOST
from ostiary.specimens.chip.chips import VARIANTS
from tests.conventions.sources import ROOT

CHIPS = (ROOT / "docs" / "chips.md").read_text()
KB, MB = 10, 20
LIMITS = {
    "an answer to a challenge": f"{MOST_ANSWER_BYTES:,} bytes",
    "certificates in EF.SOD": f"{MOST_CERTIFICATES}",
    "signatures in EF.SOD": f"{MOST_SIGNERS}",
    "groups listed": f"{MOST_GROUPS}",
    "RSA modulus": f"{RSA_BITS[0]:,} to {RSA_BITS[-1]:,} bits",
    "RSA exponent": f"odd, {RSA_EXPONENTS[0]} to 2^{RSA_EXPONENTS[-1].bit_length() - 1}",
    "levels of lengths without an end": f"{tlv.DEPTH_MOST}",
    "a certificate": f"{certificates.MOST_CERTIFICATE_BYTES >> KB} KiB",
    "a master list": f"{master_list.MOST_LIST_BYTES >> MB} MiB, {master_list.MOST_LIST_CERTIFICATES:,} certificates",
    "a revocation list": f"{revocation.MOST_CRL_BYTES >> MB} MiB",
    "a file to import": f"{sources.MOST_IMPORT_BYTES >> MB} MiB",
    "a trust store": f"{store.MOST_STORE_BYTES >> MB} MiB, {store.MOST_STORE_LINES:,} lines",
    "a portrait": f"{MOST_PORTRAIT_PIXELS:,} pixels, {MOST_TILES} tiles, {MOST_COMPONENTS} components",
    "candidates for a signer's issuer": f"{chain.CANDIDATES_MOST}",
    "age of a list": f"{LIST_AGE_MOST.days} days",
}


def test_every_documented_limit_is_the_one_in_force() -> None:
    table = CHIPS.partition("## Limits")[2]
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE))
    assert {name: value for name, value in rows.items() if name not in ("limit", "---")} == LIMITS


@pytest.mark.parametrize("file", MOST_BYTES)
def test_every_file_has_its_row_with_its_limit(file: str) -> None:
    [row] = [line for line in CHIPS.splitlines() if line.startswith(f"| `{file}` |")]
    assert f"| {MOST_BYTES[file] >> KB:,} KiB |" in row  # type: ignore[index]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_has_its_row(name: str) -> None:
    [row] = [line for line in CHIPS.splitlines() if line.startswith(f"| `{name}` |")]
    assert row.startswith(f"| `{name}` | {VARIANTS[name].means}")
    assert row.endswith(f"| `{VARIANTS[name].result}` |")


@pytest.mark.parametrize("rule", [rule.__name__ for rule in RULES])
def test_every_rule_has_its_row(rule: str) -> None:
    assert f"\n| `{rule}` | " in CHIPS


def test_doubts_and_least_lengths_are_named() -> None:
    unnamed = {doubt for doubt in ChipDoubt if f"`{doubt}`" not in CHIPS}
    assert unnamed == set()
    assert f"RSA from {LEAST_RSA_BITS:,} bits, curves from {LEAST_EC_BITS} bits" in CHIPS
