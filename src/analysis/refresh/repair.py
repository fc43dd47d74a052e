"""Find faults of the stored tables and repair those that need no data from elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.data import checksums, vintages
from analysis.data.catalog import Catalog
from analysis.errors import AnalysisError, DataError
from analysis.project import Project, write_atomically
from analysis.refresh import acceptance, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A fault of the stored tables, its remedy, and its repair if there is one."""

    place: str
    message: str
    remedy: str
    repair: Callable[[], None] | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}\n  -> {self.remedy}"


def examine(project: Project) -> list[Defect]:
    """Every finding, gravest first: later ones may come of earlier ones."""
    return [*_interrupted(project), *_leftovers(project), *_contents(project)]


def _interrupted(project: Project) -> Iterator[Defect]:
    staging = project.root / transaction.STAGING
    if not staging.exists():
        return
    try:
        found = transaction.pending(project)
    except DataError as fault:
        yield Defect(place=fault.file or "", message=fault.message, remedy="nothing is done to it")
        return
    message = (
        f"a change of {len(found.files)} files was decided and interrupted"
        if found
        else "a change was interrupted before it was decided; nothing pinned was touched"
    )
    yield Defect(
        place=transaction.STAGING,
        message=message,
        remedy="--repair finishes it" if found else "--repair clears it away",
        repair=lambda: _recover(project),
    )


def _recover(project: Project) -> None:
    transaction.recover(project)


def _leftovers(project: Project) -> Iterator[Defect]:
    for path in sorted(project.data.rglob(".*.tmp")):
        if transaction.STAGING in path.as_posix():
            continue
        yield Defect(
            place=project.show(path),
            message="a half-written file of an interrupted run",
            remedy="--repair removes it; the whole file is beside it",
            repair=path.unlink,
        )


def _contents(project: Project) -> Iterator[Defect]:
    try:
        catalog = Catalog.read(project)
    except AnalysisError as fault:
        yield _catalog(project, fault)
        return
    try:
        ledger = vintages.read_ledger(project)
    except DataError as fault:
        yield Defect(place=str(fault.place), message=fault.message, remedy="restore it from git")
        ledger = {}
    yield from _tables(project, catalog, ledger)
    yield from _vintages(project, catalog, ledger)


def _catalog(project: Project, fault: AnalysisError) -> Defect:
    spare = project.root / acceptance.CATALOG_COPY
    usable = spare.exists()
    return Defect(
        place=str(fault.place),
        message=f"the catalog is damaged: {fault.message}",
        remedy="--repair puts the copy of the last accepted refresh back; the damaged one is kept"
        if usable
        else "restore data/catalog.yaml from version control",
        repair=(lambda: _restore(project.catalog, spare.read_bytes())) if usable else None,
    )


def _restore(target: Path, data: bytes) -> None:
    """Other bytes for a file; those that it has are kept beside it."""
    if target.exists():
        write_atomically(target.with_name(f"{target.name}.damaged"), target.read_bytes())
    write_atomically(target, data)


def _tables(project: Project, catalog: Catalog, ledger: vintages.Ledger) -> Iterator[Defect]:
    for info in catalog.tables.values():
        try:
            checksums.verify(checksums.read_file(project, info), info)
        except DataError as fault:
            copy = _copy(project, info.name, info.sha256, ledger)
            yield Defect(
                place=info.file,
                message=fault.message.split(";")[0],
                remedy="--repair puts back the bytes that were pinned; the others are kept"
                if copy
                else "restore it from version control, or pin it if the change is meant",
                repair=_restoration(project.root / info.file, copy) if copy else None,
            )


def _restoration(target: Path, copy: bytes) -> Callable[[], None]:
    return lambda: _restore(target, copy)


def _copy(
    project: Project, table: str, sha256: str | None, ledger: vintages.Ledger
) -> bytes | None:
    """The pinned bytes, from a kept state or from the quarantine, if they are there."""
    kept = [project.root / each.file(table) for each in ledger.get(table, ())]
    for path in (*kept, project.build / "refresh" / "quarantine" / table / "edition.csv"):
        if path.exists() and checksums.digest(data := path.read_bytes()) == sha256:
            return data
    return None


def _vintages(project: Project, catalog: Catalog, ledger: vintages.Ledger) -> Iterator[Defect]:
    for name, states in ledger.items():
        for kept in states:
            try:
                acceptance.read_vintage(project, catalog[name], kept)
            except DataError as fault:
                place, message = kept.file(name), fault.message.split(";")[0]
                yield Defect(place=place, message=message, remedy="restore it from version control")
