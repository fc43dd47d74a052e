"""The acts of a notebook: load, estimate, sweep, judge, draw, record."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.claims.model import waits
from analysis.data.evidence import load_evidence
from analysis.errors import ParameterError, suggest
from analysis.project import OUTPUT, Project, write_atomically
from analysis.verdicts import evolution, rules, specifications, summary
from analysis.verdicts import results as results_file
from analysis.verdicts import sweep as sweeps

if TYPE_CHECKING:
    from datetime import date

    from analysis.claims.model import Claim
    from analysis.data.evidence import Evidence
    from analysis.figures.figure import Drawing
    from analysis.figures.save import Saved
    from analysis.verdicts.wording import Text


def claim(
    name: str,
    *,
    method: str | None = None,
    reading: str | None = None,
    project: Project | None = None,
    **parameters: Any,
) -> Claim:
    """The claim called `name`. A parameter that is not None replaces the pre-registered one.

    A `reading` that is named is taken for the literal one. With `method`, as in its notebook, a
    claim that is tested by another one, or not at all, is an error.
    """
    found = registry.read(project or Project.find()).claim(name)
    given = {key: value for key, value in parameters.items() if value is not None}
    if (method or reading or given) and (why := waits(found)):
        raise ParameterError(f"claim {name} has nothing to run: {why}")
    if method and found.method != method:
        told = f"claim {name} is tested by the method {found.method}, not by {method}"
        raise ParameterError(f"{told}: open the notebook {found.method}.ipynb")
    return found.assume(reading or "", given)


def cutoffs(project: Project | None = None) -> dict[str, date | None]:
    """The last day of each vintage: the article's own day, and none."""
    published = registry.read(project or Project.find()).article.published
    return {sweeps.PUBLICATION: published, sweeps.LATEST: None}


def load(claim: Claim, vintage: str = sweeps.LATEST, *, project: Project | None = None) -> Evidence:
    """The tables that the claim may read, as they were known at `vintage`."""
    project = project or Project.find()
    if vintage not in cutoffs(project):
        message = f"unknown vintage {vintage!r}{suggest(vintage, sweeps.VINTAGES)}"
        raise ParameterError(f"{message}; expected one of: {', '.join(sweeps.VINTAGES)}")
    return load_evidence(project, claim.tables).as_of(cutoffs(project)[vintage])


def read_tables(names: Iterable[str], *, project: Project | None = None) -> Evidence:
    """Tables by name, for a notebook that looks at data and at no claim."""
    return load_evidence(project or Project.find(), names)


def sweep(claim: Claim, evidence: Evidence, *, project: Project | None = None) -> sweeps.Curve:
    """Every specification of the claim, on both vintages of the evidence."""
    return sweeps.sweep(claim, evidence, cutoffs(project))


def judge(claim: Claim, curve: sweeps.Curve) -> rules.Judgement:
    """The verdict at publication and today."""
    return rules.judge(claim, curve)


def output(environ: Mapping[str, str] = os.environ, *, project: Project | None = None) -> Path:
    """Where a notebook leaves its products: told by the runner, else build/interactive."""
    if told := environ.get(OUTPUT):
        return Path(told)
    return (project or Project.find()).build / "interactive"


def record(
    claim: Claim,
    curve: sweeps.Curve,
    judgement: rules.Judgement,
    drawings: Mapping[str, Any],
) -> dict[str, Any]:
    """Save the figures, all trials and the record of a run; without this act a run has failed.

    `drawings` maps a name (empty for the claim's own figure) to what `figures` drew.
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


def results(which: str = "build", *, project: Project | None = None) -> dict[str, Any]:
    """The results of all claims: of the last run (`build`), or as `published`."""
    project = project or Project.find()
    places = {"build": project.build / "results.json", "published": project.published}
    if which not in places:
        message = f"unknown results {which!r}{suggest(which, places)}"
        raise ParameterError(f"{message}; expected one of: {', '.join(places)}")
    return results_file.read(places[which])


def deviations(*, project: Project | None = None) -> Text:
    """What was changed after the rules were fixed, as a table."""
    return summary.deviations(registry.read(project or Project.find()))


def names(*, project: Project | None = None) -> Mapping[str, str]:
    """What a reader is shown in the place of slugs."""
    return registry.read(project or Project.find()).names


def standings(*, project: Project | None = None) -> dict[str, Any]:
    """What the last replay found, with the article's sections and the claims that are stale."""
    project = project or Project.find()
    found = registry.read(project)
    return evolution.arranged(evolution.read(project), found, project)


def keep(drawing: Drawing, name: str) -> Saved:
    """Save a figure that belongs to no claim, beside the others."""
    from analysis.figures import save

    return save.save(drawing, output(), name)
