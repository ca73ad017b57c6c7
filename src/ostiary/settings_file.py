"""A file of settings that every command reads, so that a shell and the service agree on which installation is meant.

Lines of NAME=value, as systemd's EnvironmentFile and Compose's env_file take them too. What is in the environment goes
before what is in the file. Names that are not ours, such as a store's credentials, become part of the environment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path

from ostiary.settings import SETTINGS_FILE, SETTINGS_FILE_DEFAULT, SettingInvalid

MOST_BYTES = 65_536
"""Of the file: a few dozen lines are a few kB."""
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_QUOTES = "\"'"


def with_file(environment: MutableMapping[str, str] | None = None) -> Mapping[str, str]:
    """The environment (this process's), with what the file says where it says nothing; without a file, as it is.

    Raises SettingInvalid for a file that was named and is not there, one that cannot be read, and a line of another
    form.
    """
    environment = os.environ if environment is None else environment
    named = environment.get(SETTINGS_FILE, "").strip()
    path = Path(named or SETTINGS_FILE_DEFAULT).expanduser()
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        if named:
            raise SettingInvalid(f"{SETTINGS_FILE} names {path}, which does not exist") from None
        return environment
    except OSError as problem:
        why = f"{path} cannot be read: {problem.strerror}. Run this as the user that the service runs as"
        raise SettingInvalid(why) from None
    if len(content) > MOST_BYTES:
        raise SettingInvalid(f"{path} is no file of settings: it has more than {MOST_BYTES} bytes")
    try:
        given = dict(_read(content.decode("utf-8-sig"), path))
    except UnicodeDecodeError:
        raise SettingInvalid(f"{path} is no file of settings: it is not UTF-8") from None
    for name, value in given.items():
        if not name.startswith("OSTIARY_"):
            environment.setdefault(name, value)
    return {**given, **environment}


def _read(text: str, path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not _NAME.fullmatch(name):
            raise SettingInvalid(f"{path}:{number}: a line is NAME=value, or begins with #")
        if name == SETTINGS_FILE:
            raise SettingInvalid(f"{path}:{number}: {SETTINGS_FILE} is for the environment, not for the file it names")
        if value[:1] in _QUOTES and value:
            if len(value) < len("''") or value[-1] != value[0] or value[0] in value[1:-1]:
                raise SettingInvalid(f"{path}:{number}: the quotes around the value of {name} do not match")
            value = value[1:-1]
        if value.endswith("\\"):
            raise SettingInvalid(f"{path}:{number}: the value of {name} ends in \\, and a value has one line only")
        yield name, value


def is_there(path: Path) -> bool:
    """Whether a file of settings is read, for what is said about it."""
    return os.path.isfile(path)
