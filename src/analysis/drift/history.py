"""The history of published changes: results/history.jsonl, one change of a claim a line.

Lines are only added. A line that repeats the last state of a claim is not written, so an
interrupted publication can be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.drift.comparison import Drift
from analysis.errors import AnalysisError
from analysis.project import write_atomically
from analysis.verdicts.code_table import CODES

if TYPE_CHECKING:
    from analysis.project import Project

NAME = "history.jsonl"
VERDICT, ESTIMATE = "verdict", "estimate"
TEXTS = ("date", "claim", "kind", "cause")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One published change; `before` and `after` have both verdicts and the estimate.

    None stands for a claim that was not listed. `kind` is verdict where a code or its certainty
    changed, else estimate.
    """

    date: str
    claim: str
    kind: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    cause: str


def entries(
    drift: Drift, before: Mapping[str, Any], after: Mapping[str, Any], day: date
) -> list[HistoryEntry]:
    """The changes of verdicts and estimates in a drift between two results files, in its order."""
    old, new = ({each["id"]: each for each in side["claims"]} for side in (before, after))
    whys = {each.claim: each.why for each in reversed(drift.movements)}
    found = []
    for claim in drift.claims:
        was, now = _standing(old.get(claim)), _standing(new.get(claim))
        if was != now:
            found.append(
                HistoryEntry(
                    date=day.isoformat(), claim=claim, kind=_kind(was, now),
                    before=was, after=now, cause=whys[claim],
                )
            )  # fmt: skip
    return found


def _standing(entry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    verdict = {vintage: dict(found) for vintage, found in entry["verdict"].items()}
    estimate = entry.get("estimate")
    return {"verdict": verdict, "estimate": dict(estimate) if estimate else None}


def _kind(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> str:
    same = was is not None and now is not None and was["verdict"] == now["verdict"]
    return ESTIMATE if same else VERDICT


def read(project: Project) -> tuple[HistoryEntry, ...]:
    """All published changes, oldest first. A damaged line is an error."""
    path = project.results / NAME
    if not path.is_file():
        return ()
    return tuple(_parsed(path.read_text(encoding="utf-8"), project.show(path)))


def append(project: Project, new: Sequence[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """Append new entries, all or none; returns those that were added."""
    old = read(project)
    last = {each.claim: each.after for each in old}
    fresh = tuple(each for each in new if each.claim not in last or last[each.claim] != each.after)
    if fresh:
        text = "".join(_line(each) for each in (*old, *fresh))
        list(_parsed(text, NAME))  # never write what could not be read again
        write_atomically(project.results / NAME, text)
    return fresh


def _line(each: HistoryEntry) -> str:
    return json.dumps(asdict(each), ensure_ascii=False, allow_nan=False) + "\n"


def _parsed(text: str, place: str) -> Iterator[HistoryEntry]:
    latest = ""
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = _entry(json.loads(line), latest)
        except (ValueError, TypeError, KeyError) as fault:
            message = f"not an accepted change: {fault}; restore the file from git"
            raise AnalysisError(message, file=place, line=number) from None
        latest = found.date
        yield found


def _entry(value: Any, latest: str) -> HistoryEntry:
    """One line's value, checked; `latest` is the day of the line before.

    ValueError, TypeError or KeyError say what is wrong.
    """
    expected = [each.name for each in fields(HistoryEntry)]
    if not isinstance(value, dict) or list(value) != expected:
        raise ValueError(f"expected exactly {', '.join(expected)}")
    if not all(isinstance(value[name], str) for name in TEXTS):
        raise ValueError(f"expected text as {', '.join(TEXTS)}")
    if date.fromisoformat(value["date"]).isoformat() < latest:
        raise ValueError(f"{value['date']} comes after {latest}")
    if value["kind"] not in (VERDICT, ESTIMATE):
        raise ValueError(f"kind {value['kind']!r} is neither {VERDICT} nor {ESTIMATE}")
    if value["before"] == value["after"]:
        raise ValueError("before and after are the same")
    for side in (value["before"], value["after"]):
        _check_standing(side)
    return HistoryEntry(**value)


def _check_standing(side: Any) -> None:
    if side is None:
        return
    for found in side["verdict"].values():
        if found["code"] not in CODES:
            raise ValueError(f"no verdict {found['code']!r}")
