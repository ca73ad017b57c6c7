"""Writes what is generated of the Python client."""

from __future__ import annotations

from generation.writing import PACKAGE, generated

if __name__ == "__main__":
    for name, text in generated().items():
        (PACKAGE / name).write_text(text)
