"""Writes what is generated of the clients."""

from __future__ import annotations

from generation.writing import PACKAGE, TYPESCRIPT, generated, generated_typescript

if __name__ == "__main__":
    for folder, texts in ((PACKAGE, generated()), (TYPESCRIPT, generated_typescript())):
        for name, text in texts.items():
            (folder / name).write_text(text)
