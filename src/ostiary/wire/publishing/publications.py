"""Publications of catalogues, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.catalogue_changes.publications import Publication
from ostiary.domain.times import format_timestamp


def publication_answer(publication: Publication, current: Publication | None) -> Mapping[str, object]:
    """`current` is the one in force."""
    return {
        "publication_id": publication.id,
        "version": publication.version,
        "state": publication.state.value,
        "is_in_force": current is not None and current.id == publication.id,
        "from": format_timestamp(publication.from_ms),
        "published_at": format_timestamp(publication.at_ms),
        "author": publication.author,
        "approver": publication.approver,
        "note": publication.note,
    }
