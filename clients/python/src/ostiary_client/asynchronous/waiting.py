"""Waiting and work beside the event loop. The plain client has a module of the same name."""

from __future__ import annotations

import asyncio

pause = asyncio.sleep
aside = asyncio.to_thread
