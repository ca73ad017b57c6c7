"""Publications of catalogues, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.catalogue_changes.publications import Publication
from ostiary.domain.times import format_timestamp


def publication_answer(
    publication: Publication, *, is_in_force: bool = False, withdrawal_asked_by: str | None = None
) -> Mapping[str, object]:
    """`withdrawal_asked_by` wants it withdrawn, if anybody does."""
    return {
        "publication_id": publication.id,
        "version": publication.version,
        "state": publication.state.value,
        "is_in_force": is_in_force,
        "from": format_timestamp(publication.from_ms),
        "published_at": format_timestamp(publication.at_ms),
        "author": publication.author,
        "approver": publication.approver,
        "withdrawal_asked_by": withdrawal_asked_by,
        "note": publication.note,
    }
