"""Figures of review, drawn and as a table."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer, Page
from ostiary.console.charts import Chart, Column, chart_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.review.figures import Figures, Period
from ostiary.domain.times import HOUR_MS, format_timestamp
from ostiary.usecases.review.figures import WEEKS
from ostiary.usecases.review.figures import figures as figures_for


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The last quarter, of all companies and products or of those that the address names."""
    company_id, product = request.query.text("company"), request.query.text("product")
    view = await figures_for(console.context, request.operator, company_id, product)
    values = {
        "view": view,
        "figures": view.figures,
        "product": product,
        "company_id": company_id,
        "weeks": WEEKS,
        "ends": _ends(view.figures),
        "waits": _waits(view.figures),
        "most": max((count for _, count in view.figures.reasons), default=1),
    }
    return Page(template="figures.html", title="Figures", values=values)


def _ends(figures: Figures) -> Chart:
    """How submissions ended, week by week."""
    return chart_of(
        [
            Column(
                _day(week),
                [
                    (kind, getattr(week, kind), f"{_week(week)}: {getattr(week, kind)} {kind}")
                    for kind in ("enabled", "returned", "rejected")
                ],
            )
            for week in figures.weeks
        ]
    )


def _waits(figures: Figures) -> Chart:
    """How long half of them waited, in hours."""
    hours = [(week, (week.waits.p50_ms or 0) / HOUR_MS) for week in figures.weeks]
    return chart_of(
        [Column(_day(week), [("wait", wait, f"{_week(week)}: {wait:.1f} hours")]) for week, wait in hours], unit=" h"
    )


def _day(week: Period) -> str:
    """`04-13`: a Monday."""
    return format_timestamp(week.starts_at_ms)[5:10]


def _week(week: Period) -> str:
    return f"week from {format_timestamp(week.starts_at_ms)[:10]}"
