"""When something was: dates as prose gives them, exact or counted from the day of the document."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.evidence.quantities import SMALL
from detente.evidence.windows import Span

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
SHORT = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTH = "|".join([*sorted(MONTHS, key=len, reverse=True), *sorted(SHORT, key=len, reverse=True)])
_NUMBER = "|".join(name for name, n in SMALL.items() if 0 < n < 13)
_THAT_WEEK = r"\s+(?:of\s+)?(?:last|next)\s+week\b"  # "on Friday of last week"
WHEN = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<dm>{_MONTH})\b\.?(?:,?\s+(?P<dy>(?:19|20)\d\d))?"
    rf"|(?P<md>{_MONTH})\b\.?\s+(?P<mdd>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:,\d{{3}}|people))(?:,?\s+(?P<mdy>(?:19|20)\d\d))?"
    rf"|(?:(?P<mwhich>last|next|this|in|since|until|by|of|early|late|mid)\s+)?(?P<m>{_MONTH})\b\.?(?:,?\s+(?P<my>(?:19|20)\d\d))?"
    rf"|(?:(?P<which>last|next|this|on|late on|early on)\s+)(?P<day>{'|'.join(DAYS)})\b(?P<dweek>{_THAT_WEEK})?"
    r"|(?P<span>last|next|this)\s+(?P<unit>year|month|week)\b"
    rf"|(?P<n>\d{{1,2}}|{_NUMBER}|an?)\s+(?P<ago>year|month|week|day)s?\s+(?:ago|earlier)\b"
    r"|(?P<rel>yesterday|today)\b"
    # The Good Friday accord was signed on no particular Friday.
    r"|(?<!good )(?<!bloody )(?<!black )(?<!easter )(?<!palm )(?<!holy )(?P<bare>"
    + "|".join(DAYS)
    + rf")\b(?P<bweek>{_THAT_WEEK})?"
    r"|(?<![\d.,$£€-])(?P<y>(?:19|20)\d\d)(?![\d%]|[.,]\d|-\d\d\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class When:
    """A date by the characters ``span``: ISO, cut to its precision ("day", "month" or "year"); ``how`` says what it rests on."""

    span: Span
    date: str
    precision: str
    how: str


def dates(text: str, start: int, end: int, day: dt.date | None) -> Iterator[When]:
    """The dates in a stretch of text, in order; what is counted from the day of the document needs `day`.

    >>> text = "The talks that opened on 22 January 2014 failed last year."
    >>> [(when.date, when.precision, when.how) for when in dates(text, 0, len(text), dt.date(2015, 3, 15))]
    [('2014-01-22', 'day', 'text'), ('2014', 'year', 'counted from the document')]
    """
    for found in WHEN.finditer(text, start, end):
        # "May" and "March" are also verbs; in lower case no month is meant.
        if (month := found["dm"] or found["md"] or found["m"]) and not month[0].isupper():
            continue
        if (
            found["m"]
            and found["m"].lower() in ("may", "march", "sat", "mar", "jan", "dec")
            and not (found["mwhich"] or found["my"])
        ):
            continue
        if (when := _when(found, day)) is not None:
            yield when


def _when(found: re.Match[str], day: dt.date | None) -> When | None:
    if found["y"]:
        return When(found.span("y"), found["y"], "year", "text")
    for names in (("d", "dm", "dy"), ("mdd", "md", "mdy")):
        if found[names[0]]:
            return _full(found, *names, day)
    if found["m"]:
        return _month(found, day)
    return _counted(found, day) if day else None


def _full(found: re.Match[str], d: str, m: str, y: str, day: dt.date | None) -> When | None:
    month = _number(found[m])
    if found[y]:
        year, how = int(found[y]), "text"
    elif day:
        year, how = _nearest_year(day, month, int(found[d])), "text, year from the document"
    else:
        return None
    try:
        return When(found.span(), dt.date(year, month, int(found[d])).isoformat(), "day", how)
    except ValueError:
        return None


def _month(found: re.Match[str], day: dt.date | None) -> When | None:
    month = _number(found["m"])
    if found["my"]:
        return When(found.span(), f"{found['my']}-{month:02d}", "month", "text")
    if day is None:
        return None
    year = day.year
    which = (found["mwhich"] or "").lower()
    if which == "next":
        year += month <= day.month
    elif which == "last":
        year -= month >= day.month
    elif which != "this":
        year = _nearest_year(day, month, 1)
    return When(found.span(), f"{year}-{month:02d}", "month", "text, year from the document")


def _nearest_year(day: dt.date, month: int, number: int) -> int:
    """The year in which a day without one is nearest: up to three months ahead, else the last."""
    ahead = (month - day.month) + (number > day.day and month == day.month) * 0
    return day.year + (1 if ahead <= -9 else 0) - (1 if ahead > 3 else 0)


def _counted(found: re.Match[str], day: dt.date) -> When | None:
    how = "counted from the document"
    span = found.span()
    if found["day"] or found["bare"]:
        which = (found["which"] or "on").lower()
        weekday = DAYS[(found["day"] or found["bare"]).lower()]
        if week := found["dweek"] or found["bweek"]:
            step = -7 if "last" in week.lower() else 7
            when = day + dt.timedelta(days=step + weekday - day.weekday())
            return When(span, when.isoformat(), "day", how)
        back = (day.weekday() - weekday) % 7
        if which == "next":
            when = day + dt.timedelta(days=(7 - back) or 7)
        else:
            when = day - dt.timedelta(days=back or (7 if which == "last" else 0))
        return When(span, when.isoformat(), "day", how)
    if found["rel"]:
        when = day - dt.timedelta(days=found["rel"].lower() == "yesterday")
        return When(span, when.isoformat(), "day", how)
    if found["span"]:
        step = {"last": -1, "this": 0, "next": 1}[found["span"].lower()]
        return _stepped(span, day, step, found["unit"].lower(), how)
    word = found["n"].lower()
    number = int(word) if word.isdigit() else SMALL.get(word, 1)
    return _stepped(span, day, -number, found["ago"].lower(), how)


def _stepped(span: Span, day: dt.date, step: int, unit: str, how: str) -> When | None:
    if unit == "year":
        return When(span, f"{day.year + step:04d}", "year", how)
    if unit == "month":
        at = day.year * 12 + day.month - 1 + step
        return When(span, f"{at // 12:04d}-{at % 12 + 1:02d}", "month", how)
    when = day + dt.timedelta(days=step * (7 if unit == "week" else 1))
    if unit == "week":  # a week is no precision that a scenario has: the month holds it
        return When(span, when.isoformat()[:7], "month", how)
    return When(span, when.isoformat(), "day", how)


def _number(name: str) -> int:
    return MONTHS.get(name.lower()) or SHORT[name.lower()]
