"""`family` and `level` of a product: both or none, and each level of a family once."""

from __future__ import annotations

from ostiary.adapters.config.entries import ID_FORM, FileEntry

HIGHEST_LEVEL = 20
"""More steps than any programme of limits has; a larger number is a limit in the wrong place."""
LEVEL_KEYS = ("family", "level")
Levels = dict[tuple[str, int], str]
"""Which product has a level of a family, of those read so far."""


def read_level(entry: FileEntry, product: str, levels: Levels) -> tuple[str, int]:
    """The family and the level of a product, which is noted in `levels`; an empty name and 0 where it has none."""
    family, level = entry.text("family"), entry.whole("level", 1, HIGHEST_LEVEL)
    given = [key for key in LEVEL_KEYS if entry.node(key) is not None]
    if len(given) == 1:
        [missing] = set(LEVEL_KEYS) - set(given)
        message = f"'{given[0]}' says nothing without '{missing}': give both, as family: cards and level: 2"
        entry.fault(given[0], "level_incomplete", message)
    if family is None or level is None:
        return "", 0
    if not ID_FORM.fullmatch(family):
        entry.fault("family", "bad_id", "an id has 1 to 64 lower-case letters, digits or underscores, a letter first")
    before = levels.setdefault((family, level), product)
    if before != product:
        entry.fault("level", "level_taken", f"'{before}' is level {level} of '{family}' already; each level once")
    return family, level
