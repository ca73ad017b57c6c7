"""One target under atheris: `python -m tests.fuzz.harness zones -max_total_time=60 [corpus]`.

The arguments after the target's name are libFuzzer's. Ends with a code other than 0 when the target raises.
"""

from __future__ import annotations

import sys


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["ostiary"]):
        from tests.fuzz.targets import TARGETS

    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
