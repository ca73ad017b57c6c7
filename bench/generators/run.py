"""Generators of clients, before a release: each makes a client of our API's description, which has to compile
strictly and to get through an onboarding with a real service.

Needs Node.js 20, npm and Java 17. Everything is installed, pinned, in a temporary folder. What the Java client needs of
others is in the generator's own archive, but for three annotations, which are written beside it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.service import OSTIARY, Service, free_port, make_ostiary

HERE = Path(__file__).parent
PYTHON_TOOLS = ("openapi-python-client==0.29.1", "openapi-generator-cli==7.26.0", "mypy==1.18.2")
PYTHON_CLIENT = ("pydantic", "python-dateutil", "types-python-dateutil", "urllib3", "attrs", "httpx")
STEP_S, INSTALL_S = 300, 900
ANNOTATIONS = {
    "jakarta.annotation.Nonnull": "",
    "jakarta.annotation.Nullable": "",
    "jakarta.annotation.Generated": 'String[] value(); String date() default ""; String comments() default "";',
}


@dataclass(frozen=True, slots=True)
class Generator:
    """How a client is made, held against its language's strictest compiler, and played. `{b}`: the npm programs."""

    name: str
    make: str
    compile: str
    play: str


_TSC = "{b}/tsc -p {n}.json"
_TSX = "{b}/tsx plays/{n}.ts"
GENERATORS = (
    Generator("openapi-typescript", "{b}/openapi-typescript openapi.json -o made/{n}.d.ts", _TSC, _TSX),
    Generator("hey-api", "{b}/openapi-ts -i openapi.json -o made/{n} -c @hey-api/client-fetch", _TSC, _TSX),
    Generator("orval", "{b}/orval --input openapi.json --output made/{n}.ts --client fetch", _TSC, _TSX),
    Generator("kubb", "{b}/kubb generate", _TSC, _TSX),
    Generator("oazapfts", "{b}/oazapfts openapi.json made/{n}.ts", _TSC, _TSX),
    Generator("openapi-zod-client", "{b}/openapi-zod-client openapi.json -o made/{n}.ts", _TSC, _TSX),
    Generator(
        "openapi-python-client",
        "{v}/openapi-python-client generate --path openapi.json --meta none --overwrite "
        "--output-path openapi_python_client_made",
        "{v}/mypy --strict --follow-imports silent "
        "-p openapi_python_client_made.api -p openapi_python_client_made.models",
        "{v}/python plays/openapi_python_client.py",
    ),
    Generator(
        "openapi-generator python",
        "{v}/openapi-generator-cli generate -i openapi.json -g python -o python_made",
        "{v}/python -W error -m compileall -q -x default_api python_made/openapi_client",
        "{v}/python plays/openapi_generator.py",
    ),
    Generator(
        "openapi-generator java",
        "{v}/openapi-generator-cli generate -i openapi.json -g java --library native -o java_made "
        "--additional-properties openApiNullable=false,useJakartaEe=true --global-property skipFormModel=false",
        "javac -nowarn -d java_classes -cp {j} @java_sources plays/Onboarding.java",
        "java -cp {j}:java_classes Onboarding",
    ),
)


