"""The image, the Compose file and the manifests: they agree with the program and with each other, and keep to rules.

No engine and no cluster is needed, nor asked: what these tests cannot see, `deploy/README.md` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
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
SETTINGS = frozenset(name.name for name in TABLE)
DIGEST = "(?:@sha256:[0-9a-f]{64})?"
PORT = 8080
PLACES = {"/tmp", "/var/lib/ostiary", "/run/secrets/ostiary", "/etc/ostiary"}  # noqa: S108 (the container's own)
NODES_HEAR_S = 2
"""At least so long after a failed probe a node may still route to a pod."""

SET_HERE = ("OSTIARY_MASTER_KEY_FILE", "OSTIARY_FILES_URL", "OSTIARY_EMBEDDED_WORKER", "OSTIARY_DRAIN_SECONDS")

Tree = dict[str, Any]
Rule = Callable[[Tree], bool]


@cache
def documents(path: Path) -> list[Tree]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def of_kind(kind: str) -> list[Tree]:
    return [
        document
        for path in KUBERNETES
        if path.name != EXAMPLE
        for document in documents(path)
        if document["kind"] == kind
    ]


def only(kind: str) -> Tree:
    [sole] = of_kind(kind)
    return sole


WORKLOADS = [*of_kind("Deployment"), *of_kind("Job")]
API = next(workload for workload in WORKLOADS if workload["metadata"]["name"] == "ostiary-api")
CONFIG: dict[str, str] = only("ConfigMap")["data"]
SERVICES: dict[str, Tree] = documents(COMPOSE)[0]["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("ostiary:")}
DRAIN_S = int(CONFIG["OSTIARY_DRAIN_SECONDS"])


def pod(workload: Tree) -> Tree:
    spec: Tree = workload["spec"]["template"]["spec"]
    return spec


def container(workload: Tree) -> Tree:
    [sole] = pod(workload)["containers"]
    return dict(sole)


def seconds(text: str) -> int:
    """Of `50s`."""
    return int(text.removesuffix("s"))


def named(workload: Tree) -> str:
    return str(workload["metadata"]["name"])


# ---- Kubernetes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_every_document_says_what_it_is(path: Path) -> None:
    listed = documents(path)
    assert listed
    assert not [document for document in listed if not {"apiVersion", "kind"} <= set(document)]
    assert path.name == "kustomization.yaml" or not [
        document for document in listed if "name" not in document["metadata"]
    ]


def test_everything_but_the_example_is_applied_and_once() -> None:
    [kustomization] = documents(DEPLOY / "kubernetes" / "kustomization.yaml")
    expected = {file.name for file in KUBERNETES} - {EXAMPLE, "kustomization.yaml"}
    assert (set(kustomization["resources"]), len(kustomization["resources"])) == (expected, len(expected))


@pytest.mark.parametrize("kind", ["Namespace", "ConfigMap", "Service", "HorizontalPodAutoscaler", "Job"])
def test_there_is_one_of(kind: str) -> None:
    assert only(kind)


POD_RULES: dict[str, Rule] = {
    "runs as a user who is not root": lambda spec: (
        spec["securityContext"]["runAsNonRoot"] is True and spec["securityContext"]["runAsUser"] > 0
    ),
    "with the engine's filter of system calls": lambda spec: (
        spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    ),
    "has no token for the cluster": lambda spec: spec["automountServiceAccountToken"] is False,
    "is told of no service": lambda spec: spec["enableServiceLinks"] is False,
    "has time to end": lambda spec: spec["terminationGracePeriodSeconds"] >= DRAIN_S + PARTING_S + SLACK_S,
    "may write to bounded places only": lambda spec: all(
        {"secret", "projected"} & set(volume) or "sizeLimit" in volume["emptyDir"] for volume in spec["volumes"]
    ),
    "shares nothing with its node": lambda spec: not {"hostNetwork", "hostPID", "hostIPC"} & set(spec),
}
CONTAINER_RULES: dict[str, Rule] = {
    "cannot become more": lambda spec: spec["securityContext"]["allowPrivilegeEscalation"] is False,
    "cannot change its files": lambda spec: spec["securityContext"]["readOnlyRootFilesystem"] is True,
    "has no capability": lambda spec: spec["securityContext"]["capabilities"] == {"drop": ["ALL"]},
    "asks for processor and memory": lambda spec: set(spec["resources"]["requests"]) == {"cpu", "memory"},
    "is limited in both": lambda spec: set(spec["resources"]["limits"]) == {"cpu", "memory"},
    "is this version": lambda spec: spec["image"] == f"ostiary:{__version__}",
    "mounts what is there to mount, at places the program writes to": lambda spec: (
        {mount["mountPath"] for mount in spec["volumeMounts"]} == PLACES
    ),
    "cannot change its keys and its configuration": lambda spec: all(
        mount.get("readOnly", False) for mount in spec["volumeMounts"] if mount["name"] in ("keys", "configuration")
    ),
    "has no password in its manifest": lambda spec: all("value" not in variable for variable in spec["env"]),
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
    settings = container(API)[f"{probe}Probe"]
    assert settings["httpGet"] == {"path": f"/health/{path}", "port": "http"}
    assert {"periodSeconds", "timeoutSeconds", "failureThreshold"} <= set(settings)


@pytest.mark.parametrize(("probe", "path"), [("startup", "live"), ("liveness", "live"), ("readiness", "ready")])
def test_a_worker_is_probed_where_it_answers(probe: str, path: str) -> None:
    worker = container(next(workload for workload in WORKLOADS if named(workload) == "ostiary-worker"))
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
    for resource in (*of_kind("Deployment"), *of_kind("PodDisruptionBudget")):
        labels = next(
            each["spec"]["template"]["metadata"]["labels"]
            for each in of_kind("Deployment")
            if named(each) == named(resource)
        )
        assert resource["spec"]["selector"]["matchLabels"] == labels
        assert resource["metadata"]["labels"] == labels
    assert only("Service")["spec"]["selector"] == API["spec"]["template"]["metadata"]["labels"]
    scaled = only("HorizontalPodAutoscaler")["spec"]
    assert scaled["scaleTargetRef"] == {"apiVersion": API["apiVersion"], "kind": "Deployment", "name": named(API)}
    assert 2 <= scaled["minReplicas"] <= scaled["maxReplicas"]
    assert "replicas" not in API["spec"], "two would say how many"


@pytest.mark.parametrize("workload", of_kind("Deployment"), ids=named)
def test_pods_are_spread_and_not_all_taken_at_once(workload: Tree) -> None:
    spread = pod(workload)["topologySpreadConstraints"]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    assert {constraint["topologyKey"] for constraint in spread} == {
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    }
    assert all(constraint["labelSelector"]["matchLabels"] == labels for constraint in spread)
    assert named(workload) in {named(budget) for budget in of_kind("PodDisruptionBudget")}


def test_the_example_of_a_secret_holds_what_is_asked_for_and_nothing_real() -> None:
    [secret] = documents(DEPLOY / "kubernetes" / EXAMPLE)
    variables = [variable for workload in WORKLOADS for variable in container(workload)["env"]]
    mounted = [volume["secret"] for workload in WORKLOADS for volume in pod(workload)["volumes"] if "secret" in volume]
    asked = {variable["valueFrom"]["secretKeyRef"]["key"] for variable in variables}
    asked |= {item["key"] for volume in mounted for item in volume["items"]}
    assert set(secret["stringData"]) == asked
    assert not [value for value in secret["stringData"].values() if not re.search(r"\b[A-Z_]{8,}\b", value)]
    names = {"name": "ostiary", "namespace": only("Namespace")["metadata"]["name"]}
    assert names.items() <= secret["metadata"].items()


def test_the_settings_of_the_cluster_are_understood() -> None:
    settings = read_settings(CONFIG)
    assert (settings.drain_s, settings.worker_place, settings.processes) == (DRAIN_S, "elsewhere", 1)
    [mount] = [candidate for candidate in container(API)["volumeMounts"] if candidate["name"] == "keys"]
    assert settings.master_key_file == Path(mount["mountPath"]) / "master_key"


# ---- Compose --------------------------------------------------------------------------------------------------------

SERVICE_RULES: dict[str, Rule] = {
    "cannot change its files": lambda service: service["read_only"] is True,
    "has no capability": lambda service: service["cap_drop"] == ["ALL"] and "cap_add" not in service,
    "cannot become more": lambda service: service["security_opt"] == ["no-new-privileges:true"],
    "runs as a user who is not root": lambda service: bool(re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])),
    "is limited": lambda service: set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"},
    "is of a version": lambda service: bool(re.fullmatch(rf"[a-z/-]+:\d[\w.-]*{DIGEST}", service["image"])),
    "says how it is": lambda service: (
        bool(service["healthcheck"].get("test")) or service["healthcheck"] == {"disable": True}
    ),
    "has nothing of the host's": lambda service: not {"privileged", "network_mode", "pid", "ipc"} & set(service),
    "is reached from this machine only": lambda service: all(
        port.startswith("127.0.0.1:") for port in service.get("ports", [])
    ),
    "has no password in its settings": lambda service: (
        not [
            name
            for name in service.get("environment", {})
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
    service = OURS[name]
    assert service["image"] == f"ostiary:{__version__}"
    drain_s = int(service["environment"]["OSTIARY_DRAIN_SECONDS"])
    assert seconds(service["stop_grace_period"]) >= drain_s + PARTING_S + SLACK_S
    assert make_parser().parse_args(service["command"]).command


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_takes_other_settings_and_a_configuration_that_it_cannot_change(name: str) -> None:
    service = OURS[name]
    assert set(service["environment"]) & set(SETTINGS) == set(SET_HERE), "what is set here, ostiary.env cannot set"
    assert service["env_file"] == [{"path": "ostiary.env", "required": False}]
    [mounted] = service["volumes"]
    folder, place, mode = mounted.split(":")
    assert (DEPLOY / folder).is_dir(), "else the engine makes one that belongs to root"
    assert (place, mode) == ("/etc/ostiary", "ro")


@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_a_configuration_may_be_given_and_need_not(workload: Tree) -> None:
    [volume] = [candidate["projected"] for candidate in pod(workload)["volumes"] if "projected" in candidate]
    sources = [projection for source in volume["sources"] for projection in source.values()]
    assert [source["name"] for source in sources] == ["ostiary-configuration"] * 2
    assert all(source["optional"] is True for source in sources)


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
    assert all(set(secret) == {"file"} for secret in whole["secrets"].values())
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(whole["secrets"])
    read = set(
        re.findall(r"/run/secrets/(\w+)", COMPOSE.read_text() + (DEPLOY / "pgbouncer/pgbouncer.ini").read_text())
    )
    assert read == used


# ---- everything -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [COMPOSE, *KUBERNETES, *IMAGES.values()], ids=lambda path: path.name)
def test_no_setting_is_named_that_is_none(path: Path) -> None:
    assert set(re.findall(r"\bOSTIARY_[A-Z][A-Z_]*[A-Z]\b", path.read_text())) <= SETTINGS
