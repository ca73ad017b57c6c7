"""The sandbox company that `serve --sandbox` makes, and how to use it: six calls to paste.

Its keys are kept in a file of the data folder, because the database has only their hashes; a file that is there is
never written over.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.adapters.http_client.addresses import LOOPBACK
from ostiary.app import Installation
from ostiary.cli.commands.companies import create_company, create_key
from ostiary.cli.hosted.trying import page_link
from ostiary.cli.operators.accounts import link_address
from ostiary.cli.sandbox_welcome import FILE_NAME, PAGE_NAME, console_words, page_words, tour
from ostiary.domain.companies.company import Caller, Environment, is_within
from ostiary.domain.errors import Refused, Unauthorized
from ostiary.runtime.terminal.printing import say
from ostiary.usecases.companies.companies import authenticate
from ostiary.usecases.operators.directory import OPERATOR_LEVEL, house, sandbox_link
from ostiary.usecases.transaction import execute

COMPANY_NAME = "Sandbox"
LEVELS = (1, 3)
PAGE_SEED = 7
PAGE_NUMBER = "UT1234567"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 (what to call instead)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A company to try things with. `keys` are its secrets by level."""

    company_id: str
    keys: dict[int, str] = field(repr=False)


async def welcome(installation: Installation, host: str, port: int) -> None:
    """Makes the sandbox company on first use, and prints how to use it.

    Raises Refused for a file that does not fit, and beside a production company.
    """
    await _refuse_production(installation)
    folder = installation.settings.data_dir
    sandbox = await open_or_make(installation, folder / FILE_NAME)
    page = folder / PAGE_NAME
    if not page.exists():
        from ostiary.specimens.drawing import specimen

        _write_once(page, specimen(PAGE_SEED, number=PAGE_NUMBER))
    scenarios = installation.context.scenarios
    url = url_of(host, port)
    say(tour(url, sandbox.company_id, sandbox.keys, folder, sys.argv[0], scenarios))
    if page_url := await page_link(installation, sandbox.company_id, installation.settings.public_url or url):
        say(page_words(page_url))
    if link := await console_link(installation, host, url):
        say(console_words(link))


async def console_link(installation: Installation, host: str, url: str) -> str:
    """A link that signs in to the console once; none where others than this machine could use it, or it is off."""
    if not installation.settings.console or not is_within(host.replace("localhost", "127.0.0.1"), LOOPBACK):
        return ""
    caller = Caller(await house(installation.context), "operator:sandbox", OPERATOR_LEVEL)
    link = await execute(installation.context, caller, lambda: sandbox_link(installation.context, caller))
    return link_address(url, link.token)


async def open_or_make(installation: Installation, path: Path) -> Sandbox:
    """The company of the file, once it is known to be good, or a new one. Raises Refused."""
    if path.exists():
        sandbox = read(path)
        await _check(installation, sandbox, path)
        return sandbox
    company = await create_company(installation, COMPANY_NAME, Environment.SANDBOX, None, "operator:sandbox")
    keys = {level: (await create_key(installation, company.id, level, (), "sandbox")).secret for level in LEVELS}
    text = json.dumps({"company_id": company.id, "keys": {str(level): key for level, key in keys.items()}}, indent=2)
    _write_once(path, text.encode() + b"\n")
    return read(path)  # of another process, if that was first


def read(path: Path) -> Sandbox:
    """What a file says. Raises Refused when that is not the form we write."""
    try:
        content = json.loads(path.read_text("utf-8"))
        keys = {int(level): str(key) for level, key in content["keys"].items()}
        sandbox = Sandbox(str(content["company_id"]), {level: keys[level] for level in LEVELS})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{path} cannot be read as a sandbox's keys. Move it away and start again.") from None
    return sandbox


def url_of(host: str, port: int) -> str:
    """How to call a service that listens there, from the same machine."""
    near = _EVERYWHERE.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


async def _refuse_production(installation: Installation) -> None:
    """A sandbox prints keys and invites to play: not where real clients are."""
    production = [
        company.name for company in await installation.context.storage.companies.every() if not company.is_sandbox
    ]
    if production:
        raise Refused(
            f"This data folder holds the production company {production[0]}: serve it without --sandbox, "
            "or try things in another folder (OSTIARY_DATA_DIR)."
        )


async def _check(installation: Installation, sandbox: Sandbox, path: Path) -> None:
    """Keys can be revoked, and a database replaced under the file: say so now rather than with a 401 later."""
    for level, key in sandbox.keys.items():
        try:
            caller = await authenticate(installation.context, key, "127.0.0.1")
        except Unauthorized:
            caller = None
        if caller is None or (caller.company.id, caller.level) != (sandbox.company_id, level):
            raise Refused(
                f"The level {level} key in {path} is no good key of this database: it was revoked, or the file belongs "
                "to another database. Move the file away and start again; a new sandbox company is made."
            )


def _write_once(path: Path, content: bytes) -> None:
    """Durably, readable by the owner only, wholly or not at all; never over an existing file."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)  # of a process that ended here, and whose number we have now
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(fresh, path)  # fails, rather than replaces, when another process was first
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)  # a new name is durable only once its folder is
    finally:
        os.close(folder)
