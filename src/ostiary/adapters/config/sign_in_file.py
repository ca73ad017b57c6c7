"""The `sign_in` section of the providers file: identity providers by which operators sign in to the console."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import yaml

from ostiary.adapters.config.entries import FileEntry, declarations, pairs, text_of
from ostiary.adapters.config.secret_files import SectionReading
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.adapters.identity.oidc import OidcProvider, OidcSettings
from ostiary.domain.ids import is_id
from ostiary.domain.operators.federation import Federation, Membership
from ostiary.domain.operators.operator import Role

KINDS = ("oidc",)
_KEYS = (
    "kind",
    "label",
    "issuer",
    "client_id",
    "client_secret_file",
    "name_claim",
    "groups_claim",
    "scopes",
    "roles",
    "companies",
)
NAME_CLAIM, GROUPS_CLAIM = "preferred_username", "groups"


def federations(reading: SectionReading, section: yaml.Node | None) -> Iterator[Federation]:
    """The providers that the section declares; each fault is noted with its place."""
    for key, value in declarations(reading.faults, section, section) if section is not None else ():
        entry = FileEntry(reading.faults, key, value, _KEYS)
        if entry.needed("kind") is not None:
            entry.choice("kind", KINDS)
        yield _oidc(reading, key.value, entry)


def _oidc(reading: SectionReading, name: str, entry: FileEntry) -> Federation:
    issuer = reading.url(entry, "issuer")
    if urlsplit(issuer).query or urlsplit(issuer).fragment:  # OpenID Connect Discovery 1.0 section 4.1
        entry.fault("issuer", "bad_address", "must be an address without ? and #")
    if not reading.public_url:
        reading.faults.add(entry.place, "needs_public_url", "needs OSTIARY_PUBLIC_URL, where the browser comes back to")
    settings = OidcSettings(
        name=name,
        label=entry.text("label") or name,
        issuer=issuer,
        client_id=entry.needed_text("client_id") or "",
        client_secret=reading.secret(entry, "client_secret_file") if entry.node("client_secret_file") else "",
        name_claim=entry.text("name_claim") or NAME_CLAIM,
        groups_claim=entry.text("groups_claim") or GROUPS_CLAIM,
        scopes=tuple(text for _, text in entry.texts("scopes")),
        timeout_s=reading.timeout_s,
    )
    return Federation(OidcProvider(settings), tuple(_memberships(reading, entry)))


def _memberships(reading: SectionReading, entry: FileEntry) -> Iterator[Membership]:
    """`roles` gives each group its role, `companies` those for which a group has it."""
    node, companies = entry.needed("roles"), dict(_companies(reading, entry))
    groups = list(pairs(reading.faults, node, node, "group: role")) if node is not None else []
    if node is not None and isinstance(node, yaml.MappingNode) and not groups:
        reading.faults.add(node, "wrong_type", "must name at least one group: role")
    for group, role in groups:
        text = text_of(reading.faults, role)
        if text is not None and text not in set(Role):
            reading.faults.add(role, "unknown_choice", f"'{text}' is not one of {', '.join(Role)}")
        elif text is not None:
            yield Membership(group.value, Role(text), companies.pop(group.value, ()))
    for group_name in companies:
        entry.fault("companies", "unknown_group", f"the group '{group_name}' has no role under roles")


def _companies(reading: SectionReading, entry: FileEntry) -> Iterator[tuple[str, tuple[str, ...]]]:
    node = entry.node("companies")
    if node is None:
        return
    groups = [group for group, _ in pairs(reading.faults, node, node, "group: [company, another]")]
    listed = FileEntry(Faults("", ""), node, node, [group.value for group in groups])
    listed.faults = reading.faults  # what is wrong with the groups themselves is noted already
    for group in groups:
        texts = listed.texts(group.value)
        for place, company_id in texts:
            if not is_id(company_id):
                reading.faults.add(place, "bad_id", "must be a company's id; `ostiary company list` shows them")
        yield group.value, tuple(company_id for _, company_id in texts)