def main() -> int:
    """Prints a table; 1 when a client does not compile or does not get through."""
    chosen = [one for one in GENERATORS if not sys.argv[1:] or any(word in one.name for word in sys.argv[1:])]
    with tempfile.TemporaryDirectory(prefix="ostiary-generators-") as made:
        folder = Path(made)
        _install(folder)
        service = make_ostiary(folder / "service")
        service.start()
        try:
            rows = [_tried(one, folder, service) for one in chosen]
            rows.append(_through_prism(folder, service))
        finally:
            service.stop()
    print("| generator | makes | compiles strictly | plays an onboarding |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    return int(any("no" in row[1:] for row in rows))


def _install(folder: Path) -> None:
    for one in ("package.json", "kubb.config.ts"):
        shutil.copy(HERE / one, folder / one)
    shutil.copytree(HERE / "plays", folder / "plays")
    (folder / "made").mkdir()
    for name, fields in ANNOTATIONS.items():
        place = folder / "annotations" / f"{name.replace('.', '/')}.java"
        place.parent.mkdir(parents=True, exist_ok=True)
        package, _, simple = name.rpartition(".")
        place.write_text(f"package {package}; public @interface {simple} {{ {fields} }}")
    for generator in GENERATORS:
        text = (HERE / "tsconfig.json").read_text()
        name = generator.name
        included = text.replace("made/**/*.ts", f"made/{name}*").replace("plays/**/*.ts", f"plays/{name}.ts")
        (folder / f"{name}.json").write_text(included)
    subprocess.run(
        [OSTIARY, "specimen", folder / "passport.jpg"], check=True, stdout=subprocess.DEVNULL, timeout=STEP_S
    )
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(npm, cwd=folder, check=True, timeout=INSTALL_S)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True, timeout=STEP_S)
    pip = [str(folder / "venv/bin/pip"), "install", "-q", *PYTHON_TOOLS, *PYTHON_CLIENT]
    subprocess.run(pip, check=True, timeout=INSTALL_S)


def _tried(generator: Generator, folder: Path, service: Service) -> tuple[str, ...]:
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/openapi.json", timeout=30) as answer:
        (folder / "openapi.json").write_bytes(answer.read())
    told = [generator.name]
    for step in (generator.make, generator.compile, generator.play):
        done = "no" if "no" in told else _done(step, generator.name, folder, service.port, service.key)
        told.append(done)
    return tuple(told)


def _done(step: str, name: str, folder: Path, port: int, key: str) -> str:
    if not step:
        return "not tried"
    if "@java_sources" in step:
        sources = [*(folder / "java_made/src/main").rglob("*.java"), *(folder / "annotations").rglob("*.java")]
        (folder / "java_sources").write_text("\n".join(map(str, sources)))
    (archive,) = (folder / "venv").rglob("openapi_generator_cli/openapi-generator.jar")
    places = {"b": folder / "node_modules/.bin", "v": folder / "venv/bin", "n": name, "j": archive}
    variables = {
        **os.environ, "OSTIARY_URL": f"http://127.0.0.1:{port}", "OSTIARY_API_KEY": key,
        "PICTURE": str(folder / "passport.jpg"), "PYTHONPATH": f"{folder}:{folder}/python_made",
        "PATH": f"{folder}/venv/bin:{os.environ['PATH']}",
    }  # fmt: skip
    line = step.format(**places).split()
    began = time.monotonic()
    try:
        done = subprocess.run(
            line, cwd=folder, env=variables, capture_output=True, text=True, timeout=STEP_S, check=False
        )
        output, status = done.stdout + done.stderr, done.returncode
    except (OSError, subprocess.TimeoutExpired) as problem:
        output, status = str(problem), 1
    if status:
        print(f"--- {name}: {' '.join(line)}\n{output[-3_000:]}", file=sys.stderr)
        return "no"
    return f"{time.monotonic() - began:.0f} s"


def _through_prism(folder: Path, service: Service) -> tuple[str, ...]:
    """prism stands between and breaks off what is not as the description says."""
    port = free_port()
    with _running_prism(folder, service, port):
        played = _done(_TSX, "openapi-typescript", folder, port, service.key)
    return ("prism", "as a proxy", "with `--errors`", played)


@contextmanager
def _running_prism(folder: Path, service: Service, port: int) -> Iterator[None]:
    upstream = f"http://127.0.0.1:{service.port}"
    prism = str(folder / "node_modules/.bin/prism")
    line = [prism, "proxy", "openapi.json", upstream, "--errors", "--port", str(port)]
    with (folder / "prism.log").open("w") as log:
        process = subprocess.Popen(line, cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + STEP_S
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(STEP_S)


if __name__ == "__main__":
    sys.exit(main())
