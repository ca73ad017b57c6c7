"""The image, the Compose file and the manifests: they agree with the program and with each other, and keep to rules.

No engine and no cluster is needed, nor asked: what these tests cannot see, `deploy/README.md` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ostiary import __version__
from ostiary.cli.parsing.parser import make_parser
from ostiary.runtime.shutdown_timeouts import PARTING_S, SLACK_S
from ostiary.settings import TABLE, read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
EXAMPLE = "secret.example.yaml"
COMPOSE = DEPLOY / "compose.yaml"
IMAGES = {"Containerfile": ROOT / "Containerfile", "pgbouncer": DEPLOY / "pgbouncer" / "Containerfile"}
SETTINGS = frozenset(one.name for one in TABLE)
DIGEST = "(?:@sha256:[0-9a-f]{64})?"
PORT = 8080
PLACES = {"/tmp", "/var/lib/ostiary", "/run/secrets/ostiary", "/etc/ostiary"}  # noqa: S108 (the container's own)
NODES_HEAR_S = 2
"""At least so long after a failed probe a node may still route to a pod."""

SET_HERE = ("OSTIARY_MASTER_KEY_FILE", "OSTIARY_FILES_URL", "OSTIARY_EMBEDDED_WORKER", "OSTIARY_DRAIN_SECONDS")

Tree = dict[str, Any]
Rule = Callable[[Tree], bool]


def documents(path: Path) -> list[Tree]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def of_kind(kind: str) -> list[Tree]:
    return [one for path in KUBERNETES if path.name != EXAMPLE for one in documents(path) if one["kind"] == kind]


def only(kind: str) -> Tree:
    [found] = of_kind(kind)
    return found


WORKLOADS = [*of_kind("Deployment"), *of_kind("Job")]
API = next(one for one in WORKLOADS if one["metadata"]["name"] == "ostiary-api")
CONFIG: dict[str, str] = only("ConfigMap")["data"]
SERVICES: dict[str, Tree] = documents(COMPOSE)[0]["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("ostiary:")}
DRAIN_S = int(CONFIG["OSTIARY_DRAIN_SECONDS"])


def pod(workload: Tree) -> Tree:
    found: Tree = workload["spec"]["template"]["spec"]
    return found


def container(workload: Tree) -> Tree:
    [found] = pod(workload)["containers"]
    return dict(found)


def seconds(text: str) -> int:
    """Of `50s`."""
    return int(text.removesuffix("s"))


def named(workload: Tree) -> str:
    return str(workload["metadata"]["name"])


# ---- Kubernetes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda one: one.name)
def test_every_document_says_what_it_is(path: Path) -> None:
    found = documents(path)
    assert found
    assert not [one for one in found if not {"apiVersion", "kind"} <= set(one)]
    assert path.name == "kustomization.yaml" or not [one for one in found if "name" not in one["metadata"]]


def test_everything_but_the_example_is_applied_and_once() -> None:
    [kustomization] = documents(DEPLOY / "kubernetes" / "kustomization.yaml")
    expected = {one.name for one in KUBERNETES} - {EXAMPLE, "kustomization.yaml"}
    assert (set(kustomization["resources"]), len(kustomization["resources"])) == (expected, len(expected))


@pytest.mark.parametrize("kind", ["Namespace", "ConfigMap", "Service", "HorizontalPodAutoscaler", "Job"])
def test_there_is_one_of(kind: str) -> None:
    assert only(kind)


POD_RULES: dict[str, Rule] = {
    "runs as a user who is not root": lambda one: (
        one["securityContext"]["runAsNonRoot"] is True and one["securityContext"]["runAsUser"] > 0
    ),
    "with the engine's filter of system calls": lambda one: (
        one["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    ),
    "has no token for the cluster": lambda one: one["automountServiceAccountToken"] is False,
    "is told of no service": lambda one: one["enableServiceLinks"] is False,
    "has time to end": lambda one: one["terminationGracePeriodSeconds"] >= DRAIN_S + PARTING_S + SLACK_S,
    "may write to bounded places only": lambda one: all(
        {"secret", "projected"} & set(volume) or "sizeLimit" in volume["emptyDir"] for volume in one["volumes"]
    ),
    "shares nothing with its node": lambda one: not {"hostNetwork", "hostPID", "hostIPC"} & set(one),
}
CONTAINER_RULES: dict[str, Rule] = {
    "cannot become more": lambda one: one["securityContext"]["allowPrivilegeEscalation"] is False,
    "cannot change its files": lambda one: one["securityContext"]["readOnlyRootFilesystem"] is True,
    "has no capability": lambda one: one["securityContext"]["capabilities"] == {"drop": ["ALL"]},
    "asks for processor and memory": lambda one: set(one["resources"]["requests"]) == {"cpu", "memory"},
    "is limited in both": lambda one: set(one["resources"]["limits"]) == {"cpu", "memory"},
    "is this version": lambda one: one["image"] == f"ostiary:{__version__}",
    "mounts what is there to mount, at places the program writes to": lambda one: (
        {mount["mountPath"] for mount in one["volumeMounts"]} == PLACES
    ),
    "cannot change its keys and its configuration": lambda one: all(
        mount.get("readOnly", False) for mount in one["volumeMounts"] if mount["name"] in ("keys", "configuration")
    ),
    "has no password in its manifest": lambda one: all("value" not in variable for variable in one["env"]),
}


@pytest.mark.parametrize("rule", POD_RULES)
@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_every_pod(workload: Tree, rule: str) -> None:
    assert POD_RULES[rule](pod(workload))


@pytest.mark.parametrize("rule", CONTAINER_RULES)
@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_every_container(workload: Tree, rule: str) -> None:
    assert CONTAINER_RULES[rule](container(workload))


@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_what_a_container_runs_is_a_command(workload: Tree) -> None:
    assert make_parser().parse_args(container(workload)["args"]).command


@pytest.mark.parametrize(("probe", "path"), [("startup", "live"), ("liveness", "live"), ("readiness", "ready")])
def test_the_api_is_probed_where_it_answers(probe: str, path: str) -> None:
    found = container(API)[f"{probe}Probe"]
    assert found["httpGet"] == {"path": f"/health/{path}", "port": "http"}
    assert {"periodSeconds", "timeoutSeconds", "failureThreshold"} <= set(found)


@pytest.mark.parametrize(("probe", "path"), [("startup", "live"), ("liveness", "live"), ("readiness", "ready")])
def test_a_worker_is_probed_where_it_answers(probe: str, path: str) -> None:
    worker = container(next(one for one in WORKLOADS if named(one) == "ostiary-worker"))
    assert worker[f"{probe}Probe"]["httpGet"] == {"path": f"/health/{path}", "port": "http"}
    arguments = make_parser().parse_args(worker["args"])
    [port] = worker["ports"]
    assert (port["containerPort"], arguments.port, arguments.host) == (PORT, PORT, "0.0.0.0")
    composed = SERVICES["worker"]
    assert make_parser().parse_args(composed["command"]).port == PORT
    assert composed["healthcheck"] == SERVICES["api"]["healthcheck"]


def test_routers_hear_of_the_end_before_it_comes() -> None:
    probe = container(API)["readinessProbe"]
    noticed_s = probe["periodSeconds"] * probe["failureThreshold"] + probe["timeoutSeconds"]
    assert noticed_s + NODES_HEAR_S <= DRAIN_S
    assert "lifecycle" not in container(API), "a preStop would have to be added to the time to end"


def test_the_ports_agree() -> None:
    [port] = container(API)["ports"]
    [served] = only("Service")["spec"]["ports"]
    arguments = make_parser().parse_args(container(API)["args"])
    assert (port["containerPort"], arguments.port, arguments.host) == (PORT, PORT, "0.0.0.0")
    assert served["targetPort"] == port["name"] == "http"


def test_selectors_find_what_they_are_for() -> None:
    for one in (*of_kind("Deployment"), *of_kind("PodDisruptionBudget")):
        labels = next(
            each["spec"]["template"]["metadata"]["labels"]
            for each in of_kind("Deployment")
            if named(each) == named(one)
        )
        assert one["spec"]["selector"]["matchLabels"] == labels
        assert one["metadata"]["labels"] == labels
    assert only("Service")["spec"]["selector"] == API["spec"]["template"]["metadata"]["labels"]
    scaled = only("HorizontalPodAutoscaler")["spec"]
    assert scaled["scaleTargetRef"] == {"apiVersion": API["apiVersion"], "kind": "Deployment", "name": named(API)}
    assert 2 <= scaled["minReplicas"] <= scaled["maxReplicas"]
    assert "replicas" not in API["spec"], "two would say how many"


@pytest.mark.parametrize("workload", of_kind("Deployment"), ids=named)
def test_pods_are_spread_and_not_all_taken_at_once(workload: Tree) -> None:
    spread = pod(workload)["topologySpreadConstraints"]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    assert {one["topologyKey"] for one in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    assert all(one["labelSelector"]["matchLabels"] == labels for one in spread)
    assert named(workload) in {named(one) for one in of_kind("PodDisruptionBudget")}


def test_the_example_of_a_secret_holds_what_is_asked_for_and_nothing_real() -> None:
    [secret] = documents(DEPLOY / "kubernetes" / EXAMPLE)
    variables = [variable for one in WORKLOADS for variable in container(one)["env"]]
    mounted = [volume["secret"] for one in WORKLOADS for volume in pod(one)["volumes"] if "secret" in volume]
    asked = {one["valueFrom"]["secretKeyRef"]["key"] for one in variables}
    asked |= {item["key"] for one in mounted for item in one["items"]}
    assert set(secret["stringData"]) == asked
    assert not [one for one in secret["stringData"].values() if not re.search(r"\b[A-Z_]{8,}\b", one)]
    names = {"name": "ostiary", "namespace": only("Namespace")["metadata"]["name"]}
    assert names.items() <= secret["metadata"].items()


def test_the_settings_of_the_cluster_are_understood() -> None:
    settings = read_settings(CONFIG)
    assert (settings.drain_s, settings.worker_place, settings.processes) == (DRAIN_S, "elsewhere", 1)
    [mount] = [one for one in container(API)["volumeMounts"] if one["name"] == "keys"]
    assert settings.master_key_file == Path(mount["mountPath"]) / "master_key"


# ---- Compose --------------------------------------------------------------------------------------------------------

SERVICE_RULES: dict[str, Rule] = {
    "cannot change its files": lambda one: one["read_only"] is True,
    "has no capability": lambda one: one["cap_drop"] == ["ALL"] and "cap_add" not in one,
    "cannot become more": lambda one: one["security_opt"] == ["no-new-privileges:true"],
    "runs as a user who is not root": lambda one: bool(re.fullmatch(r"[1-9]\d*:[1-9]\d*", one["user"])),
    "is limited": lambda one: set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"},
    "is of a version": lambda one: bool(re.fullmatch(rf"[a-z/-]+:\d[\w.-]*{DIGEST}", one["image"])),
    "says how it is": lambda one: bool(one["healthcheck"].get("test")) or one["healthcheck"] == {"disable": True},
    "has nothing of the host's": lambda one: not {"privileged", "network_mode", "pid", "ipc"} & set(one),
    "is reached from this machine only": lambda one: all(
        port.startswith("127.0.0.1:") for port in one.get("ports", [])
    ),
    "has no password in its settings": lambda one: (
        not [
            name
            for name in one.get("environment", {})
            if re.search("PASSWORD|KEY", name) and not name.endswith("_FILE")
        ]
    ),
}


@pytest.mark.parametrize("rule", SERVICE_RULES)
@pytest.mark.parametrize("name", SERVICES)
def test_every_service(name: str, rule: str) -> None:
    assert SERVICE_RULES[rule](SERVICES[name])


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_is_this_version_and_has_time_to_end(name: str) -> None:
    one = OURS[name]
    assert one["image"] == f"ostiary:{__version__}"
    drain_s = int(one["environment"]["OSTIARY_DRAIN_SECONDS"])
    assert seconds(one["stop_grace_period"]) >= drain_s + PARTING_S + SLACK_S
    assert make_parser().parse_args(one["command"]).command


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_takes_other_settings_and_a_configuration_that_it_cannot_change(name: str) -> None:
    one = OURS[name]
    assert set(one["environment"]) & set(SETTINGS) == set(SET_HERE), "what is set here, ostiary.env cannot set"
    assert one["env_file"] == [{"path": "ostiary.env", "required": False}]
    [mounted] = one["volumes"]
    folder, place, mode = mounted.split(":")
    assert (DEPLOY / folder).is_dir(), "else the engine makes one that belongs to root"
    assert (place, mode) == ("/etc/ostiary", "ro")


@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_a_configuration_may_be_given_and_need_not(workload: Tree) -> None:
    [volume] = [one["projected"] for one in pod(workload)["volumes"] if "projected" in one]
    sources = [one for source in volume["sources"] for one in source.values()]
    assert [one["name"] for one in sources] == ["ostiary-configuration"] * 2
    assert all(one["optional"] is True for one in sources)


def test_two_serve_one_delivers_and_the_database_is_migrated_first() -> None:
    assert set(SERVICES) == {"migrate", "api", "worker", "postgres", "pgbouncer"}
    api = SERVICES["api"]
    assert api["deploy"]["replicas"] == 2
    assert api["ports"] == [f"127.0.0.1:{PORT}-{PORT + 1}:{PORT}"]
    assert make_parser().parse_args(api["command"]).port == PORT
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_the_database_cannot_be_reached_from_outside() -> None:
    whole = documents(COMPOSE)[0]
    assert whole["networks"]["inside"] == {"internal": True}
    assert [SERVICES[name]["networks"] for name in ("postgres", "pgbouncer")] == [["inside"]] * 2
    assert not [name for name in ("postgres", "pgbouncer") if "ports" in SERVICES[name]]


def test_secrets_are_files_and_every_one_is_known() -> None:
    whole = documents(COMPOSE)[0]
    assert all(set(one) == {"file"} for one in whole["secrets"].values())
    used = {name for one in SERVICES.values() for name in one.get("secrets", [])}
    assert used == set(whole["secrets"])
    read = set(
        re.findall(r"/run/secrets/(\w+)", COMPOSE.read_text() + (DEPLOY / "pgbouncer/pgbouncer.ini").read_text())
    )
    assert read == used


# ---- everything -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [COMPOSE, *KUBERNETES, *IMAGES.values()], ids=lambda one: one.name)
def test_no_setting_is_named_that_is_none(path: Path) -> None:
    assert set(re.findall(r"\bOSTIARY_[A-Z][A-Z_]*[A-Z]\b", path.read_text())) <= SETTINGS
