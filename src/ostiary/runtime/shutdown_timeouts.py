"""How long the end may take. Whoever kills what does not end has to wait longer than all of it together."""

from __future__ import annotations

PARTING_S = 25
"""At the end, requests that have begun may finish; a container is usually killed after 30 s."""
LEAVING_S = 5.0
"""So long a connection that is kept alive may come by for its last answer; one that is idle is closed then."""
SLACK_S = 10
"""For what comes after: handing messages back, closing connections to the database and to others."""
