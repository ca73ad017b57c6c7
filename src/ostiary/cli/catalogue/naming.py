"""Which catalogue is meant: a file, a version that is kept, or the one in force."""

from __future__ import annotations

import re
from pathlib import Path

from ostiary.adapters.config import catalogue_file
from ostiary.app import Installation, catalogue_in_force, opened
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.errors import InvalidRequest, NotFound
from ostiary.settings import Settings

CURRENT = "current"
LEAST_DIGITS = 8
"""Of a version: 32 bits are enough to tell the few that one installation keeps apart, and can still be read out."""
_VERSION = re.compile(f"[0-9a-f]{{{LEAST_DIGITS},32}}")


def catalogue_named(settings: Settings, name: str, *, is_declared: bool = False) -> Catalogue:
    """A kept version comes with what the one in force wants of all, or (`is_declared`) as it was published.

    Raises CatalogueInvalid with every fault of a file, NotFound for a version that is not kept, InvalidRequest.
    """
    if name == CURRENT:
        return catalogue_in_force(settings)
    if not Path(name).exists() and _VERSION.fullmatch(name):
        with opened(settings) as installation:
            catalogues, version = installation.catalogues, kept_version(installation, name)
            return catalogues.declared(version) if is_declared else catalogues[version]
    return catalogue_file.load(Path(name))


def kept_version(installation: Installation, name: str) -> str:
    """The one version in force, or that begins so. Raises NotFound, InvalidRequest where several do."""
    if name == CURRENT:
        return installation.context.catalogues.current.version
    versions = [each for each in installation.store.installation.catalogue_versions() if each.startswith(name)]
    if len(versions) > 1:
        raise InvalidRequest(f"{len(versions)} versions begin with {name}; name more of its digits.")
    if not versions or not _VERSION.fullmatch(name):
        raise NotFound(f"No version that begins with {name} is kept; `ostiary catalogue history` lists them.")
    return versions[0]
