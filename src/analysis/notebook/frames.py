"""The audit as DataFrames: tables, claims, results, and the rows behind an estimate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.claims import registry
from analysis.claims.model import waits
from analysis.data import table_names
from analysis.data.catalog import Catalog, TableInfo
from analysis.data.evidence import Evidence, load_evidence
from analysis.data.tables import Archive
from analysis.notebook import api
from analysis.project import Project
from analysis.verdicts import sweep as sweeps
from analysis.verdicts import wording

if TYPE_CHECKING:
    from analysis.methods.estimate import Estimate

ADDED = {
    "row": "line of the CSV file; `<table>:<row>` is a citation",
    "grade": "strength of the source, from 4 (official record) to 1 (aggregator)",
    "family": "who first produced the number",
    "public_on": "day, month or year in which the row became public",
    "later_edition": "whether the row stands in for an earlier edition",
    "suspect": "whether a correction flags the row",
}


def table(
    name: str,
    vintage: str = sweeps.LATEST,
    *,
    edition: str | None = None,
    project: Project | None = None,
) -> pd.DataFrame:
    """One table as a DataFrame: one row a row of its CSV file, corrections applied.

    `name` may be the last part of the name, if only one table has it.
    The columns are those of the file and six more (`row`, `family`, `grade`, `public_on`,
    `later_edition`, `suspect`). `frame.attrs` has `table`, `title`, `row` (the meaning of a row),
    `units` and `meanings` (by column) and `licence`. With the vintage `publication`, only rows
    that were public by the article's day. An `edition` is an earlier state of the table, by its
    label in `claims data vintages`. Raises DataError for an unknown table or edition.

    Example: `analysis.table("trade/gdp").groupby("family").size()`
    """
    project = project or Project.find()
    cutoff = api.cutoff(vintage, project)
    catalog = Catalog.read(project)
    name = table_names.named(name, catalog.tables)
    archive = Archive.read(project, [name])
    if edition is not None:
        frame = archive.load(name, vintage=edition).as_of(cutoff).frame.copy()
    else:
        frame = load_evidence(project, [name], archive=archive).as_of(cutoff)[name].copy()
    frame.attrs = _attributes(catalog.tables[name])
    return frame


def tables(*, project: Project | None = None) -> pd.DataFrame:
    """All tables of the audit as a DataFrame, indexed by name.

    Columns: `title`, `row` (the meaning of a row), `columns` (their number), `licence`.

    Example: `analysis.tables().query("title.str.contains('GDP')")`
    """
    found = Catalog.read(project or Project.find()).tables
    rows = [
        (name, info.title, info.row, len(info.columns), info.licence.terms)
        for name, info in found.items()
    ]
    return pd.DataFrame(rows, columns=["table", "title", "row", "columns", "licence"]).set_index(
        "table"
    )


def list_claims(*, project: Project | None = None) -> pd.DataFrame:
    """All claims of the article as a DataFrame, indexed by id, in the article's order.

    Columns: `section`, `title`, `statement`, `type`, `method`, `tables` (joined by commas) and
    `waits` (why there is nothing to run; empty if there is).

    Example: `analysis.list_claims().groupby("method").size()`
    """
    found = registry.read(project or Project.find()).claims
    rows = [
        {
            "claim": claim.id,
            "section": claim.section,
            "title": claim.title,
            "statement": claim.statement,
            "type": claim.type,
            "method": claim.method,
            "tables": ", ".join(claim.tables),
            "waits": waits(claim),
        }
        for claim in found.values()
    ]
    return pd.DataFrame(rows).set_index("claim")


def results(which: str = "build", *, project: Project | None = None) -> pd.DataFrame:
    """The results of all claims as a DataFrame, indexed by id.

    `which` is `build` (the last run) or `published`. Columns: `section`, `statement`, `type`,
    `method`, `finding`, `verdict` and `certainty` (at publication), `latest` and
    `latest_certainty`, `change` (between the two), `tags`, `value`, `low`, `high`, `unit`,
    `claimed`, `pass_share`, `fail_share` (shares of the weighted specifications, 0 to 1) and
    `specifications` (their number). Raises AnalysisError before the first run.

    Example: `analysis.results("published").value_counts(["type", "verdict"])`
    """
    entries = api.read_results(which, project)["claims"]
    return pd.DataFrame([_result(entry) for entry in entries]).set_index("claim")


def rows(estimate: Estimate, evidence: Evidence) -> pd.DataFrame:
    """The rows of the tables that an estimate cites, indexed by table and row.

    `part` says what a row is to the estimate; the other columns are those of the tables, without
    the columns that are empty in all these rows. Empty without an estimate.

    Example: `analysis.rows(estimate, evidence).groupby("family").size()`
    """
    parts: dict[str, dict[int, str]] = {}
    for citation in estimate.citations:
        if citation.table in evidence:
            parts.setdefault(citation.table, {})[citation.row] = citation.part
    frames = {name: _cited(evidence[name], found) for name, found in parts.items()}
    if not frames:
        empty = pd.MultiIndex.from_arrays([[], []], names=["table", "row"])
        return pd.DataFrame({"part": []}, index=empty)
    cited = pd.concat(frames, names=["table", "row"]).dropna(axis="columns", how="all")
    return cited.convert_dtypes()  # a year stays a whole number where another table has none


def _cited(frame: pd.DataFrame, parts: Mapping[int, str]) -> pd.DataFrame:
    cited = frame[frame["row"].isin(list(parts))].set_index("row")
    cited.insert(0, "part", cited.index.map(parts))
    return cited


def _attributes(info: TableInfo) -> dict[str, Any]:
    columns = info.columns
    return {
        "table": info.name,
        "title": info.title,
        "row": info.row,
        "units": {name: each.unit for name, each in columns.items() if each.unit},
        "meanings": {**{name: each.meaning for name, each in columns.items()}, **ADDED},
        "licence": info.licence.terms,
    }


def _result(entry: Mapping[str, Any]) -> dict[str, Any]:
    head, latest = (entry["verdict"][vintage] for vintage in sweeps.VINTAGES)
    estimate = entry["estimate"] or {}
    return {
        "claim": entry["id"],
        **{name: entry[name] for name in ("section", "statement", "type", "method")},
        "finding": wording.finding(entry),
        "verdict": head["code"],
        "certainty": head["certainty"],
        "latest": latest["code"],
        "latest_certainty": latest["certainty"],
        "change": entry["vintage_flag"],
        "tags": ", ".join(entry["tags"]),
        **{name: estimate.get(name) for name in ("value", "low", "high", "unit")},
        "claimed": entry["claimed"],
        **entry["robustness"],
    }
