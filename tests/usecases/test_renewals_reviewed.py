"""What a renewal was submitted with does not move while somebody has it, whatever else is asked of the client."""

from __future__ import annotations

from pathlib import Path

from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.renewals import ask_renewal, confirm_renewal
from tests.house import ACCOUNTS, open_house, upload
from tests.renewing import USUAL, deadline, enabled, renewing_catalogue


async def test_a_document_for_another_request_neither_replaces_nor_stands_for_what_is_reviewed(tmp_path: Path) -> None:
    catalogue = renewing_catalogue(tmp_path, USUAL, policy="manual")
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(catalogue)) as house:
        house.caller = await house.found_company()
        client_id, cards = await enabled(house)
        accounts = await house.request(client_id, ACCOUNTS)
        await house.do(ask_renewal, client_id, cards, "An article.")
        await house.do(confirm_renewal, client_id, cards)
        house.clock.now_ms += DAY_MS
        newer = upload(seed=1, number="CD7654321", expiration_date="2036-01-31")
        assert (await house.send(client_id, accounts.id, newer)).rejections == ()
        dossier = await load_dossier(house.context, house.caller, client_id)
        [old, new] = dossier.documents
        assert (old.status, new.status) == (DocumentStatus.ACCEPTED, DocumentStatus.ACCEPTED)
        reviewed = dossier.documents_under_review(dossier.enablement(cards))
        assert (reviewed, dossier.documents_under_review(accounts)) == ((old,), (old, new))
        await house.judge(client_id, cards, Decision.APPROVE)
        assert not (await deadline(house, client_id)).is_open
