"""Firefox as a distribution ships it, driven by the protocol that it speaks itself (Marionette, which geckodriver too
translates to): lengths and JSON over a socket of loopback. Firefox waits for pages to load, and clicks as a person
does: what is hidden or covered cannot be clicked.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE_S = 60
"""On a busy machine; nothing waits so long that ends as it should."""
PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name that WebDriver gives to what refers to an element (W3C WebDriver, 12.2)."""


@dataclass(slots=True)
class Firefox:
    """One window. Elements are found by XPath, and waited for."""

    line: socket.socket
    answers: BufferedReader = field(init=False)
    asked: int = 0

    def __post_init__(self) -> None:
        self.answers = self.line.makefile("rb")
        self._answer()  # it says first who it is

    def call(self, name: str, **parameters: object) -> Any:
        """Raises AssertionError with what Firefox says instead, and what stands on the page."""
        fault, answer = self._asked(name, parameters)
        if fault is not None:
            shown = self._asked("WebDriver:ExecuteScript", {"script": "return document.body.innerText", "args": []})
            raise AssertionError(f"{name}: {fault['message']} {shown}")
        return answer.get("value") if isinstance(answer, dict) and "value" in answer else answer

    def _asked(self, name: str, parameters: Mapping[str, object]) -> tuple[Any, Any]:
        """A fault, or else an answer."""
        self.asked += 1
        sent = json.dumps([0, self.asked, name, parameters]).encode()
        self.line.sendall(b"%d:%s" % (len(sent), sent))
        _, number, fault, answer = self._answer()
        assert number == self.asked
        return fault, answer

    def _answer(self) -> Any:
        length = b""
        while (byte := self.answers.read(1)) not in (b":", b""):
            length += byte
        return json.loads(self.answers.read(int(length)))

    def open(self, address: str) -> None:
        self.call("WebDriver:Navigate", url=address)

    def find(self, path: str) -> dict[str, str]:
        element: dict[str, str] = self.call("WebDriver:FindElement", using="xpath", value=path)
        return element

    def press(self, name: str) -> None:
        """A button or a link that begins with these words."""
        [element] = self.find(
            f"//*[self::button or self::a][not(@hidden)][starts-with(normalize-space(), {name!r})]"
        ).values()
        self.call("WebDriver:ElementClick", id=element)

    def type(self, name: str, text: str) -> None:
        """Into the field of that name, after what stands there is gone; for a file, its path."""
        [element] = self.find(f"//*[@name={name!r}][not(@type='hidden')]").values()
        if not text.startswith("/"):
            self.call("WebDriver:ElementClear", id=element)
        self.call("WebDriver:ElementSendKeys", id=element, text=text)

    def sees(self, text: str) -> None:
        """Waits for an element that has this text, and is shown."""
        has = f"contains(normalize-space(), {text!r})"
        [element] = self.find(f"//main//*[{has}][not(*[{has}])]").values()
        assert self.call("WebDriver:IsElementDisplayed", id=element), text

    def run(self, script: str, *arguments: object) -> Any:
        """What a script answers, beside the page's own and whatever its policy of content."""
        return self.call("WebDriver:ExecuteScript", script=script, args=arguments)

    def run_until_done(self, script: str) -> Any:
        """The same of a script that calls its last argument when it is done."""
        return self.call("WebDriver:ExecuteAsyncScript", script=script, args=[])

    def prefer(self, **preferences: bool) -> None:
        """Settings (`javascript__enabled`) for the pages that are opened from now on."""
        self.call("Marionette:SetContext", value="chrome")
        for name, value in preferences.items():
            words = [name.replace("__", "."), value]
            self.call("WebDriver:ExecuteScript", script="Services.prefs.setBoolPref(...arguments)", args=words)
        self.call("Marionette:SetContext", value="content")


@contextmanager
def firefox(language: str, size: tuple[int, int]) -> Iterator[Firefox]:
    """A new Firefox with a folder of its own, ended afterwards. `size` in pixels of what is outside."""
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as folder:
        chosen = {**PREFERENCES, "intl.accept_languages": language}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in chosen.items()]
        (Path(folder) / "user.js").write_text("\n".join(lines))
        words = ["--headless", "--marionette", "--no-remote", "--remote-allow-system-access", "--profile", folder]
        process = subprocess.Popen([str(FIREFOX), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with socket.create_connection(("127.0.0.1", _port(process, Path(folder))), PATIENCE_S) as line:
                browser = Firefox(line)
                browser.call("WebDriver:NewSession", timeouts={"implicit": PATIENCE_S * 1_000 // 2})
                browser.call("WebDriver:SetWindowRect", width=size[0], height=size[1])
                yield browser
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _port(process: subprocess.Popen[bytes], folder: Path) -> int:
    """Where it listens, which it writes into its folder."""
    file, deadline = folder / "MarionetteActivePort", time.monotonic() + PATIENCE_S
    while not file.exists() or not file.read_text():
        assert process.poll() is None, "Firefox has ended"
        assert time.monotonic() < deadline, "Firefox does not listen"
        time.sleep(0.05)
    return int(file.read_text())
