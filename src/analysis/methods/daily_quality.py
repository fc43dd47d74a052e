"""Quality of a daily series around a day: three versions of the same days, side by side.

The versions are the labels of a collection, the quotes of single reports and the resolved series.
Then the conclusions of a naive and of a careful study. Nothing here decides a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.methods.event_study import EventStudy
from analysis.methods.query import select
from analysis.methods.recipes import Blocks, DailyCount

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from analysis.data.evidence import Evidence

CONCLUSIONS: Mapping[int | None, str] = {
    1: "a rise",
    0: "not to be told from other days",
    -1: "a fall",
}
UNDECIDED = "too few days to say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """The tables of the versions, and the names of their columns.

    `tables` names `raw`, `resolved` and `totals`; `columns` names `day`, `label`, `value`,
    `source`, `flag`, `from` and `to`. `collection` is the source whose labels are taken as they
    are, `quoted` the flags of single reports.
    """

    tables: Mapping[str, str]
    columns: Mapping[str, str]
    where: Mapping[str, Any] = field(default_factory=dict)
    quoted: Sequence[str] = ()
    collection: str = ""

    def versions(self, evidence: Evidence) -> DataFrame:
        """A row a day, a column a version (as labelled, quoted, resolved); counts, NaN unknown."""
        import pandas as pd

        columns, value = self.columns, self.columns["value"]
        raw = select(evidence[self.tables["raw"]], self.where, self.tables["raw"])
        labelled = raw[raw[columns["source"]] == self.collection]
        reports = raw[raw[columns["flag"]].isin(list(self.quoted))]
        return pd.DataFrame(
            {
                "as labelled": labelled.groupby(columns["label"])[value].first(),
                "quoted": reports.groupby(columns["day"])[value].median(),
                "resolved": evidence[self.tables["resolved"]].set_index(columns["day"])[value],
            },
            dtype=float,
        ).sort_index()


def days(versions: DataFrame, window: Sequence[str]) -> DataFrame:
    """The versions on every day from the first to the last of `window`, holes as NaN."""
    import pandas as pd

    return versions.reindex(pd.date_range(*window).strftime("%Y-%m-%d"))


def agreement(versions: DataFrame, window: Sequence[str]) -> DataFrame:
    """Per month, how many quoted counts the labels have a day before, on, and a day after."""
    import pandas as pd

    dated = versions.set_axis(pd.to_datetime(versions.index, errors="coerce"))
    dated = dated[dated.index.notna()].sort_index().asfreq("D")
    quoted = dated["quoted"].dropna()
    shifts = {"a day before": -1, "same day": 0, "a day after": 1}
    found = pd.DataFrame(
        {
            name: dated["as labelled"].shift(-shift).reindex(quoted.index) == quoted
            for name, shift in shifts.items()
        }
    )
    found.insert(0, "quoted", value=1)
    first, last = (day[: len("2024-01")] for day in window)
    return found.groupby(quoted.index.strftime("%Y-%m")).sum().loc[first:last]


def block_totals(versions: DataFrame, blocks: DataFrame, columns: Mapping[str, str]) -> DataFrame:
    """Each printed total of a block of days against the sums of the daily values."""
    import pandas as pd

    ends = (blocks[columns["from"]], blocks[columns["to"]], blocks[columns["value"]])
    return pd.DataFrame([_block(versions, *row) for row in zip(*ends, strict=True)])


def _block(versions: DataFrame, first: str, last: str, total: float) -> dict[str, Any]:
    inside = days(versions, (first, last))
    known = inside["resolved"].dropna()
    return {
        "block": f"{first} to {last}",
        "days": len(inside),
        "printed total": total,
        "sum as labelled": inside["as labelled"].sum(),
        "known days": len(known),
        "their sum": known.sum(),
        "mean by the total": round(total / len(inside), 1),
        "mean of the known days": round(known.mean(), 1),
        "left for the missing days": total - known.sum(),
    }


def studies(
    evidence: Evidence,
    daily: Daily,
    *,
    day: str,
    lead: int,
    lengths: Sequence[int],
    cut: Sequence[str],
    placebos: Sequence[str],
) -> DataFrame:
    """The conclusion of each study on a rise after `day`, for each window of `lengths` days.

    Naive: Welch's t test of the means after and before, as if days were independent and the known
    ones were all. Careful: the event study, with the same holes for placebo dates.
    """
    import pandas as pd

    versions, rows = daily.versions(evidence), []
    for length in lengths:
        study = _study(daily, day, lead=lead, length=length, cut=cut, placebos=placebos)
        rows += [
            _naive(versions[name], day, lead=lead, length=length, alpha=study.alpha)
            for name in ("as labelled", "resolved")
        ]
        estimate = study.estimate(evidence)
        says = CONCLUSIONS.get(study.pass_criterion.outcome(estimate), UNDECIDED)
        row = {"days": length, "study": "careful", "ratio": estimate.value, "says": says}
        rows.append({**row, "why": estimate.note})
    return pd.DataFrame(rows).round(3).astype(object).fillna("")


def _study(
    daily: Daily,
    day: str,
    *,
    lead: int,
    length: int,
    cut: Sequence[str],
    placebos: Sequence[str],
) -> EventStudy:
    columns = daily.columns
    outcome: DailyCount = {
        "table": daily.tables["resolved"],
        "time": columns["day"],
        "value": columns["value"],
        "lead": lead,
        "block": columns["value"],
    }
    blocks: Blocks = {"table": daily.tables["totals"], "from": columns["from"], "to": columns["to"]}
    return EventStudy(
        outcomes={"it": outcome},
        outcome="it",
        event=day,
        window=length,
        donut=list(cut),
        shut=list(cut),
        gaps="bounded",
        blocks=blocks,
        placebo_from=placebos[0],
        placebo_to=placebos[1],
    )


def _naive(series: Series, day: str, *, lead: int, length: int, alpha: float) -> dict[str, Any]:
    import pandas as pd
    from scipy.stats import ttest_ind

    dated = series.set_axis(pd.to_datetime(series.index, errors="coerce")).dropna()
    start, reach = pd.Timestamp(day) + pd.Timedelta(days=lead), pd.Timedelta(days=length)
    before = dated[(dated.index >= start - reach) & (dated.index < start)]
    after = dated[(dated.index >= start) & (dated.index < start + reach)]
    testable = min(len(before), len(after)) > 1 and before.std() + after.std() > 0
    p = float("nan")
    if testable:
        p = ttest_ind(after, before, equal_var=False, alternative="greater").pvalue
    verdict = "a rise" if p < alpha else "no significant rise"
    return {
        "days": length,
        "study": f"naive, {series.name}",
        "known before": len(before),
        "known after": len(after),
        "ratio": after.mean() / before.mean(),
        "p": p,
        "says": verdict if testable else UNDECIDED,
    }
