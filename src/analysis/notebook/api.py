"""The steps of a notebook: claim, load, sweep, judge, record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.claims.model import waits
from analysis.data.evidence import load_evidence
from analysis.errors import ParameterError, suggest
from analysis.notebook import display, injected
from analysis.project import OUTPUT, Project, write_atomically
from analysis.verdicts import results as results_file
from analysis.verdicts import rules, specifications
from analysis.verdicts import sweep as sweeps

if TYPE_CHECKING:
    from datetime import date

    from analysis.claims.model import Claim
    from analysis.data.evidence import Evidence

__all__ = ["claim", "display", "judge", "load", "record", "sweep"]  # display registers the HTML


def claim(
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    method: str = "",
    reading: str = "",
    project: Project | None = None,
) -> Claim:
    """The claim with the id `name`, in any case, with `parameters` in place of the registered ones.

    In a notebook, `parameters` is its variable of that name, and names that papermill injects
    (`papermill -p reporter Norland`) are added. A `reading` replaces the literal one. With
    `method`, a claim of another method is refused. Raises ClaimsError for an unknown id and
    ParameterError for an unknown name or a value of another type, with the valid ones.

    Example: `analysis.claim("X1", {"claimed": 77})`
    """
    changes = {} if parameters is None else injected.merged(parameters)
    found = registry.read(project or Project.find()).claim(name)
    name = found.id
    if (method or reading or changes) and (why := waits(found)):
        raise ParameterError(f"claim {name} has nothing to run: {why}")
    if method and found.method != method:
        message = f"claim {name} is tested by the method {found.method}, not by {method}"
        raise ParameterError(f"{message}: open the notebook {found.method}.ipynb")
    if changes:
        injected.check(changes, found.method, f"claim {name}", found.types)
    return found.assume(reading, changes)


def cutoffs(project: Project | None = None) -> dict[str, date | None]:
    """The last day of each vintage: the article's own day, and none."""
    published = registry.read(project or Project.find()).article.published
    return {sweeps.PUBLICATION: published, sweeps.LATEST: None}


def cutoff(vintage: str, project: Project | None = None) -> date | None:
    """The last day of one vintage, None for no limit. ParameterError for an unknown vintage."""
    if vintage not in sweeps.VINTAGES:
        message = f"unknown vintage {vintage!r}{suggest(str(vintage), sweeps.VINTAGES)}"
        raise ParameterError(f"{message}; expected one of: {', '.join(sweeps.VINTAGES)}")
    return cutoffs(project)[vintage]


def load(claim: Claim, vintage: str = sweeps.LATEST, *, project: Project | None = None) -> Evidence:
    """The tables that the claim may read, as they were known at `vintage`.

    The result is a mapping: `evidence["trade/gdp"]` is a DataFrame, `list(evidence)` are the names.
    The vintages are `publication` (the article's day) and `latest`. Raises DataError if a table is
    not the pinned one.

    Example: `analysis.load(claim, "publication")["trade/gdp"].head()`
    """
    project = project or Project.find()
    return load_evidence(project, claim.tables).as_of(cutoff(vintage, project))


def sweep(claim: Claim, evidence: Evidence, *, project: Project | None = None) -> sweeps.Curve:
    """Every specification of the claim on both vintages, and again without each source family.

    `curve.to_frame()` has one row a trial: vintage, reading, left_out, outcome, value, low, high,
    unit and one column for each choice. `evidence` must be that of the latest vintage.

    Example: `analysis.sweep(claim, evidence).to_frame().groupby("outcome")["value"].describe()`
    """
    return sweeps.sweep(claim, evidence, cutoffs(project))


def judge(claim: Claim, curve: sweeps.Curve) -> rules.Judgement:
    """The verdict at publication and with the latest evidence.

    Both have a `code`, a `certainty`, `tags` and `reasons`.

    Example: `analysis.judge(claim, curve).publication.code`
    """
    return rules.judge(claim, curve)


def output(environ: Mapping[str, str] = os.environ, *, project: Project | None = None) -> Path:
    """The folder for the files of a notebook: set by the runner, else build/interactive."""
    if folder := environ.get(OUTPUT):
        return Path(folder)
    return (project or Project.find()).build / "interactive"


def record(
    claim: Claim,
    curve: sweeps.Curve,
    judgement: rules.Judgement,
    drawings: Mapping[str, Any],
) -> dict[str, Any]:
    """Save the figures, all trials and the record of a run; a run without a record has failed.

    `drawings` maps a name (empty for the claim's own figure) to what `figures` drew. Returns the
    record as a dictionary. The files are in build/interactive, or where `claims run` collects them.

    Example: `analysis.record(claim, curve, judgement, {"": figure})["verdict"]`
    """
    from analysis.figures import save

    folder = output()
    saved = {
        name: save.save(drawing, folder, f"{claim.id}-{name}" if name else claim.id)
        for name, drawing in drawings.items()
    }
    own = saved[""]
    entry = results_file.record(
        claim, judgement, {"svg_sha256": own.svg_sha256, "data_sha256": own.data_sha256}
    )
    entry["summary"], entry["alt"] = own.summary, own.alt
    write_atomically(
        folder / f"{claim.id}{specifications.SUFFIX}", specifications.dump(claim, curve)
    )
    results_file.write(folder / f"{claim.id}.json", entry)
    return entry


def read_results(which: str = "build", project: Project | None = None) -> dict[str, Any]:
    """The results file as it is: of the last run (`build`), or as `published`."""
    project = project or Project.find()
    places = {"build": project.build / "results.json", "published": project.published}
    if which not in places:
        message = f"unknown results {which!r}{suggest(which, places)}"
        raise ParameterError(f"{message}; expected one of: {', '.join(places)}")
    found: dict[str, Any] = results_file.read(places[which])
    return found
