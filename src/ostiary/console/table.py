"""The one table of the console: every page and every action, with the right that it needs.

Routes, authorization, and the tests of rights follow from it. A path with `{companyId}` is about that company:
who does not work for it does not find it. Where one path has a parameter, another has a name only at its end
(`web/paths.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases import approvals, case, client_links, decide, pictures, queue, renewals, risk, views
from ostiary.console.pages.house import (
    about,
    audit,
    audit_search,
    branding,
    catalogue,
    clock,
    companies,
    deliveries,
    doctor,
    figures,
    settings,
    trust,
)
from ostiary.console.pages.people import account, federated, language, link, operators, passkeys, sign_in
from ostiary.console.pages.privacy import due, erasures, taking_out
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.operators.permissions import Permission

Handler = Callable[[Console, ConsoleRequest], Awaitable[ConsoleAnswer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One page (GET) or one action (POST). Without a `permission` everybody who is signed in may; `is_public`: also who
    is not. `touches`: using it keeps a session from ending idle. `takes_files`: its form may have a file."""

    name: str
    method: str
    path: str
    handler: Handler
    permission: Permission | None = None
    is_public: bool = False
    touches: bool = True
    takes_files: bool = False

    @property
    def is_of_company(self) -> bool:
        return "{companyId}" in self.path


def _page(name: str, path: str, permission: Permission | None, handler: Handler) -> Action:
    return Action(name=f"console_{name}", method="GET", path=path, handler=handler, permission=permission)


def _act(name: str, path: str, permission: Permission | None, handler: Handler) -> Action:
    return Action(name=f"console_{name}", method="POST", path=path, handler=handler, permission=permission)


def _public(name: str, method: str, path: str, handler: Handler) -> Action:
    return Action(name=f"console_{name}", method=method, path=path, handler=handler, is_public=True)


