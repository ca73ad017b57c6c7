"""A chip's files, and what verifying them came to, each with every attribute other than by default."""

from __future__ import annotations

from ostiary.domain.documents.chip_kept import ChipContent, ChipEvidence, ChipSent, KeptAnchor, KeptSigner

CHIP_SENT = ChipSent(files=("sod", "dg1", "dg2", "dg15"), dropped=("dg2",), size_bytes=2_345)
CHIP_CONTENT = ChipContent(
    files={"sod": b"\x77\x00", "dg1": b"\x61\x00", "dg15": b"\x6f\x00"},
    challenge=bytes(range(8)),
    answer=bytes(range(64)),
)
CHIP_EVIDENCE = ChipEvidence(
    proof="issuer_signed",
    trust="9f3c1e0a7b5d2c48",
    signer=KeptSigner(
        subject="C=AR, O=Interior, CN=DS",
        issuer="C=AR, O=Interior, CN=CSCA",
        serial="98",
        sha256="00ff" * 16,
        valid_from="2025-11-30",
        valid_until="2036-11-27",
    ),
    anchors=(KeptAnchor(sha256="ff00" * 16, country="AR", sources=("DE 2026-05-28", "operator")),),
    groups={"dg1": "fits", "dg2": "fits, dropped"},
    revocation="no_list",
)
OBJECT_DIGEST = bytes(range(32))
