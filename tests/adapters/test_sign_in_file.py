"""The section of identity providers: what it declares, and every fault at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.config import providers_file
from ostiary.domain.errors import ProvidersInvalid
from ostiary.domain.operators.federation import Membership
from ostiary.domain.operators.operator import Role
from tests.material import id_at

URL, ACME, BANCO = "https://kyc.example.com", id_at(0, 1), id_at(0, 2)
SOURCE = f"""sign_in:
  corporate:
    kind: oidc
    label: Example Corp
    issuer: https://id.example.com/realms/staff
    client_id: ostiary
    client_secret_file: s
    roles:
      Compliance Leads: admin
      reviewers: reviewer
      acme-desk: reviewer
    companies:
      acme-desk: [{ACME}, {BANCO}]
"""


def written(folder: Path, source: str) -> Path:
    (folder / "s").write_text("the secret\n")
    path = folder / "providers.yaml"
    path.write_text(source)
    return path


async def test_who_vouches_for_operators_is_declared_with_what_groups_mean(tmp_path: Path) -> None:
    [federation] = providers_file.load(written(tmp_path, SOURCE), URL).federations
    assert (federation.provider.name, federation.provider.label) == ("corporate", "Example Corp")
    assert federation.memberships == (
        Membership("Compliance Leads", Role.ADMIN),
        Membership("reviewers", Role.REVIEWER),
        Membership("acme-desk", Role.REVIEWER, (ACME, BANCO)),
    )
    await federation.provider.close()


def test_nobody_vouches_unless_it_is_declared(tmp_path: Path) -> None:
    assert providers_file.load(written(tmp_path, "providers: {}"), URL).federations == ()
    assert providers_file.load(None, URL).federations == ()


async def test_little_is_needed(tmp_path: Path) -> None:
    source = "sign_in: {corp: {kind: oidc, issuer: https://id.example.com, client_id: a, roles: {g: viewer}}}"
    [federation] = providers_file.load(written(tmp_path, source), URL).federations
    assert federation.provider.label == "corp"
    await federation.provider.close()


@pytest.mark.parametrize(
    ("source", "place", "code"),
    [
        (SOURCE.replace("kind: oidc", "kind: saml"), "3:11", "unknown_choice"),
        (SOURCE.replace("    kind: oidc\n", ""), "2:3", "missing_key"),
        (SOURCE.replace("corporate:", "Corporate SSO:"), "2:3", "bad_id"),
        (SOURCE.replace("https://id.example.com/realms/staff", "id.example.com"), "5:13", "bad_address"),
        (SOURCE.replace("realms/staff", "?realm=staff"), "5:13", "bad_address"),
        (SOURCE.replace("    client_id: ostiary\n", ""), "2:3", "missing_key"),
        (SOURCE.replace("client_secret_file: s", "client_secret_file: gone"), "7:25", "unreadable"),
        (SOURCE.replace("client_secret_file: s", "client_secret: s"), "7:5", "unknown_key"),
        (SOURCE.replace("reviewers: reviewer", "reviewers: chief"), "10:18", "unknown_choice"),
        (SOURCE.replace("reviewers: reviewer", "reviewers: [reviewer]"), "10:18", "wrong_type"),
        (SOURCE.replace("reviewers: reviewer", "acme-desk: viewer"), "11:7", "duplicate_key"),
        (SOURCE.replace("      acme-desk: [", "      others: ["), "13:7", "unknown_group"),
        (SOURCE.replace(BANCO, "banco"), "13:53", "bad_id"),
        (SOURCE.replace(BANCO, ACME), "13:53", "duplicate_item"),
        (SOURCE.partition("    roles:")[0], "2:3", "missing_key"),
        (SOURCE.partition("    roles:")[0] + "    roles: {}\n", "8:12", "wrong_type"),
        (SOURCE.partition("    roles:")[0] + "    roles: admin\n", "8:12", "wrong_type"),
        (SOURCE.partition("    companies:")[0] + "    companies: all\n", "12:16", "wrong_type"),
    ],
)
def test_a_fault_is_shown_where_it_is(tmp_path: Path, source: str, place: str, code: str) -> None:
    with pytest.raises(ProvidersInvalid) as refused:
        providers_file.load(written(tmp_path, source), URL)
    [fault] = refused.value.faults
    assert (fault.field.rpartition("providers.yaml:")[2], fault.code) == (place, code)


def test_the_browser_must_find_its_way_back(tmp_path: Path) -> None:
    with pytest.raises(ProvidersInvalid, match="OSTIARY_PUBLIC_URL"):
        providers_file.load(written(tmp_path, SOURCE), "")
