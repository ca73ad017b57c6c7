"""Figures of review, drawn and as a table."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.charts import Chart, Column, chart_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.review.figures import Figures, Period
from ostiary.domain.times import HOUR_MS
from ostiary.html.answers import Page
from ostiary.languages.language import Language
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
        "ends": _ends(view.figures, request.language),
        "waits": _waits(view.figures, request.language),
        "most": max((count for _, count in view.figures.reasons), default=1),
    }
    return Page(template="figures.html", title="Figures", values=values)


def _ends(figures: Figures, language: Language) -> Chart:
    """How submissions ended, week by week."""
    return chart_of(
        [
            Column(
                language.short_day(week.starts_at_ms),
                [
                    (kind, getattr(week, kind), _bar(week, f"{language.number(getattr(week, kind))} {name}", language))
                    for kind, name in ((kind, language.pattern(kind)) for kind in ("enabled", "returned", "rejected"))
                ],
            )
            for week in figures.weeks
        ],
        language.number,
    )


def _waits(figures: Figures, language: Language) -> Chart:
    """How long half of them waited, in hours."""
    hours = [(week, (week.waits.p50_ms or 0) / HOUR_MS) for week in figures.weeks]
    columns = [
        Column(
            language.short_day(week.starts_at_ms),
            [("wait", wait, _bar(week, language.gettext("%(hours)s hours", hours=language.decimal(wait)), language))],
        )
        for week, wait in hours
    ]
    return chart_of(columns, lambda value: f"{language.number(value)} h")


def _bar(week: Period, amount: str, language: Language) -> str:
    """`week from 13 Apr 2026: 7 enabled`"""
    return language.gettext("week from %(day)s: %(amount)s", day=language.day(week.starts_at_ms), amount=amount)
