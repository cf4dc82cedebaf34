"""Periods: which one a date falls in, what number it has, and what it is called."""

from datetime import date as Date  # noqa: N812 - `date` is what everything here is called
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["day", "week", "month", "quarter", "year"]

# How many characters of an ISO date a period needs.
_NEEDED = {"day": 10, "week": 10, "month": 7, "quarter": 7, "year": 4}


def period_of(date: str | None, unit: Unit) -> str | None:
    """Name the period of an ISO date: 2020-03-01, 2020-W09, 2020-03, 2020-Q1, 2020; None if too vague."""
    if not date or len(date) < _NEEDED[unit] or not date[:4].isdigit():
        return None
    if unit == "year":
        return date[:4]
    try:
        day = Date.fromisoformat(date[:10] if len(date) >= 10 else f"{date[:7]}-01")
    except ValueError:
        return None
    if unit == "day":
        return date[:10]
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return date[:7] if unit == "month" else f"{date[:4]}-Q{(day.month + 2) // 3}"


def ordinal(period: str, unit: Unit) -> int:
    """Give the number of a period; the next one has the next number."""
    year = int(period[:4])
    if unit == "day":
        return Date.fromisoformat(period).toordinal()
    if unit == "week":
        return Date.fromisocalendar(year, int(period[6:]), 1).toordinal() // 7
    if unit == "month":
        return year * 12 + int(period[5:7]) - 1
    return year * 4 + int(period[6:]) - 1 if unit == "quarter" else year


def name_of(number: int, unit: Unit) -> str:
    """Name the period of a number."""
    if unit == "day":
        return Date.fromordinal(number).isoformat()
    if unit == "week":
        # Ordinal 1 is a Monday, so a week's Monday is its number times seven and one.
        year, week, _ = Date.fromordinal(number * 7 + 1).isocalendar()
        return f"{year:04}-W{week:02}"
    if unit == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return f"{number // 4:04}-Q{number % 4 + 1}" if unit == "quarter" else f"{number:04}"


def precise_enough(*texts: str) -> bool:
    """Tell whether texts are a year, a month or a day."""
    return all(len(text) in (4, 7, 10) for text in texts)
