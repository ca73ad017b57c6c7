"""What the manifests let in and out, and whom settings trust as they come: nothing that is not named."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ostiary.adapters.http_client.addresses import may_reach
from ostiary.settings import TABLE, read_settings
from tests.conventions.test_deploy import CONFIG, DEPLOY, PORT, ROOT, WORKLOADS, Tree, named, of_kind

POLICIES = [policy["spec"] for policy in of_kind("NetworkPolicy")]
INSIDE = {"ostiary-api", "ostiary-worker", "ostiary-migrate-0-1-0"}
NEVER = (
    "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "127.0.0.1", "0.0.0.0", "100.64.0.1",
    "100.100.100.200", "169.254.169.254", "169.254.170.2", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1",
    "255.255.255.255", "::", "::1", "fd00:ec2::254", "fd20:ce::254", "fe80::a9fe:a9fe", "fec0::1", "ff02::1",
    "::ffff:169.254.169.254", "::ffff:a83f:8110", "::a9fe:a9fe", "64:ff9b::a9fe:a9fe", "64:ff9b::a83f:8110",
    "64:ff9b:1::1", "2002:a9fe:a9fe::1", "2002:a83f:8110::1", "2001:0:4136:e378:8000:63bf:5601:5601", "2001:db8::1",
)  # fmt: skip
"""Networks that are nobody's on the internet, clouds' metadata among them, and every form in which IPv6 says those."""
ANYWHERE = ("8.8.8.8", "168.63.129.15", "168.63.129.17", "169.253.0.1", "2606:4700::1111", "2a00:1450::1")
WIDEST = {4: 24, 6: 64}
"""The fewest bits of a network that a default or an example may name as a proxy's."""


def applies(policy: Tree, labels: dict[str, str]) -> bool:
    selector = policy["podSelector"]
    among = selector.get("matchExpressions", [])
    assert {expression["operator"] for expression in among} <= {"In"}
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        labels.get(expression["key"]) in expression["values"] for expression in among
    )


def rules(direction: str, workload: Tree) -> list[Tree]:
    labels = workload["spec"]["template"]["metadata"]["labels"]
    return [rule for policy in POLICIES if applies(policy, labels) for rule in policy.get(direction, [])]


def lets_out(address: IPv4Address | IPv6Address, workload: Tree) -> set[int]:
    """To which ports at an address outside the cluster."""
    ports = set()
    for rule in rules("egress", workload):
        for block in (peer["ipBlock"] for peer in rule["to"] if "ipBlock" in peer):
            excepted = any(address in ip_network(network) for network in block.get("except", []))
            if address in ip_network(block["cidr"]) and not excepted:
                ports |= {port["port"] for port in rule["ports"]}
    return ports


def one_of(name: str) -> Tree:
    return next(workload for workload in WORKLOADS if named(workload).startswith(name))


def test_a_rule_names_both_where_and_which_port() -> None:
    assert {named(workload) for workload in WORKLOADS} == INSIDE
    for direction, end in (("ingress", "from"), ("egress", "to")):
        allowed = [rule for workload in WORKLOADS for rule in rules(direction, workload)]
        assert allowed
        assert all(rule[end] and rule["ports"] for rule in allowed)
        ends = [peer for rule in allowed for peer in rule[end]]
        assert all(set(peer) in ({"namespaceSelector", "podSelector"}, {"ipBlock"}) for peer in ends)
        chosen = [selector for each in ends for selector in each.values() if "cidr" not in selector]
        assert all(selector["matchLabels"] for selector in chosen), "an empty one would choose everything"


def test_whatever_is_let_in_or_out_is_refused_first() -> None:
    [everything] = [policy for policy in POLICIES if policy["podSelector"] == {}]
    assert everything == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize(
    ("name", "callers"),
    [("ostiary-api", {"ingress-nginx", "monitoring"}), ("ostiary-worker", {"monitoring"}), ("ostiary-migrate", set())],
)
def test_only_who_must_comes_in(name: str, callers: set[str]) -> None:
    allowed = rules("ingress", one_of(name))
    ends = [peer["namespaceSelector"]["matchLabels"] for rule in allowed for peer in rule["from"]]
    assert {labels["kubernetes.io/metadata.name"] for labels in ends} == callers
    assert {port["port"] for rule in allowed for port in rule["ports"]} <= {PORT}


@pytest.mark.parametrize("name", ["ostiary-api", "ostiary-worker", "ostiary-migrate"])
def test_everybody_reaches_names_and_the_database(name: str) -> None:
    inside = {
        (peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], port["port"])
        for rule in rules("egress", one_of(name))
        for peer in rule["to"]
        for port in rule["ports"]
        if "ipBlock" not in peer
    }
    assert inside >= {("kube-system", 53), ("database", 5432), ("database", 6432)}
    assert (("storage", 9000) in inside) is (name != "ostiary-migrate")


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_nothing_leaves_for(workload: Tree, address: str) -> None:
    assert lets_out(ip_address(address), workload) == set()


@pytest.mark.parametrize("address", ANYWHERE)
def test_public_addresses_are_reached_by_https_alone_and_not_by_what_migrates(address: str) -> None:
    reached = [lets_out(ip_address(address), one_of(f"ostiary-{name}")) for name in ("api", "worker", "migrate")]
    assert reached == [{443}, {443}, set()]


@given(address=st.ip_addresses())
@example(address=ip_address("224.0.0.1"))
def test_the_cluster_lets_nothing_out_that_the_program_refuses(address: IPv4Address | IPv6Address) -> None:
    assert may_reach(str(address), ()) or not lets_out(address, one_of("ostiary-worker"))


@pytest.mark.parametrize("closed", [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32",
    "3fff::/20", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0/96", "64:ff9b::/96",
])  # fmt: skip
def test_a_closed_network_is_closed_to_its_edges(closed: str) -> None:
    network = ip_network(closed)
    assert [lets_out(network[place], one_of("ostiary-worker")) for place in (0, -1)] == [set(), set()]


# ---- proxies that are trusted ---------------------------------------------------------------------------------------


def test_nobody_is_trusted_until_somebody_is_named() -> None:
    [setting] = [setting for setting in TABLE if setting.name == "OSTIARY_TRUSTED_PROXIES"]
    assert setting.default == ""
    assert read_settings({}).trusted_proxies == read_settings(CONFIG).trusted_proxies == ()


def test_no_file_trusts_a_whole_private_network() -> None:
    """Whoever is in a trusted network may say for whom it calls."""
    places = [ROOT / "README.md", ROOT / "Containerfile", *DEPLOY.rglob("*"), *(ROOT / "docs").rglob("*")]
    places += [*(ROOT / "src").rglob("*.py"), *(ROOT / "examples").rglob("*")]
    texts = [place.read_text() for place in places if place.is_file() and place.suffix not in (".webp", ".pyc")]
    named = [net for text in texts for net in re.findall(r"TRUSTED_PROXIES\"?\s*[=:,]\s*[\"']?([\d.:a-f]+/\d+)", text)]
    wide = [network for network in named if ip_network(network).prefixlen < WIDEST[ip_network(network).version]]
    assert named, "an example shows the form"
    assert wide == []


def test_what_happens_without_is_said_where_it_is_set() -> None:
    for place in (DEPLOY / "kubernetes" / "configmap.yaml", ROOT / "docs" / "running.md", DEPLOY / "README.md"):
        text = " ".join(place.read_text().replace("#", " ").split())
        assert "every call counts as" in text, place.name
