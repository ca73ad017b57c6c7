"""What the entries of a chain say of rows, held against the rows that there are."""

from __future__ import annotations

import json

from ostiary.domain.audit.row_states import SaidOfRow


def test_an_operators_row_that_was_not_written_since_is_taken_as_it_is() -> None:
    """Versions before 0011 said nothing of it; from when it is written its values are held to."""
    chain = SaidOfRow()
    rows = {"operator 1": {"sealed content": "a", "role": "admin"}}
    assert list(chain.faults(rows)) == []
    chain.hear(json.dumps({"operator 1": {"role": "viewer"}}).encode(), 7, anew=False)
    assert list(chain.faults(rows)) == ["operator 1: role is admin, entry 7 says viewer"]
    assert list(SaidOfRow().faults({"document 1": {"status": "accepted"}})) != []
