"""The description of a bundle as an RO-Crate: files, and the run that made each output.

By RO-Crate 1.1 and Process Run Crate 0.5, the newest pair that has a validator. An executed
notebook is a CreateAction: its instrument is the notebook, its objects are tables and parameters,
its results what it left. Time and user of the run are left out: they differ between runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from analysis.claims import registry
from analysis.data.catalog import Catalog
from analysis.data.checksums import digest
from analysis.data.periods import last_day
from analysis.data.sources import Sources
from analysis.errors import ProjectError, missing_package
from analysis.execution import plan
from analysis.exports import citation
from analysis.exports.contents import outputs_of
from analysis.verdicts import results

if TYPE_CHECKING:
    from rocrate.model.entity import Entity
    from rocrate.rocrate import ROCrate

    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.execution.plan import Job
    from analysis.exports.citation import Publisher
    from analysis.project import Project

FILE = "ro-crate-metadata.json"
VERSION = "1.1"
PROFILE, PROFILE_VERSION = "https://w3id.org/ro/wfrun/process/0.5", "0.5"
# The one term beside those of RO-Crate, written out: a context of its own would be a page to fetch.
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
MEDIA = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


def metadata(project: Project, files: Mapping[str, bytes]) -> str:
    """The crate's JSON-LD for these files of a bundle, by their names.

    ProjectError where rocrate is not installed.
    """
    try:
        from rocrate.rocrate import ROCrate  # an extra, and slow to import
    except ImportError as fault:
        raise ProjectError(f"a bundle needs {missing_package(fault)}") from None
    found = registry.read(project)
    crate = ROCrate(version=VERSION)
    _describe(crate, project, found)
    _add_files(crate, Catalog.read(project), files)
    jobs = [*plan.plan(project, found).jobs, *plan.plan_overviews(project).jobs]
    actions = [_action(crate, found, job, files) for job in jobs]
    crate.root_dataset["mentions"] = _alone([each for each in actions if each is not None])
    crate.metadata.extra_contexts.append(TERMS)
    return results.dump(_sorted(crate.metadata.generate()))


def _sorted(content: dict[str, Any]) -> dict[str, Any]:
    """Entities by id, so that the order in which they were added does not show."""
    return {**content, "@graph": sorted(content["@graph"], key=lambda each: each["@id"])}


def _describe(crate: ROCrate, project: Project, found: Register) -> None:
    who = citation.read(project)
    root = crate.root_dataset
    crate.name = who.title if who else f"Audit of {found.article.title}"
    crate.description = (
        f'{len(found.claims)} claims of "{found.article.title}" ({found.article.publisher}, '
        f"{found.article.published.isoformat()}), each with its rule, evidence and verdict."
    )
    root["datePublished"] = newest(found, Sources.read(project)).isoformat()
    root["conformsTo"] = _entity(
        crate, PROFILE, "CreativeWork", name="Process Run Crate", version=PROFILE_VERSION
    )
    if who:
        _credit(crate, who)


def newest(found: Register, sources: Sources) -> date:
    """The last day that the audit's own record names: a clock would differ from run to run."""
    dates = [source.retrieved for source in sources.values() if source.retrieved]
    days = [last_day(each) for each in dates if len(each) == len("2024-12-10")]
    changed = [date.fromisoformat(str(each["date"])) for each in found.deviations]
    return max([found.article.published, *days, *changed])


def _credit(crate: ROCrate, who: Publisher) -> None:
    authors = [
        _entity(crate, f"#author-{number}", each.kind, name=each.name)
        for number, each in enumerate(who.authors, start=1)
    ]
    crate.root_dataset["author"] = _alone(authors)
    organisations = [each for each in authors if each.type == "Organization"]
    if organisations:
        crate.root_dataset["publisher"] = organisations[0]
    if who.licence:
        crate.license = _entity(
            crate,
            f"https://spdx.org/licenses/{who.licence}",
            "CreativeWork",
            name=who.licence,
            description=f"{who.licence} for the code; each table states its own terms.",
        )


def _alone(entities: list[Entity]) -> list[Entity] | Entity:
    """A single one by itself, as the recommendation has it."""
    return entities[0] if len(entities) == 1 else entities


def _entity(crate: ROCrate, place: str, kind: str, **properties: Any) -> Entity:
    from rocrate.model import ContextEntity

    return crate.add(ContextEntity(crate, place, properties={"@type": kind, **properties}))


def _add_files(crate: ROCrate, catalog: Catalog, files: Mapping[str, bytes]) -> None:
    tables = {info.file: info for info in catalog.entries}
    for name, data in files.items():
        properties = {
            "name": name,
            "encodingFormat": MEDIA.get(PurePosixPath(name).suffix, "text/plain"),
            "contentSize": str(len(data)),
            "sha256": digest(data),
        }
        if info := tables.get(name):
            properties |= {
                "name": info.title,
                "description": info.description,
                "conditionsOfAccess": info.licence.terms,
            }
        if name.startswith("notebooks/") and name.endswith(".ipynb"):
            properties |= _program(name)
        crate.add_file(dest_path=name, properties=properties)


def _program(name: str) -> dict[str, Any]:
    from analysis import __version__

    return {
        "@type": ["File", "SoftwareSourceCode"],
        "name": f"Notebook {PurePosixPath(name).stem}",
        "programmingLanguage": "Python",
        "version": __version__,
    }


def _action(crate: ROCrate, found: Register, job: Job, files: Mapping[str, bytes]) -> Entity | None:
    """One executed notebook; None if it was not executed."""
    made = outputs_of(files, job.claim)
    if not made:
        return None
    claim = found.claims.get(job.claim)
    parameters = _parameters(crate, job)
    tables = [crate.dereference(name) for name in _reads(claim, files)]
    return _entity(
        crate,
        f"#run-{job.claim}",
        "CreateAction",
        name=f"Run of {job.notebook_name}: {job.claim}",
        description=claim.statement if claim else f"The notebook about the {job.title}.",
        instrument=crate.dereference(job.notebook_name),
        object=_alone([*tables, *parameters]),
        result=_alone([crate.dereference(name) for name in made]),
        actionStatus="http://schema.org/CompletedActionStatus",
    )


def _reads(claim: Claim | None, files: Mapping[str, bytes]) -> Iterator[str]:
    """The tables and layers that a claim may read; a notebook of no claim reads what came out."""
    if claim is None:
        yield "build/results.json"
        return
    for table in claim.tables:
        yield from (name for name in _either(table) if name in files)


def _either(table: str) -> Iterable[str]:
    return f"data/{table}.csv", f"data/{table}.geojson"


def _parameters(crate: ROCrate, job: Job) -> list[Entity]:
    return [
        _entity(crate, f"#run-{job.claim}-{name}", "PropertyValue", name=name, value=str(value))
        for name, value in job.parameters.items()
    ]
