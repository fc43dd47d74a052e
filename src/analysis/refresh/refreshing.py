"""The way of one edition: fetch, inspect, read, compare, verify, run claims, and perhaps accept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pandas as pd

from analysis import extras, seals
from analysis.catalog import Catalog, TableInfo
from analysis.errors import AnalysisError, DataError
from analysis.project import Project, write_atomically
from analysis.refresh import acceptance, editions, moves, store
from analysis.refresh.acceptance import Citing
from analysis.refresh.editions import Difference
from analysis.refresh.fetching import Fetched, Fetcher
from analysis.refresh.inspection import inspect
from analysis.refresh.moves import Move
from analysis.refresh.registry import Refreshable, Remote
from analysis.refresh.verification import verify

_CONTRACT = "analysis.refresh.connectors.contract"  # named late: it brings many readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edition that passed every check and stands in quarantine, with what it would move."""

    entry: Refreshable
    info: TableInfo
    fetched: Sequence[Fetched]
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
    place = project.build / "refresh" / "quarantine" / entry.name
    fetched, parts = zip(*_parts(entry, fetcher, place), strict=True)
    citing = Citing(
        base=entry.source,
        published=max((each.dated or "" for each in fetched), default="") or today,
        retrieved=today,
        urls=tuple(each.url for each in entry.files),
    )
    edition = pd.concat(parts, ignore_index=True)
    rows = editions.records(pinned)
    difference = editions.compare(rows, edition, info, entry, citing.source_id)
    verify(difference, info, entry)
    if not difference:
        return Proposal(
            entry=entry, info=info, fetched=fetched, difference=difference, files={}, moves=()
        )
    data = editions.text(difference.rows, _header(pinned))
    write_atomically(place / "edition.csv", data)
    why = f"edition of {citing.published} from {citing.urls[0]}"
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


def _parts(
    entry: Refreshable, fetcher: Fetcher, place: Path
) -> Iterator[tuple[Fetched, pd.DataFrame]]:
    """Each file as it came, inspected and kept in quarantine, and the rows in it."""
    for number, remote in enumerate(entry.files, start=1):
        reader = _reader(remote)
        found = _fetch(remote, fetcher, reader)
        write_atomically(place / f"raw-{number}", found.raw)
        inspect(found, remote)
        try:
            yield found, reader.read(found.raw, remote.options)
        except AnalysisError as fault:
            raise DataError(str(fault), file=remote.url) from fault


def _fetch(remote: Remote, fetcher: Fetcher, reader: Any) -> Fetched:
    """The file; of an answer in pages, all pages one behind the other."""
    found = fetcher.fetch(remote.url, most=remote.max_bytes)
    missing = getattr(reader, "missing_pages", lambda _: ())
    while pages := missing(found.raw):
        most = remote.max_bytes - len(found.raw)
        more = fetcher.fetch(_page(remote.url, pages[0]), most=most)
        found = replace(found, raw=found.raw + b"\n" + more.raw)
        if missing(found.raw) == pages:
            raise DataError(f"page {pages[0]} was asked for and another came", file=remote.url)
    return found


def _page(url: str, number: int) -> str:
    parts = urlsplit(url)
    asked = {**dict(parse_qsl(parts.query)), "page": str(number)}
    return urlunsplit(parts._replace(query=urlencode(asked)))


def _reader(remote: Remote) -> Any:
    """The connector's module; a library that it needs may be missing."""
    try:
        return import_module(_CONTRACT).connector(remote.connector)
    except ModuleNotFoundError as fault:
        told = extras.remedy(fault) or f"{fault.name} is not installed here"
        raise DataError(f"the connector '{remote.connector}': {told}") from fault
