"""What an index can be told, checked once, and the defaults that go with each length of period."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from pressgauge.errors import OptionError

from .periods import Unit, ordinal, period_of, precise_enough

Rule: TypeAlias = Literal["share", "standardised", "intensity"]
Range: TypeAlias = tuple[int, int]

# Of each length of period: smoothed over, compared with by spikes, needed in the base if standardised.
_SMOOTH: Mapping[Unit, int] = {"day": 7, "week": 4, "month": 3, "quarter": 4, "year": 3}
_WINDOW: Mapping[Unit, int] = {"day": 28, "week": 26, "month": 12, "quarter": 8, "year": 5}
_MIN_BASE: Mapping[Unit, int] = {"day": 30, "week": 12, "month": 12, "quarter": 8, "year": 5}


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """The options of an index; those that are None take the default of the length of period."""

    by: Unit = "month"
    group: str | None = None
    rule: Rule = "share"
    base: str | None = None
    span: str | None = None
    min_hits: int = 1
    min_docs: int = 30
    min_base: int | None = None
    smooth: int | None = None
    window: int | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no index."""
        for name, value, known in (("by", self.by, get_args(Unit)), ("rule", self.rule, get_args(Rule))):
            if value not in known:
                raise OptionError(f"{name} cannot be {value!r}", hint=f"one of {', '.join(known)}")
        for name, least in (("min_hits", 1), ("min_docs", 0), ("min_base", 2), ("smooth", 1), ("window", 3)):
            number = getattr(self, name)
            if number is not None and (not isinstance(number, int) or number < least):
                raise OptionError(f"{name} must be a whole number from {least}, not {number!r}")
        self.range("base")
        self.range("span")

    def range(self, name: Literal["base", "span"]) -> Range | None:
        """Give the first and the last period of a range written as FROM:TO."""
        text = getattr(self, name)
        if text is None:
            return None
        start, colon, end = text.partition(":")
        found = [period_of(_first(start), self.by), period_of(_last(end), self.by)] if colon else [None]
        if None in found or not precise_enough(start, end):
            raise OptionError(f"{name} must be FROM:TO, as in 2000-01:2019-12, not {text!r}")
        first, last = (ordinal(period, self.by) for period in found if period)
        if last < first:
            raise OptionError(f"{name} {text} ends before it begins")
        return first, last

    @property
    def smoothed_over(self) -> int:
        """How many periods the smoothed column takes the mean of."""
        return self.smooth or _SMOOTH[self.by]

    @property
    def compared_with(self) -> int:
        """How many periods before it a period is compared with."""
        return self.window or _WINDOW[self.by]

    @property
    def needed_in_base(self) -> int:
        """In how many periods of the base a source must appear for the standardised rule."""
        return self.min_base or _MIN_BASE[self.by]


def _first(text: str) -> str:
    return {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)


def _last(text: str) -> str:
    """Give the last day of a year or month that stands for all of it."""
    return {4: f"{text}-12-31", 7: f"{text}-28"}.get(len(text), text)
