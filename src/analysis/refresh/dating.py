"""The publication day of an edition, from the dates of its server where they are plausible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.refresh.responses import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """The day; `note` says why it is not the server's."""

    day: str
    note: str = ""


def dated(fetched: Sequence[Fetched], earliest_days: Iterable[str], today: str) -> Dating:
    """The day of the youngest file, unless one is undated or a day cannot be true.

    An edition cannot have come out before its last period began, before the edition that is
    pinned, or after today; such a day would make it count as known earlier than it was.
    `earliest_days` are the first two, as ISO dates or their beginnings. The day of reading is never
    too early.
    """
    if not all(each.dated for each in fetched):
        return Dating(day=today)
    day = max(each.dated or "" for each in fetched)
    if day > today:
        return _day_of_reading(day, f"lies after {today}", today)
    for earliest in sorted(filter(None, earliest_days), reverse=True):
        if day < earliest:
            return _day_of_reading(day, f"lies before {earliest}, which the edition cannot", today)
    return Dating(day=day)


def _day_of_reading(day: str, why: str, today: str) -> Dating:
    return Dating(day=today, note=f"the server's date {day} {why}: dated {today}, when it was read")
