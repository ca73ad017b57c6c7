"""A token of PKCS#11: SoftHSM, with a key that never leaves it, and a file that only the token can decrypt."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import missing

HOW = "a PKCS#11 token is needed for tests of the master key: apt-get install softhsm2 opensc"
PLACES = ("/usr/lib/softhsm/libsofthsm2.so", *map(str, Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")))
LABEL, PIN, KEY_ID = "ostiary", "1234", "01"
STEP_S = 60
SCRIPT = """#!/bin/sh
export SOFTHSM2_CONF={configuration}
exec /usr/bin/pkcs11-tool --module {module} --token-label {label} --login --pin {pin} --decrypt --id {key} \\
    --mechanism RSA-PKCS-OAEP --hash-algorithm SHA-1 --mgf MGF1-SHA1 --input-file {sealed}
"""


@dataclass
class Token:
    """One in a folder. `command` is what gives the content of `sealed`, decrypted by the token."""

    folder: Path
    module: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.module = next((place for place in PLACES if Path(place).exists()), "")
        if not self.module or not shutil.which("pkcs11-tool") or not shutil.which("softhsm2-util"):
            missing(HOW)
        (self.folder / "tokens").mkdir(parents=True)
        self._configuration.write_text(f"directories.tokendir = {self.folder}/tokens\nlog.level = ERROR\n")
        self._run("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "5678")
        self._tool("--login", "--pin", PIN, "--keypairgen", "--key-type", "rsa:2048", "--label", "master")
        self._tool("--read-object", "--type", "pubkey", "--output-file", self.folder / "public.der")

    @property
    def command(self) -> Path:
        return self.folder / "give"

    @property
    def _configuration(self) -> Path:
        return self.folder / "softhsm2.conf"

    def seal(self, text: str, pin: str = PIN) -> None:
        """From now on the command gives this text; with a wrong `pin` nothing."""
        plain, sealed = self.folder / "plain", self.folder / "sealed"
        plain.write_text(text)
        way = ("-pubin", "-keyform", "DER", "-inkey", self.folder / "public.der", "-pkeyopt", "rsa_padding_mode:oaep")
        self._run("openssl", "pkeyutl", "-encrypt", *way, "-in", plain, "-out", sealed)
        plain.unlink()
        words = {"configuration": self._configuration, "module": self.module, "sealed": sealed}
        self.command.write_text(SCRIPT.format(label=LABEL, pin=pin, key=KEY_ID, **words))
        self.command.chmod(stat.S_IRWXU)

    def _tool(self, *words: object) -> None:
        self._run("pkcs11-tool", "--module", self.module, "--token-label", LABEL, "--id", KEY_ID, *words)

    def _run(self, *words: object) -> None:
        environment = {**os.environ, "SOFTHSM2_CONF": str(self._configuration)}
        line = list(map(str, words))
        subprocess.run(line, env=environment, capture_output=True, timeout=STEP_S, check=True)
