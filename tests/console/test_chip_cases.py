"""What a document's chip proves, on the page of its case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.documents.chip_kept import ChipEvidence
from ostiary.domain.operators.operator import Role
from ostiary.domain.unit import KeepReading, Unit
from ostiary.usecases.dossiers import load_dossier
from tests.console.cases import WaitingRequest, caller_of, read_as, waiting
from tests.console.desk import Desk, text_of
from tests.kept.chip import CHIP_EVIDENCE

UNPROVEN = ChipEvidence("not_proven", "")


async def with_chip(desk: Desk, request: WaitingRequest, evidence: ChipEvidence) -> None:
    await read_as(desk, request)
    context = desk.parts.context
    dossier = await load_dossier(context, await caller_of(desk, request.company), request.client_id)
    changes = tuple(KeepReading(replace(document, chip_evidence=evidence)) for document in dossier.documents)
    unit = Unit(request.company.id, context.now_ms(), dossier.client, changes)
    assert await context.storage.commit(unit) is None


@pytest.mark.parametrize(("evidence", "there", "absent"), [
    (
        CHIP_EVIDENCE,
        ("The issuing state signed what the chip says.", "9f3c1e0a7b5d2c48", "C=AR, O=Interior, CN=DS (98)",
         "AR ff00ff00ff00ff00 (DE 2026-05-28, operator)", "A chip never shows that who sends it is its holder."),
        "The chip proves nothing.",
    ),
    (UNPROVEN, ("The chip proves nothing.", "Trust store none"), "Signed by"),
])  # fmt: skip
async def test_a_case_says_what_the_chip_proves_and_who_signed_it(
    desk: Desk, evidence: ChipEvidence, there: tuple[str, ...], absent: str
) -> None:
    company = await desk.company(f"Acme of chips {evidence.proof}")
    request = await waiting(desk, company, "chip_signer_unknown")
    await with_chip(desk, request, evidence)
    ana = await desk.signed_in(f"Ana of chips {evidence.proof}", Role.REVIEWER, company.id)
    text = " ".join(text_of(await ana.get(request.place)).split())
    assert [words for words in there if words not in text] == []
    assert absent not in text
    assert "Nobody in the trust store vouches for the chip's signer" in text


async def test_a_case_without_a_chip_says_nothing_of_one(desk: Desk) -> None:
    company = await desk.company("Acme without chips")
    request = await waiting(desk, company, "name_doubtful")
    ana = await desk.signed_in("Ana without chips", Role.REVIEWER, company.id)
    assert "Trust store" not in text_of(await ana.get(request.place))
