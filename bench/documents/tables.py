"""The figures as tables, and those with a target as results."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from bench.documents.degradations import SENT_BACK
from bench.documents.others import Other
from bench.documents.sending_back import Fate
from bench.documents.truth import Judged
from bench.results import Result, table

AS_THEY_ARE = "as they are"
RIGHT_LEAST, RIGHT_DEGRADED_LEAST = 0.94, 0.90
MEDIAN_MOST_MS, P95_MOST_MS, EACH_MOST_MS = 220.0, 1_000.0, 5_000.0
MEMORY_MOST_MB = 370.0
"""Of the reader; the worker beside it has some 80 MB, and both together shall stay below 450."""


def right(found: Sequence[Judged], valid: Sequence[bool]) -> float:
    """The share of pictures with valid printed digits whose key fields are right."""
    counted = [one.right for one, is_valid in zip(found, valid, strict=True) if is_valid]
    return sum(counted) / len(counted)


def p95(found: Sequence[Judged]) -> float:
    return sorted(one.ms for one in found)[round(0.95 * (len(found) - 1))]


def results(
    found: Mapping[str, Sequence[Judged]], valid: Mapping[str, Sequence[bool]], fates: Mapping[str, Sequence[Fate]],
    passes: Sequence[tuple[bool, int, int]], certain: Sequence[tuple[float, bool]], most_mb: float,
) -> list[Result]:  # fmt: skip
    plain = found[AS_THEY_ARE]
    made = [
        Result("read right, as they are", "", right(plain, valid[AS_THEY_ARE]), at_least=RIGHT_LEAST),
        Result("wrong but valid, as they are", "", sum(one.wrong_but_valid for one in plain), at_most=0),
        Result("median", "ms", statistics.median(one.ms for one in plain), at_most=MEDIAN_MOST_MS),
        Result("95th percentile", "ms", p95(plain), at_most=P95_MOST_MS),
        Result("slowest of all", "ms", max(one.ms for each in found.values() for one in each), at_most=EACH_MOST_MS),
        Result("peak memory of the reader", "MB", most_mb, at_most=MEMORY_MOST_MB),
        Result("pass as printed", "", sum(one for one, _, _ in passes) / max(len(passes), 1)),
        Result(f"pass with a changed detail, of {sum(tried for _, tried, _ in passes):,}", "",
               sum(passed for _, _, passed in passes), at_most=0),
        Result("least certainty, right", "", min((one for one, is_right in certain if is_right), default=0)),
        Result("most certainty, wrong with valid digits", "",
               max((one for one, is_right in certain if not is_right), default=0)),
    ]  # fmt: skip
    for name, each in found.items():
        if name not in (AS_THEY_ARE, *SENT_BACK):
            made.append(Result(f"read right, {name}", "", right(each, valid[name]), at_least=RIGHT_DEGRADED_LEAST))
    explained = (Fate.READ, Fate.AT_INTAKE, Fate.RETURNED)
    for name, ended in fates.items():
        made.append(Result(f"neither read nor sent back with the cause, {name}", "",
                           sum(one not in explained for one in ended), at_most=0))  # fmt: skip
    return made


def shown(
    found: Mapping[str, Sequence[Judged]], valid: Mapping[str, Sequence[bool]], fates: Mapping[str, Sequence[Fate]],
    made: list[Result],
) -> Iterator[Table]:  # fmt: skip
    drawn = Table(title="Reading", title_justify="left")
    for heading in ("", "pictures", "right", "names exact", "wrong but valid", "median ms", "p95 ms"):
        drawn.add_column(heading, justify="left" if not heading else "right")
    for name, each in found.items():
        drawn.add_row(name, *_figures(each, valid[name]))
    yield drawn
    if fates:
        back = Table(title="What nobody need read", title_justify="left")
        for heading in ("", *Fate):
            back.add_column(str(heading), justify="left" if not heading else "right")
        for name, ended in fates.items():
            counted = Counter(ended)
            back.add_row(name, *(str(counted[one]) for one in Fate))
        yield back
    yield table(made)


def beside(found: Mapping[str, Sequence[Judged]], valid: Sequence[bool], peers: Sequence[Other]) -> Table:
    absent = {one.name: one.absent for one in peers if one.absent}
    drawn = Table(title="Beside others, as they are", title_justify="left")
    for heading in ("", "pictures", "right", "names exact", "wrong but valid", "median ms", "p95 ms"):
        drawn.add_column(heading, justify="left" if not heading else "right")
    for name, each in found.items():
        if name in absent:
            drawn.add_row(name, f"not measured: {absent[name][:60]}")
        else:
            drawn.add_row(name, *_figures(each, valid))
    return drawn


def _figures(found: Sequence[Judged], valid: Sequence[bool]) -> Iterator[str]:
    yield str(len(found))
    yield f"{right(found, valid):.3f}"
    yield f"{sum(one.names for one in found) / len(found):.3f}"
    yield str(sum(one.wrong_but_valid for one in found))
    yield f"{statistics.median(one.ms for one in found):.0f}"
    yield f"{p95(found):.0f}"
