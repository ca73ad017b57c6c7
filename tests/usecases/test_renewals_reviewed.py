"""What a renewal was submitted with does not move while somebody has it, whatever else is asked of the client."""

from __future__ import annotations

from pathlib import Path

from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.onboarding.enablement import Enablement, Review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Advice, Source
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.renewals import ask_renewal, confirm_renewal
from ostiary.usecases.review.apply_verdict import Advised, follow
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import Assignment, decide_number
from tests.house import ACCOUNTS, open_house, upload
from tests.material import profile
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


async def test_a_question_about_a_number_is_decided_and_the_renewal_still_waits_for_a_person(tmp_path: Path) -> None:
    catalogue = renewing_catalogue(tmp_path, USUAL, policy="manual")
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(catalogue)) as house:
        house.caller = await house.found_company()
        holder, _ = await enabled(house)
        client_id, cards = await enabled(house, number="CD7654321", email="other@example.com")
        await house.do(ask_renewal, client_id, cards, "An article.")
        await house.send(client_id, cards, upload(seed=5))
        assert (await house.enablement(client_id, cards)).review is Review.CLASH
        await house.do(confirm_renewal, client_id, cards)
        dossier = await load_dossier(house.context, house.caller, client_id)
        advised = Advised(Source.PROVIDER, Advice.ASK, reasons=(ReviewReason.PROVIDER_UNCLEAR.value,))

        async def unclear(context: Context, caller: Caller) -> Outcome[Enablement]:
            return follow(context, caller, dossier, dossier.enablement(cards), advised)

        await house.do(unclear)
        assert (await house.enablement(client_id, cards)).review is Review.RENEWAL
        await house.look(client_id, cards)
        refused = next(each for each in (await house.dossier(client_id)).documents if each.status == "refused")
        answer = Assignment(refused.id, holder, "A photograph of a copy.")
        await decide_number(house.context, house.caller, client_id, cards, answer)
        assert (await house.enablement(client_id, cards)).review is Review.RENEWAL
        await house.judge(client_id, cards, Decision.APPROVE)
        assert not (await deadline(house, client_id)).is_open


async def test_a_machine_that_renews_answers_nothing_else_that_a_person_is_asked(tmp_path: Path) -> None:
    catalogue = renewing_catalogue(tmp_path, USUAL)
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(catalogue)) as house:
        house.caller = await house.found_company()
        client_id, cards = await enabled(house)
        await house.do(update_client, client_id, profile(first_name="Mariana"))
        assert (await house.enablement(client_id, cards)).review is Review.CHANGE
        await house.do(ask_renewal, client_id, cards, "An article.")
        await house.do(confirm_renewal, client_id, cards)
        while await house.work():
            pass
        assert not (await deadline(house, client_id)).is_open
        assert (await house.enablement(client_id, cards)).review is Review.CHANGE
        await house.judge(client_id, cards, Decision.APPROVE)
        assert (await house.enablement(client_id, cards)).review is None
