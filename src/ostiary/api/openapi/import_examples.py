"""What is said of imports, with examples: a file, what becomes of it, and its faults."""

from __future__ import annotations

from typing import Any

IMPORT_ID = "5Yt2Lm8Kp4Wc0Hs6Vb3Nq9Xd1Zr7Gj2F"
HEAD = "row_key,first_name,last_name,email,birth_date,address.street_line1,address.city,address.country"
ROW = "1,Maria,Barber,mjuliabarber@example.com,1984-11-21,Florida 9860,Del Viso,ARG"
WRONG = "2,Joe,Public,joe@example.com,1.1.1980,Main St 1,Del Viso,ARG"
IMPORT_FILE = f"{HEAD}\n{ROW}\n{WRONG}\n"
IMPORT_SCHEMA: dict[str, Any] = {
    "type": "string",
    "description": "CSV in UTF-8, with commas or semicolons: a line for each client below the names of the columns.",
}
_WHY = "birth_date: birth_date must be a real date written YYYY-MM-DD"
_FAULTS = f"{HEAD},import_row,import_faults\r\n{WRONG},2,{_WHY}\r\n"
_ROWS = {"total": 2, "waiting": 0, "good": 1, "faulty": 1, "done": 0, "repeated": 0}
_IMPORT: dict[str, Any] = {
    "id": IMPORT_ID,
    "status": "checked",
    "rows": _ROWS,
    "created_at": "2026-04-15T10:30:00",
}
_CHECKING = {**_IMPORT, "status": "checking", "rows": {**_ROWS, "waiting": 2, "good": 0, "faulty": 0}}
_DONE = {**_IMPORT, "status": "done", "rows": {**_ROWS, "good": 0, "done": 1}, "ended_at": "2026-04-15T10:31:00"}
IMPORT_ANSWERS: dict[str, dict[str, Any]] = {
    "create_import": {"received": _CHECKING},
    "list_imports": {"page": [_DONE]},
    "read_import_template": {"template": f"{HEAD}\r\n"},
    "read_import": {"checked": _IMPORT, "done": _DONE},
    "read_import_faults": {"faults": _FAULTS},
    "start_import": {"started": {**_IMPORT, "status": "running"}},
    "cancel_import": {"cancelled": {**_IMPORT, "status": "cancelled", "ended_at": "2026-04-15T10:31:00"}},
}
