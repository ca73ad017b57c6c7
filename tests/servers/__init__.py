"""Real servers for tests: started on free ports of the loopback, in temporary folders, ended by their process id.

Where one is not installed, what needs it is skipped and the summary says how to install it; with SKIP_NOTHING in the
environment, as in `.ci/run`, it fails.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


class Missing(Exception):
    """What has to be installed."""


def missing(how: str) -> NoReturn:
    """Ends the test that needs it."""
    if os.environ.get("SKIP_NOTHING"):
        raise Missing(how)
    pytest.skip(how)
