"""The way of one edition: fetch, inspect, read, compare, verify, run claims, and perhaps accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pandas as pd

from analysis import seals
from analysis.catalog import Catalog, TableInfo
from analysis.errors import AnalysisError, DataError
from analysis.project import Project, write_atomically
from analysis.refresh import acceptance, editions, mapped, moves, store
from analysis.refresh.acceptance import Citing
from analysis.refresh.editions import Difference
from analysis.refresh.fetching import Fetched, Fetcher
from analysis.refresh.inspection import inspect
from analysis.refresh.moves import Move
from analysis.refresh.registry import Refreshable
from analysis.refresh.verification import verify

_CONTRACT = "analysis.refresh.connectors.contract"  # named late: it brings many readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edition that passed every check and stands in quarantine, with what it would move."""

    entry: Refreshable
    info: TableInfo
    fetched: Fetched
    difference: Difference
    files: acceptance.Files
    moves: Sequence[Move]


def propose(project: Project, entry: Refreshable, fetcher: Fetcher, today: str) -> Proposal:
    """What the publisher's present edition would change; nothing pinned is touched.

    Raises DataError that says at which step it was refused, and why.
    """
    info = Catalog.read(project)[entry.name]
    pinned = seals.read_sealed(project, info)
    seals.verify(pinned, info)
    fetched = fetcher.fetch(entry.url, most=entry.max_bytes)
    place = project.build / "refresh" / "quarantine" / entry.name
    write_atomically(place / "raw", fetched.raw)
    inspect(fetched, entry)
    citing = Citing(
        base=entry.source, published=fetched.dated or today, retrieved=today, url=entry.url
    )
    rows = editions.records(pinned)
    edition = _read(fetched, entry)
    difference = editions.compare(rows, edition, info, entry, citing.source_id)
    verify(difference, info, entry)
    if not difference:
        return Proposal(
            entry=entry, info=info, fetched=fetched, difference=difference, files={}, moves=()
        )
    data = editions.text(difference.rows, _header(pinned))
    write_atomically(place / "edition.csv", data)
    why = f"edition of {citing.published} from {entry.url}"
    files = {
        acceptance.SOURCES: acceptance.with_source(project, citing),
        **acceptance.replaced(project, info, data, day=today, why=why),
    }
    with moves.scratch(project, files) as changed:
        moves.check(changed, entry.name)
        moved = tuple(moves.moves(project, changed, entry.name))
    return Proposal(
        entry=entry, info=info, fetched=fetched, difference=difference, files=files, moves=moved
    )


def accept(project: Project, proposal: Proposal) -> None:
    """Put the edition into its place. The caller has held the store since it was proposed."""
    if proposal.files:
        store.commit(project, proposal.files)


def _header(pinned: bytes) -> list[str]:
    return pinned.decode().split("\n", 1)[0].split(",")


def _read(fetched: Fetched, entry: Refreshable) -> pd.DataFrame:
    try:
        return _reader(entry).read(fetched.raw, entry.options)
    except AnalysisError as fault:
        raise DataError(str(fault), file=entry.url) from fault


def _reader(entry: Refreshable) -> Any:
    """The connector's module; a library that it needs may be missing."""
    if entry.connector == "mapped":
        return mapped
    try:
        return import_module(_CONTRACT).connector(entry.connector)
    except ModuleNotFoundError as fault:
        told = f"the connector '{entry.connector}' needs {fault.name}, which is not installed"
        raise DataError(f"{told}: install the extra 'refresh'") from fault
