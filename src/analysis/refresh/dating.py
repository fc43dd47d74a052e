"""The day on which an edition came out, as far as its server can be believed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.refresh.responses import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """The day, and why it is not the server's, if it is not."""

    day: str
    told: str = ""


def dated(fetched: Sequence[Fetched], floors: Iterable[str], today: str) -> Dating:
    """The day of the youngest file, unless one is undated or a day cannot be true.

    An edition cannot have come out before its last period began, before the edition that is
    pinned, or after today; such a day would make it count as known earlier than it was. `floors`
    are the first two, as ISO dates or their beginnings. The day of reading is never too early.
    """
    if not all(each.dated for each in fetched):
        return Dating(day=today)
    day = max(each.dated or "" for each in fetched)
    if day > today:
        return _doubted(day, f"lies after {today}", today)
    for floor in sorted(filter(None, floors), reverse=True):
        if day < floor:
            return _doubted(day, f"lies before {floor}, which the edition cannot", today)
    return Dating(day=day)


def _doubted(day: str, why: str, today: str) -> Dating:
    return Dating(day=today, told=f"the server's date {day} {why}: dated {today}, when it was read")
