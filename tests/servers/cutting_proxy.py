"""A TCP proxy that breaks the line at a chosen moment: when something certain is first sent through it.

`before`: what is sent then never arrives. `during`: it arrives, and both ends are cut at once. `after`: it arrives, is
answered, the answer is lost, and the caller hears of it when the server is done. `silent`: nothing passes any more, in
either direction, and nobody is told.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["pass", "before", "during", "after", "silent"]
PIECE, END_S = 65_536, 5
COMMITTED_S = 1.0
"""Long enough for a server to have done what it was sent."""


@dataclass
class CuttingProxy:
    """Passes everything on to a port until `cut_at` is called; what was cut is in `cuts`."""

    target: int
    port: int = 0
    mode: Mode = "pass"
    mark: bytes = b""
    cuts: list[Mode] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    lines: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)
    is_alone: bool = False
    unheard: list[socket.socket] = field(default_factory=list)
    """Ends whose answers get through no more."""

    def cut_at(self, mark: bytes, mode: Mode) -> None:
        """The next time `mark` is sent, once; `silent` from then on until `heal`."""
        self.mark, self.mode = mark, mode

    def heal(self) -> None:
        """Lines are passed on again; those that were silent are cut."""
        was_silent = self.mode == "silent" and bool(self.cuts)
        self.mode = "pass"
        if was_silent:
            self.cut_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """As if what it passes lines on to had ended meanwhile: those that are open are cut, and none is passed on."""
        self.is_alone = True
        self.cut_all()
        try:
            yield
        finally:
            self.is_alone = False

    def cut_all(self) -> None:
        for connection in (end for line in self.lines for end in line):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nothing is left of it."""
        self.cut_all()
        for thread in self.threads:
            thread.join(END_S)
        for connection in (end for line in self.lines for end in line):
            connection.close()

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            try:
                if self.is_alone:
                    raise ConnectionRefusedError
                called = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                caller.close()
                continue
            called.settimeout(None)
            self.lines.append((caller, called))
            for line in ((caller, called, True), (called, caller, False)):
                self.threads.append(threading.Thread(target=self._pass_on, args=line, daemon=True))
                self.threads[-1].start()

    def _pass_on(self, come_from: socket.socket, go_to: socket.socket, is_request: bool) -> None:
        with suppress(OSError):
            while piece := come_from.recv(PIECE):
                if (self.mode == "silent" and self.cuts) or come_from in self.unheard:
                    continue
                if is_request and self.mode != "pass" and self.mark in piece:
                    if not self._cut(piece, come_from, go_to):
                        continue
                    break
                go_to.sendall(piece)
        for connection in (come_from, go_to):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _cut(self, piece: bytes, caller: socket.socket, called: socket.socket) -> bool:
        """Whether the line is over."""
        mode = self.mode
        self.cuts.append(mode)
        if mode == "silent":
            return False
        self.mode = "pass"
        if mode == "before":
            return True
        if mode == "after":
            self.unheard.append(called)
        called.sendall(piece)
        if mode == "after":
            self._pass_on_the_rest(caller, called)
        return True

    def _pass_on_the_rest(self, caller: socket.socket, called: socket.socket) -> None:
        """Until the server is done. Who heard of the cut before would let go of what the server is about to check."""
        end = time.monotonic() + COMMITTED_S
        while (remaining := end - time.monotonic()) > 0:
            if not select.select([caller], [], [], remaining)[0]:
                return
            if not (piece := caller.recv(PIECE)):
                return
            called.sendall(piece)


@contextmanager
def cutting(target: int) -> Iterator[CuttingProxy]:
    """A proxy before a port of the loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = CuttingProxy(target, listening.getsockname()[1])
        serving = threading.Thread(target=proxy.serve, args=(listening,), daemon=True)
        serving.start()
        try:
            yield proxy
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            serving.join(END_S)
            proxy.close()
