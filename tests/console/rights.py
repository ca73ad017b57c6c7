"""Who may what in the console, written out by hand: a check against `console/table.py`, from which nothing here comes.

A row: how it is asked for, and the lowest role. PUBLIC: everybody; SIGNED_IN: whoever is signed in. `whole`: only
operators who work for all companies.
"""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.operators.operator import Role

PUBLIC, SIGNED_IN = "public", "signed in"
VIEWER, REVIEWER, APPROVER, ADMIN = Role


@dataclass(frozen=True, slots=True)
class Right:
    """One page or action."""

    method: str
    path: str
    lowest: Role | str
    whole: bool = False

    @property
    def is_of_company(self) -> bool:
        return "{companyId}" in self.path


REQUEST = "/console/companies/{companyId}/requests/{requestId}"
OTHER = f"{REQUEST}/others/{{clientId}}"
COMPANY, OPERATOR = "/console/companies/{companyId}", "/console/operators/{operatorId}"
RIGHTS = (
    Right("GET", "/console/sign-in", PUBLIC),
    Right("POST", "/console/sign-in", PUBLIC),
    Right("GET", "/console/sign-in/{provider}", PUBLIC),
    Right("GET", "/console/signed-in/{provider}", PUBLIC),
    Right("POST", "/console/language", PUBLIC),
    Right("GET", "/console/session", PUBLIC),
    Right("GET", "/console/link/{token}", PUBLIC),
    Right("GET", "/console/link/{token}/code.svg", PUBLIC),
    Right("POST", "/console/link/{token}", PUBLIC),
    Right("POST", "/console/link/{token}/passkey", PUBLIC),
    Right("GET", "/console/passkey/challenge", PUBLIC),
    Right("POST", "/console/passkey/sign-in", PUBLIC),
    Right("GET", "/console", SIGNED_IN),
    Right("GET", "/console/", SIGNED_IN),
    Right("POST", "/console/sign-out", SIGNED_IN),
    Right("GET", "/console/sessions", SIGNED_IN),
    Right("POST", "/console/sessions/end", SIGNED_IN),
    Right("POST", "/console/sessions/end-others", SIGNED_IN),
    Right("POST", "/console/passkeys", SIGNED_IN),
    Right("POST", "/console/passkeys/{passkeyMark}/rename", SIGNED_IN),
    Right("POST", "/console/passkeys/{passkeyMark}/remove", SIGNED_IN),
    Right("GET", "/console/about", SIGNED_IN),
    Right("GET", "/console/catalogue", APPROVER),
    Right("GET", "/console/catalogue/difference", SIGNED_IN),
    Right("POST", "/console/catalogue/publications/{publicationId}/approve", APPROVER, whole=True),
    Right("POST", "/console/catalogue/publications/{publicationId}/withdraw", APPROVER, whole=True),
    Right("POST", "/console/catalogue/publications/{publicationId}/keep", APPROVER, whole=True),
    Right("GET", "/console/trust", SIGNED_IN),
    Right("GET", "/console/figures", VIEWER),
    Right("GET", "/console/companies", VIEWER),
    Right("GET", COMPANY, VIEWER),
    Right("POST", "/console/companies", ADMIN, whole=True),
    Right("POST", f"{COMPANY}/webhook", ADMIN),
    Right("POST", f"{COMPANY}/webhook/end", ADMIN),
    Right("POST", f"{COMPANY}/webhook/secret", ADMIN),
    Right("GET", f"{COMPANY}/brand", ADMIN),
    Right("GET", f"{COMPANY}/brand/logo", ADMIN),
    Right("POST", f"{COMPANY}/brand", ADMIN),
    Right("POST", f"{COMPANY}/brand/logo", ADMIN),
    Right("POST", f"{COMPANY}/brand/remove", ADMIN),
    Right("POST", f"{COMPANY}/quota", ADMIN, whole=True),
    Right("POST", f"{COMPANY}/clock", ADMIN),
    Right("GET", "/console/doctor", ADMIN, whole=True),
    Right("POST", "/console/doctor", ADMIN, whole=True),
    Right("POST", f"{COMPANY}/keys", ADMIN),
    Right("POST", f"{COMPANY}/keys/{{keyId}}/revoke", ADMIN),
    Right("GET", f"{COMPANY}/deliveries", VIEWER),
    Right("GET", f"{COMPANY}/deliveries/{{messageId}}", VIEWER),
    Right("POST", f"{COMPANY}/deliveries/{{messageId}}/redeliver", APPROVER),
    Right("GET", f"{COMPANY}/audit", APPROVER),
    Right("GET", f"{COMPANY}/audit.csv", APPROVER),
    Right("GET", f"{COMPANY}/audit.json", APPROVER),
    Right("GET", "/console/audit", APPROVER),
    Right("GET", "/console/audit.csv", APPROVER),
    Right("GET", "/console/audit.json", APPROVER),
    Right("GET", "/console/queue", VIEWER),
    Right("GET", "/console/queue/next", VIEWER),
    Right("GET", "/console/queue/previous", VIEWER),
    Right("GET", "/console/queue/views", VIEWER),
    Right("POST", "/console/queue/views", VIEWER),
    Right("POST", "/console/queue/views/{viewId}", VIEWER),
    Right("POST", "/console/queue/views/{viewId}/remove", VIEWER),
    Right("POST", "/console/search", VIEWER),
    Right("GET", REQUEST, VIEWER),
    Right("GET", f"{REQUEST}/pictures/{{documentId}}/{{side}}", REVIEWER),
    Right("GET", OTHER, REVIEWER),
    Right("GET", f"{OTHER}/pictures/{{documentId}}/{{side}}", REVIEWER),
    Right("POST", f"{REQUEST}/decide/{{decision}}", REVIEWER),
    Right("POST", f"{REQUEST}/preview", REVIEWER),
    Right("POST", f"{REQUEST}/note", REVIEWER),
    Right("POST", f"{REQUEST}/hits/{{hitKey}}", REVIEWER),
    Right("POST", f"{REQUEST}/numbers/{{documentId}}/release", APPROVER),
    Right("POST", f"{REQUEST}/numbers/{{documentId}}/assign", APPROVER),
    Right("POST", f"{REQUEST}/approvals/{{approvalId}}/confirm", APPROVER),
    Right("POST", f"{REQUEST}/approvals/{{approvalId}}/send-back", APPROVER),
    Right("POST", f"{REQUEST}/approvals/{{approvalId}}/withdraw", REVIEWER),
    Right("POST", f"{REQUEST}/escalate", REVIEWER),
    Right("POST", f"{REQUEST}/give-back", APPROVER),
    Right("POST", f"{REQUEST}/renewal", REVIEWER),
    Right("GET", f"{COMPANY}/renewals", VIEWER),
    Right("POST", f"{REQUEST}/risk", APPROVER),
    Right("POST", f"{REQUEST}/risk/release", APPROVER),
    Right("POST", f"{REQUEST}/link", APPROVER),
    Right("GET", f"{COMPANY}/erasures", APPROVER),
    Right("GET", f"{COMPANY}/due", APPROVER),
    Right("POST", f"{COMPANY}/erasures", APPROVER),
    Right("POST", f"{COMPANY}/erasures/{{erasureId}}/confirm", APPROVER),
    Right("POST", f"{COMPANY}/erasures/{{erasureId}}/withdraw", APPROVER),
    Right("POST", f"{COMPANY}/erasures/{{erasureId}}/waive", APPROVER),
    Right("POST", f"{COMPANY}/holds", APPROVER),
    Right("POST", f"{COMPANY}/export", APPROVER),
    Right("POST", f"{COMPANY}/holds/{{holdId}}/release", APPROVER),
    Right("POST", f"{REQUEST}/claim", REVIEWER),
    Right("POST", f"{REQUEST}/renew", REVIEWER),
    Right("POST", f"{REQUEST}/let-go", REVIEWER),
    Right("POST", f"{REQUEST}/hand-over", REVIEWER),
    Right("GET", "/console/operators", ADMIN, whole=True),
    Right("POST", "/console/operators", ADMIN, whole=True),
    Right("GET", OPERATOR, ADMIN, whole=True),
    Right("POST", f"{OPERATOR}/rights", ADMIN, whole=True),
    Right("POST", f"{OPERATOR}/disable", ADMIN, whole=True),
    Right("POST", f"{OPERATOR}/enable", ADMIN, whole=True),
    Right("POST", f"{OPERATOR}/reset", ADMIN, whole=True),
    Right("POST", f"{OPERATOR}/sessions", ADMIN, whole=True),
    Right("GET", "/console/operators-trail", ADMIN, whole=True),
)  # fmt: skip
