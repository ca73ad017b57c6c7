"""The console's own words: what was done, and what states are called on a screen."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.operators.operator import Role
from ostiary.domain.sentences import N_
from ostiary.domain.times import format_timestamp

NOTICES: Mapping[str, str] = {
    "case_approved": N_("The case is approved."),
    "case_escalated": N_("The case is with the approvers."),
    "case_given_back": N_("The case is back with who handed it up."),
    "case_handed_over": N_("The case is handed over."),
    "case_let_go": N_("The case is free for others."),
    "case_offboarded": N_("The client is off-boarded from that product."),
    "case_rejected": N_("The case is rejected."),
    "case_returned": N_("The case is returned to the company."),
    "client_rejected": N_("The client is rejected, with every live request."),
    "erasure_asked": N_("The client will be erased within a minute."),
    "erasure_staged": N_("The erasure waits for a second person."),
    "erasure_confirmed": N_("The erasure is confirmed, and will be carried out."),
    "erasure_withdrawn": N_("The erasure is withdrawn."),
    "word_waived": N_("The erasure ends without the provider's word once a second person confirms it."),
    "hold_set": N_("The client's data is kept."),
    "hold_released": N_("The hold is over."),
    "decision_confirmed": N_("The decision is confirmed, and has taken effect."),
    "decision_sent_back": N_("The decision is back with who made it."),
    "decision_staged": N_("The decision waits for a second person. Until then nothing has changed."),
    "decision_withdrawn": N_("The decision is withdrawn."),
    "hit_cleared": N_("The hit is cleared: it is somebody else."),
    "hit_confirmed": N_("The hit is confirmed: it is the client."),
    "number_assigned": N_("It is decided whose the number is."),
    "number_released": N_("The number is free."),
    "renewal_asked": N_("The company is asked to say that all of it is still right."),
    "risk_set": N_("The class of risk is set; it ends by itself."),
    "risk_released": N_("The rules of the catalogue give the class of risk again."),
    "company_created": N_("The company is made. Its next step is a key."),
    "brand_set": N_("The brand is set: clients see it from now on."),
    "brand_removed": N_("The brand is removed. The page looks as anybody's again."),
    "logo_set": N_("The logo is drawn anew and set."),
    "logo_removed": N_("The logo is removed."),
    "clock_moved": N_("The clock is moved, and what became due on the way has happened."),
    "clock_on_its_way": N_("The clock is on its way: more became due than one step does. Let it go on."),
    "clock_there": N_("The clock is where it was going."),
    "publication_approved": N_("The publication is approved: it is in force from its day on."),
    "publication_kept": N_("The publication stays."),
    "publication_withdrawn": N_("The publication is withdrawn."),
    "withdrawal_asked": N_("The withdrawal waits for a second person. Until then the publication stays."),
    "quota_set": N_("The quota is set."),
    "webhook_ended": N_("The webhook has ended."),
    "webhook_set": N_("The webhook is set: what waits is sent there now."),
    "key_revoked": N_("The key is revoked: no call with it is answered any more."),
    "operator_changed": N_("The operator is changed."),
    "operator_disabled": N_("The operator is disabled, and every session of theirs has ended."),
    "operator_enabled": N_("The operator may sign in again."),
    "look_goes_on": N_("Nobody who lives there is among as many clients as one step opens. Look on in the queue."),
    "passkey_added": N_("The passkey is added: it signs you in from now on."),
    "passkey_removed": N_("The passkey is removed: it signs nobody in any more."),
    "passkey_renamed": N_("The passkey has its new name."),
    "queue_begins": N_("No case of this view comes before."),
    "queue_ends": N_("No further case of this view waits."),
    "redelivered": N_("The delivery is due now; it is sent with the same id."),
    "session_ended": N_("The session has ended."),
    "sessions_ended": N_("All other sessions have ended."),
    "signed_out": N_("You are signed out."),
    "view_removed": N_("The view is removed. Its cases are in the queue as before."),
    "view_renamed": N_("The view is renamed."),
    "view_saved": N_("The view is saved: it stands above the queue."),
}
"""By the word that stands in the address, so that no address puts words into our mouth."""
RISK_WORDS: Mapping[RiskClass, str] = {
    RiskClass.LOW: N_("low risk"),
    RiskClass.STANDARD: N_("standard risk"),
    RiskClass.HIGH: N_("high risk"),
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.VIEWER: N_("sees the queue, cases without pictures, companies and deliveries"),
    Role.REVIEWER: N_("also sees pictures, claims cases and decides them"),
    Role.APPROVER: N_(
        "also confirms colleagues' decisions, releases numbers, off-boards, redelivers, says how much risk a client "
        "is, and reads audit trails"
    ),
    Role.ADMIN: N_("also manages keys, webhooks and operators"),
}


def moment_words(moment_ms: int) -> str:
    """`2026-04-15 10:30 UTC`, for what is drawn into a picture: the same in every language, in ASCII."""
    return f"{format_timestamp(moment_ms)[:16].replace('T', ' ')} UTC"
