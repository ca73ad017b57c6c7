"""What operators may do: one table of rights by role, and for which companies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from ostiary.domain.operators.operator import ROLES, Operator, Role


class Permission(StrEnum):
    """A right. Each page and each action of the console needs one of them."""

    SEE_QUEUE = "see_queue"
    SEE_CASE = "see_case"
    SEE_PICTURES = "see_pictures"
    SEE_OTHER_CLIENT = "see_other_client"
    CLAIM = "claim"
    DECIDE = "decide"
    DECIDE_HIT = "decide_hit"
    RELEASE_NUMBER = "release_number"
    OFFBOARD = "offboard"
    CONFIRM = "confirm"
    OVERRIDE = "override"
    SET_RISK = "set_risk"
    MAKE_LINK = "make_link"
    HOLD = "hold"
    ERASE = "erase"
    EXPORT = "export"
    SEE_COMPANIES = "see_companies"
    MANAGE_KEYS = "manage_keys"
    SET_WEBHOOK = "set_webhook"
    SET_BRAND = "set_brand"
    SET_QUOTA = "set_quota"
    MOVE_CLOCK = "move_clock"
    CREATE_COMPANY = "create_company"
    SEE_DOCTOR = "see_doctor"
    PUBLISH = "publish"
    SEE_DELIVERIES = "see_deliveries"
    REDELIVER = "redeliver"
    SEE_AUDIT = "see_audit"
    MANAGE_OPERATORS = "manage_operators"


FROM_ROLE: Mapping[Permission, Role] = {
    Permission.SEE_QUEUE: Role.VIEWER,
    Permission.SEE_CASE: Role.VIEWER,
    Permission.SEE_PICTURES: Role.REVIEWER,
    Permission.SEE_OTHER_CLIENT: Role.REVIEWER,
    Permission.CLAIM: Role.REVIEWER,
    Permission.DECIDE: Role.REVIEWER,
    Permission.DECIDE_HIT: Role.REVIEWER,
    Permission.RELEASE_NUMBER: Role.APPROVER,
    Permission.OFFBOARD: Role.APPROVER,
    Permission.CONFIRM: Role.APPROVER,
    Permission.OVERRIDE: Role.APPROVER,
    Permission.SET_RISK: Role.APPROVER,
    Permission.MAKE_LINK: Role.APPROVER,  # whoever has it acts as the client: not for who decides alone
    Permission.HOLD: Role.APPROVER,
    Permission.ERASE: Role.APPROVER,
    Permission.EXPORT: Role.APPROVER,  # all that is known of somebody, in one file
    Permission.SEE_COMPANIES: Role.VIEWER,
    Permission.MANAGE_KEYS: Role.ADMIN,
    Permission.SET_WEBHOOK: Role.ADMIN,
    Permission.SET_BRAND: Role.ADMIN,
    Permission.SET_QUOTA: Role.ADMIN,
    Permission.MOVE_CLOCK: Role.ADMIN,
    Permission.CREATE_COMPANY: Role.ADMIN,
    Permission.SEE_DOCTOR: Role.ADMIN,
    Permission.PUBLISH: Role.APPROVER,
    Permission.SEE_DELIVERIES: Role.VIEWER,
    Permission.REDELIVER: Role.APPROVER,
    Permission.SEE_AUDIT: Role.APPROVER,
    Permission.MANAGE_OPERATORS: Role.ADMIN,
}
"""The lowest role that has each right."""
OF_THE_WHOLE = frozenset({
    Permission.MANAGE_OPERATORS, Permission.SET_QUOTA, Permission.CREATE_COMPANY, Permission.SEE_DOCTOR,
    Permission.PUBLISH,
})  # fmt: skip
"""Who let others in for some companies could give himself the others; the other rights are about what all share."""


def may(operator: Operator, permission: Permission, company_id: str = "") -> bool:
    """Whether an operator has a right: for one company, or (without one) for any that he works for at all."""
    if operator.is_disabled or ROLES.index(operator.role) < ROLES.index(FROM_ROLE[permission]):
        return False
    if permission in OF_THE_WHOLE:
        return not operator.companies
    return not company_id or works_for(operator, company_id)


def works_for(operator: Operator, company_id: str) -> bool:
    """Whether a company is one of the operator's."""
    return not operator.companies or company_id in operator.companies


def is_chief(operator: Operator) -> bool:
    """Whether an operator can let others in: there has to be somebody who can."""
    return may(operator, Permission.MANAGE_OPERATORS)


def is_last_chief(operator: Operator, everybody: Iterable[Operator]) -> bool:
    """Whether nobody but this one can let others in."""
    return is_chief(operator) and not any(is_chief(other) for other in everybody if other.id != operator.id)
