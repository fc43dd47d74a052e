"""The steps of a refresh: fetch, inspect, read, compare, verify, run the claims, accept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pandas as pd

from analysis.data import checksums
from analysis.data.catalog import Catalog, TableInfo
from analysis.data.periods import first_day
from analysis.data.sources import Sources
from analysis.errors import AnalysisError, DataError, missing_package
from analysis.project import Project, write_atomically
from analysis.refresh import acceptance, addresses, diff, impact, transaction
from analysis.refresh.acceptance import EditionSource
from analysis.refresh.dating import Dating, dated
from analysis.refresh.diff import TableDiff
from analysis.refresh.guards import verify
from analysis.refresh.http import Fetcher
from analysis.refresh.impact import VerdictChange
from analysis.refresh.inspection import inspect
from analysis.refresh.registry import CONNECTORS, Refreshable, Remote
from analysis.refresh.responses import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edition in quarantine that passed every check, with the verdicts that it would change."""

    entry: Refreshable
    info: TableInfo
    fetched: Sequence[Fetched]
    dating: Dating
    difference: TableDiff
    files: acceptance.Files
    verdict_changes: Sequence[VerdictChange]


def propose(project: Project, entry: Refreshable, fetcher: Fetcher, today: str) -> Proposal:
    """The changes that the publisher's present edition would make; nothing pinned is touched.

    Raises DataError that says at which step it was refused, and why.
    """
    info = Catalog.read(project)[entry.name]
    pinned = checksums.read_file(project, info)
    checksums.verify(pinned, info)
    place = project.build / "refresh" / "quarantine" / entry.name
    fetched, parts = zip(*_parts(entry, fetcher, place), strict=True)
    edition = pd.concat(parts, ignore_index=True)
    dating = dated(fetched, _earliest_days(project, entry, info, edition, today), today)
    edition_source = EditionSource(
        base=entry.source,
        published=dating.day,
        retrieved=today,
        urls=tuple(each.url for each in entry.files),
    )
    rows = diff.records(pinned)
    difference = diff.compare(rows, edition, info, entry, edition_source.source_id)
    verify(difference, info, entry)
    if not difference:
        return Proposal(
            entry=entry, info=info, fetched=fetched, dating=dating, difference=difference,
            files={}, verdict_changes=(),
        )  # fmt: skip
    data = diff.text(difference.rows, _header(pinned))
    write_atomically(place / "edition.csv", data)
    why = f"edition of {edition_source.published} from {edition_source.urls[0]}"
    files = {
        acceptance.SOURCES: acceptance.sources_with(project, edition_source),
        **acceptance.replacement_files(project, info, data, day=today, why=why),
    }
    with impact.scratch(project, files) as changed:
        impact.check(changed, entry.name)
        verdict_changes = tuple(impact.verdict_changes(project, changed, entry.name))
    return Proposal(
        entry=entry, info=info, fetched=fetched, dating=dating, difference=difference,
        files=files, verdict_changes=verdict_changes,
    )  # fmt: skip


def accept(project: Project, proposal: Proposal) -> None:
    """Put the edition into its place. The caller has had the lock since `propose`."""
    if proposal.files:
        transaction.commit(project, proposal.files)


def _earliest_days(
    project: Project, entry: Refreshable, info: TableInfo, edition: pd.DataFrame, today: str
) -> list[str]:
    """Days that an edition cannot precede: the pinned editions, the start of its last period."""
    sources = Sources.read(project).values()
    pinned = [each.published or "" for each in sources if entry.cites(each.source_id)]
    if info.time is None or info.time.column not in edition:
        return pinned
    periods = {str(each) for each in edition[info.time.column].dropna()}
    begun = [start for each in periods if (start := _first_day(each)) <= today]  # else a projection
    return [*pinned, max(begun, default="")]


def _first_day(period: str) -> str:
    try:
        return first_day(period).isoformat()
    except ValueError:  # reported where cells are checked
        return ""


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
        try:
            inspect(found, remote)
            yield found, _read(reader, found.raw, remote)
        except AnalysisError:
            fetcher.doubt(remote.url)  # else "unchanged" would bring the same bytes for ever
            raise


def _read(reader: Any, raw: bytes, remote: Remote) -> pd.DataFrame:
    with _without_secrets(remote):
        frame: pd.DataFrame = reader.read(raw, remote.options)
        return frame


@contextmanager
def _without_secrets(remote: Remote) -> Iterator[None]:
    """A connector's fault with the address; a server may have repeated a secret of it."""
    try:
        yield
    except AnalysisError as fault:
        raise DataError(addresses.hidden(str(fault), remote.url), file=remote.url) from None


def _fetch(remote: Remote, fetcher: Fetcher, reader: Any) -> Fetched:
    """The file; of an answer in pages, all pages one behind the other."""
    end = fetcher.clock() + fetcher.policy.total_timeout
    found = fetcher.fetch(remote.url, max_bytes=remote.max_bytes)
    while pages := _missing_pages(reader, found.raw, remote):
        max_bytes = remote.max_bytes - len(found.raw)
        if fetcher.clock() > end:
            message = f"not all pages came in {fetcher.policy.total_timeout:g} s"
            remedy = "ask for more observations a page, with per_page in its url"
            raise DataError(f"{message}: {remedy}", file=remote.url)
        more = fetcher.fetch(_page(remote.url, pages[0]), max_bytes=max_bytes)
        day = max(found.dated, more.dated) if found.dated and more.dated else None
        found = replace(found, raw=found.raw + b"\n" + more.raw, dated=day)
        if _missing_pages(reader, found.raw, remote) == pages:
            raise DataError(f"page {pages[0]} was asked for and another came", file=remote.url)
    return found


def _missing_pages(reader: Any, raw: bytes, remote: Remote) -> tuple[int, ...]:
    with _without_secrets(remote):
        found: tuple[int, ...] = getattr(reader, "missing_pages", lambda _: ())(raw)
        return found


def _page(url: str, number: int) -> str:
    parts = urlsplit(url)
    others = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    query = urlencode([*others, ("page", str(number))], safe="${}")  # a secret's name stays
    return urlunsplit(parts._replace(query=query))


def _reader(remote: Remote) -> Any:
    """The connector's module; a library that it needs may be missing."""
    try:
        return import_module(CONNECTORS).connector(remote.connector)
    except ModuleNotFoundError as fault:
        message = missing_package(fault) or f"{fault.name} is not installed here"
        raise DataError(f"the connector '{remote.connector}': {message}") from fault