COMPANY = "/console/companies/{companyId}"
ERASURES = f"{COMPANY}/erasures"
REQUEST = f"{COMPANY}/requests/{{requestId}}"
APPROVAL = f"{REQUEST}/approvals/{{approvalId}}"
OTHER_CLIENT = f"{REQUEST}/others/{{clientId}}"
OPERATOR = "/console/operators/{operatorId}"
LINK = "/console/link/{token}"
PUBLICATION = "/console/catalogue/publications/{publicationId}"
PASSKEY = "/console/passkeys/{passkeyMark}"
TABLE: tuple[Action, ...] = (
    _public("sign_in_form", "GET", "/console/sign-in", sign_in.form),
    _public("sign_in", "POST", "/console/sign-in", sign_in.sign_in),
    _public("depart", "GET", "/console/sign-in/{provider}", federated.depart),
    _public("come_back", "GET", "/console/signed-in/{provider}", federated.come_back),
    _public("link", "GET", LINK, link.show),
    _public("link_code", "GET", f"{LINK}/code.svg", link.picture),
    _public("use_link", "POST", LINK, link.use),
    _public("choose_language", "POST", "/console/language", language.choose),
    _public("use_link_by_passkey", "POST", f"{LINK}/passkey", passkeys.use_link),
    _public("passkey_challenge", "GET", "/console/passkey/challenge", passkeys.challenge),
    _public("sign_in_by_passkey", "POST", "/console/passkey/sign-in", passkeys.sign_in),
    Action(
        name="console_session_state", method="GET", path="/console/session", handler=sign_in.session_state,
        is_public=True, touches=False,
    ),
    _act("sign_out", "/console/sign-out", None, sign_in.sign_out),
    _page("home", "/console", None, sign_in.home),
    _page("home_below", "/console/", None, sign_in.home),
    _page("sessions", "/console/sessions", None, account.own),
    _act("end_session", "/console/sessions/end", None, account.end),
    _act("end_other_sessions", "/console/sessions/end-others", None, account.end_others),
    _act("add_passkey", "/console/passkeys", None, passkeys.add),
    _act("rename_passkey", f"{PASSKEY}/rename", None, passkeys.rename),
    _act("remove_passkey", f"{PASSKEY}/remove", None, passkeys.remove),
    _page("about", "/console/about", None, about.show),
    _page("catalogue_history", "/console/catalogue", Permission.SEE_AUDIT, catalogue.history),
    _page("catalogue_difference", "/console/catalogue/difference", None, catalogue.compare),
    _act("approve_publication", f"{PUBLICATION}/approve", Permission.PUBLISH, catalogue.approve),
    _act("withdraw_publication", f"{PUBLICATION}/withdraw", Permission.PUBLISH, catalogue.withdraw),
    _act("keep_publication", f"{PUBLICATION}/keep", Permission.PUBLISH, catalogue.keep),
    _page("trust", "/console/trust", None, trust.show),
    _page("figures", "/console/figures", Permission.SEE_QUEUE, figures.show),
    _page("companies", "/console/companies", Permission.SEE_COMPANIES, companies.every),
    _page("company", COMPANY, Permission.SEE_COMPANIES, companies.details),
    _act("create_company", "/console/companies", Permission.CREATE_COMPANY, settings.create_company),
    _act("set_webhook", f"{COMPANY}/webhook", Permission.SET_WEBHOOK, settings.set_webhook),
    _act("end_webhook", f"{COMPANY}/webhook/end", Permission.SET_WEBHOOK, settings.end_webhook),
    _act("rotate_secret", f"{COMPANY}/webhook/secret", Permission.SET_WEBHOOK, settings.rotate_secret),
    _page("brand", f"{COMPANY}/brand", Permission.SET_BRAND, branding.show),
    _page("logo", f"{COMPANY}/brand/logo", Permission.SET_BRAND, branding.logo),
    _act("set_brand", f"{COMPANY}/brand", Permission.SET_BRAND, branding.change),
    Action(
        name="console_set_logo", method="POST", path=f"{COMPANY}/brand/logo", handler=branding.change_logo,
        permission=Permission.SET_BRAND, takes_files=True,
    ),
    _act("remove_brand", f"{COMPANY}/brand/remove", Permission.SET_BRAND, branding.remove),
    _act("set_quota", f"{COMPANY}/quota", Permission.SET_QUOTA, settings.set_quota),
    _act("move_clock", f"{COMPANY}/clock", Permission.MOVE_CLOCK, clock.move),
    _page("doctor", "/console/doctor", Permission.SEE_DOCTOR, doctor.show),
    _act("look_at_installation", "/console/doctor", Permission.SEE_DOCTOR, doctor.look),
    _act("create_key", f"{COMPANY}/keys", Permission.MANAGE_KEYS, companies.create_key),
    _act("revoke_key", f"{COMPANY}/keys/{{keyId}}/revoke", Permission.MANAGE_KEYS, companies.end_key),
    _page("deliveries", f"{COMPANY}/deliveries", Permission.SEE_DELIVERIES, deliveries.every),
    _page("renewals", f"{COMPANY}/renewals", Permission.SEE_QUEUE, renewals.every),
    _page("delivery", f"{COMPANY}/deliveries/{{messageId}}", Permission.SEE_DELIVERIES, deliveries.details),
    _act("redeliver", f"{COMPANY}/deliveries/{{messageId}}/redeliver", Permission.REDELIVER, deliveries.redeliver),
    _page("audit", f"{COMPANY}/audit", Permission.SEE_AUDIT, audit.of_company),
    _page("audit_csv", f"{COMPANY}/audit.csv", Permission.SEE_AUDIT, audit.as_csv),
    _page("audit_json", f"{COMPANY}/audit.json", Permission.SEE_AUDIT, audit.as_json),
    _page("audit_search", "/console/audit", Permission.SEE_AUDIT, audit_search.show),
    _page("audit_search_csv", "/console/audit.csv", Permission.SEE_AUDIT, audit_search.as_csv),
    _page("audit_search_json", "/console/audit.json", Permission.SEE_AUDIT, audit_search.as_json),
    _page("operators", "/console/operators", Permission.MANAGE_OPERATORS, operators.every),
    _act("create_operator", "/console/operators", Permission.MANAGE_OPERATORS, operators.create),
    _page("operator", OPERATOR, Permission.MANAGE_OPERATORS, operators.details),
    _act("change_operator", f"{OPERATOR}/rights", Permission.MANAGE_OPERATORS, operators.change),
    _act("disable_operator", f"{OPERATOR}/disable", Permission.MANAGE_OPERATORS, operators.disable),
    _act("enable_operator", f"{OPERATOR}/enable", Permission.MANAGE_OPERATORS, operators.enable),
    _act("reset_operator", f"{OPERATOR}/reset", Permission.MANAGE_OPERATORS, operators.reset),
    _act("end_operator_sessions", f"{OPERATOR}/sessions", Permission.MANAGE_OPERATORS, operators.end_sessions),
    _page("queue", "/console/queue", Permission.SEE_QUEUE, queue.show),
    _page("next_case", "/console/queue/next", Permission.SEE_QUEUE, queue.next_case),
    _page("previous_case", "/console/queue/previous", Permission.SEE_QUEUE, queue.previous_case),
    _page("views", "/console/queue/views", Permission.SEE_QUEUE, views.every),
    _act("save_view", "/console/queue/views", Permission.SEE_QUEUE, views.save),
    _act("rename_view", "/console/queue/views/{viewId}", Permission.SEE_QUEUE, views.rename),
    _act("remove_view", "/console/queue/views/{viewId}/remove", Permission.SEE_QUEUE, views.remove),
    _act("search", "/console/search", Permission.SEE_QUEUE, queue.search),
    _page("case", REQUEST, Permission.SEE_CASE, case.show),
    _page("picture", f"{REQUEST}/pictures/{{documentId}}/{{side}}", Permission.SEE_PICTURES, pictures.picture),
    _page("other_client", OTHER_CLIENT, Permission.SEE_OTHER_CLIENT, pictures.other_client),
    _page(
        "other_picture", f"{OTHER_CLIENT}/pictures/{{documentId}}/{{side}}", Permission.SEE_OTHER_CLIENT,
        pictures.picture,
    ),
    _act("decide", f"{REQUEST}/decide/{{decision}}", Permission.DECIDE, decide.decide),
    _act("preview", f"{REQUEST}/preview", Permission.DECIDE, decide.preview),
    _act("keep_note", f"{REQUEST}/note", Permission.DECIDE, decide.keep_note),
    _act("decide_hit", f"{REQUEST}/hits/{{hitKey}}", Permission.DECIDE_HIT, decide.decide_one_hit),
    _act("release_number", f"{REQUEST}/numbers/{{documentId}}/release", Permission.RELEASE_NUMBER, decide.release),
    _act("assign_number", f"{REQUEST}/numbers/{{documentId}}/assign", Permission.RELEASE_NUMBER, decide.assign),
    _act("confirm", f"{APPROVAL}/confirm", Permission.CONFIRM, approvals.confirm),
    _act("send_back", f"{APPROVAL}/send-back", Permission.CONFIRM, approvals.send_back),
    _act("withdraw", f"{APPROVAL}/withdraw", Permission.DECIDE, approvals.withdraw),
    _act("escalate", f"{REQUEST}/escalate", Permission.DECIDE, approvals.escalate),
    _act("give_back", f"{REQUEST}/give-back", Permission.CONFIRM, approvals.give_back),
    _act("ask_renewal", f"{REQUEST}/renewal", Permission.DECIDE, renewals.ask),
    _act("set_risk", f"{REQUEST}/risk", Permission.SET_RISK, risk.set_class),
    _act("release_risk", f"{REQUEST}/risk/release", Permission.SET_RISK, risk.release),
    _page("erasures", ERASURES, Permission.SEE_AUDIT, erasures.every),
    _page("due", f"{COMPANY}/due", Permission.SEE_AUDIT, due.every),
    _act("ask_erasure", ERASURES, Permission.ERASE, erasures.ask),
    _act("confirm_erasure", f"{ERASURES}/{{erasureId}}/confirm", Permission.ERASE, erasures.confirm),
    _act("waive_word", f"{ERASURES}/{{erasureId}}/waive", Permission.ERASE, erasures.waive),
    _act("withdraw_erasure", f"{ERASURES}/{{erasureId}}/withdraw", Permission.ERASE, erasures.withdraw),
    _act("take_client_out", f"{COMPANY}/export", Permission.EXPORT, taking_out.take_out),
    _act("hold_client", f"{COMPANY}/holds", Permission.HOLD, erasures.hold),
    _act("release_hold", f"{COMPANY}/holds/{{holdId}}/release", Permission.HOLD, erasures.release),
    _act("create_client_link", f"{REQUEST}/link", Permission.MAKE_LINK, client_links.create),
    _act("claim", f"{REQUEST}/claim", Permission.CLAIM, decide.claim),
    Action(
        name="console_renew_claim", method="POST", path=f"{REQUEST}/renew", handler=decide.renew,
        permission=Permission.CLAIM, touches=False,  # a page left open asks by itself
    ),
    _act("let_go", f"{REQUEST}/let-go", Permission.CLAIM, decide.let_go),
    _act("hand_over", f"{REQUEST}/hand-over", Permission.CLAIM, decide.hand_over),
    _page("operators_trail", "/console/operators-trail", Permission.MANAGE_OPERATORS, audit.of_operators),
)  # fmt: skip
