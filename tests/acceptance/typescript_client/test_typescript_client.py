"""The client for TypeScript before a real service, and as partners get it: its own tests, the tarball, the example."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.conftest import Start
from tests.acceptance.python_client.test_chips import CATALOGUE, TAKES_NONE, TAKES_ONE
from tests.acceptance.typescript_client.desk import open_desk
from tests.material import picture
from tests.servers.node import CLIENT, node
from tests.servers.sharing import once, run_folder

EXAMPLE = CLIENT.parents[1] / "examples" / "integration.mts"
LINES_MOST = 40
STEP_S, SUITE_S = 120, 400
SOURCES = ("src", "tests", "build.mjs", "package.json", "tsconfig.json", "README.md", "LICENSE")
STRICT = {
    "target": "ES2022", "strict": True, "noUncheckedIndexedAccess": True, "exactOptionalPropertyTypes": True,
    "noPropertyAccessFromIndexSignature": True, "skipLibCheck": False, "outDir": "made", "types": [],
}  # fmt: skip


def run(*line: object, folder: Path, **variables: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    path = f"{node().parent}{os.pathsep}{clean['PATH']}"
    done = subprocess.run(
        [str(word) for word in line], cwd=folder, env={**clean, "PATH": path, **variables}, capture_output=True,
        text=True, timeout=SUITE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    return done.stdout


def tsc(*words: object, folder: Path) -> str:
    return run(node(), CLIENT / "node_modules/typescript/bin/tsc", *words, folder=folder)


def built() -> Path:
    """The package, built and packed in a folder of its own, once for all processes of a run."""
    node()
    return Path(once("typescript_client", _build))


def _build() -> str:
    folder = run_folder() / "typescript_client"
    folder.mkdir()
    for name in SOURCES:
        (shutil.copytree if (CLIENT / name).is_dir() else shutil.copy)(CLIENT / name, folder / name)
    (folder / "node_modules").symlink_to(CLIENT / "node_modules")
    run("npm", "pack", "--silent", folder=folder)
    return str(folder)


@pytest.fixture(scope="module")
def service(module_services: Start, tmp_path_factory: pytest.TempPathFactory) -> RunningService:
    """One for all, which takes the files of chips."""
    catalogue = tmp_path_factory.mktemp("catalogue") / "catalogue.yaml"
    text = CATALOGUE.read_text()
    assert TAKES_NONE in text
    catalogue.write_text(text.replace(TAKES_NONE, TAKES_ONE, 1))
    settings = {"allowed_private_networks": "127.0.0.0/8", "first_retry_seconds": 0.2, "key_lease_seconds": 5}
    return module_services(catalogue=catalogue, **settings)


def test_it_does_what_it_says_before_a_real_service(service: RunningService, tmp_path: Path) -> None:
    folder = built()
    tsc("-p", "tests", folder=folder)
    chip = ("--chip", tmp_path / "chip", "--last-name", "Barber", "--first-name", "Maria")
    assert service.cli("specimen", *chip).returncode == 0
    variables = {"OSTIARY_URL": service.url, "OSTIARY_API_KEY": service.key(), "TESTS_FOLDER": str(tmp_path)}
    with open_desk(service) as desk:
        run(node(), "--test-reporter=spec", "dist-tests/index.js", folder=folder, TESTS_DESK=desk, **variables)


@pytest.fixture
def partner(tmp_path: Path) -> Path:
    """An empty project with the tarball in it, and nothing else."""
    [tarball] = built().glob("*.tgz")
    (tmp_path / "package.json").write_text('{"private": true}')
    run("npm", "install", "--no-audit", "--no-fund", "--offline", "--loglevel=error", tarball, folder=tmp_path)
    assert [each.name for each in (tmp_path / "node_modules").iterdir() if each.name != ".package-lock.json"] == [
        "@ostiary"
    ]
    return tmp_path


def test_a_partner_installs_it_and_gets_through_in_forty_lines(service: RunningService, partner: Path) -> None:
    program = EXAMPLE.read_text()
    assert len(program.splitlines()) <= LINES_MOST
    (partner / "program.mts").write_text(program)
    (partner / "required.cts").write_text(
        'import ostiary = require("@ostiary/client");\n'
        'const webhook: ostiary.Webhook = new ostiary.Webhook("whsec_QUJDRA==");\n'
        "export const refused = ostiary.WebhookRefused;\n"
        "try {\n  webhook.parse({}, '{}');\n} catch (error) {\n"
        "  if (error instanceof ostiary.WebhookRefused) process.stdout.write(ostiary.VERSION);\n}\n"
        "declare const process: { readonly stdout: { write(text: string): void } };\n"
    )
    (partner / "wrong.mts").write_text(WRONG)
    checked_strictly(partner)
    (partner / "front.jpg").write_bytes(picture(77))
    variables = {"OSTIARY_URL": service.url, "OSTIARY_API_KEY": service.key(), "PICTURE": "front.jpg"}
    assert run(node(), "made/program.mjs", folder=partner, **variables).splitlines() == [
        "asked for phone", "sending a passport", "now enabled"
    ]  # fmt: skip
    packed = json.loads((partner / "node_modules/@ostiary/client/package.json").read_text())
    assert run(node(), "made/required.cjs", folder=partner) == packed["version"]


def checked_strictly(folder: Path) -> None:
    """With the types of browsers and with those of Node.js: each has what the package's own types are made of."""
    shown = re.findall(r"```ts\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)
    for number, block in enumerate(shown):
        (folder / f"shown{number}.mts").write_text(block)
    of_node = {"types": ["node"], "typeRoots": [str(CLIENT / "node_modules" / "@types")]}
    for lib, others, names in (
        (["ES2022", "DOM"], {}, ["program.mts", "required.cts", "wrong.mts"]),
        (["ES2022"], of_node, ["program.mts", "shown0.mts", "shown1.mts"]),
    ):
        options = {**STRICT, "module": "nodenext", "lib": lib, **others}
        config = {"compilerOptions": options, "files": names}
        (folder / "tsconfig.json").write_text(json.dumps(config))
        tsc("-p", ".", folder=folder)


WRONG = """import { Ostiary, Webhook } from "@ostiary/client";
const ostiary = new Ostiary("http://127.0.0.1", "key");
export async function wrong(): Promise<void> {
  const judged = await ostiary.products.submit({ client_id: "c", id: "r" });
  // @ts-expect-error there is no such field
  judged.rejected_things;
  // @ts-expect-error it may be absent
  judged.product.renewal.state;
  // @ts-expect-error there is no such expansion
  await ostiary.products.read(judged.product, { expand: ["renewals"] });
  // @ts-expect-error an address is missing
  await ostiary.clients.create({ first_name: "M", last_name: "B", email: "m@example.com", birth_date: "1984-11-21" });
  const event = new Webhook("whsec_QUJDRA==").parse({}, "{}");
  // @ts-expect-error only changes of status have it
  event.data.previous_status;
  if (event.kind === "status_changed") event.data.previous_status;
}
"""
