"""Indicators of the World Bank's API (version 2, JSON), its pages one after another."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.refresh.connectors.faults import fault, listed
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.tidying import tidy

_CELLS = ("country", "countryiso3code", "date", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Layouts see `iso3`, `country`, `period`, `value`."""

    indicator: str
    layouts: tuple[Layout, ...]


def read(raw: bytes, options: Mapping[str, Any]) -> pd.DataFrame:
    """The tidy rows of all pages, each of which must be there; the index counts observations."""
    given = read_options(Options, options)
    pages = _pages(raw)
    if gone := missing_pages(raw):
        raise fault("the file", expected=f"{pages[0][0]['pages']} pages", found=f"none of {gone}")
    records = [record for _, content in pages for record in content or []]
    if len(records) != (total := int(pages[0][0]["total"])):
        raise fault("the file", expected=f"{total} observations", found=len(records))
    rows = [_row(record, number, given) for number, record in enumerate(records, start=1)]
    frame = pd.DataFrame(rows, columns=["iso3", "country", "period", "value"], dtype=object)
    return tidy(frame.set_axis(range(1, len(rows) + 1)), given.layouts)


def missing_pages(raw: bytes) -> tuple[int, ...]:
    """The pages that are still to be fetched and put behind those in `raw`."""
    pages = _pages(raw)
    there = {int(head["page"]) for head, _ in pages}
    return tuple(n for n in range(1, int(pages[0][0]["pages"]) + 1) if n not in there)


def _pages(raw: bytes) -> list[Sequence[Any]]:
    """[head, observations] of each page."""
    pages, decoder = [], json.JSONDecoder()
    try:
        rest = raw.decode("utf-8-sig").strip()
        while rest:
            page, end = decoder.raw_decode(rest)
            pages.append(_checked(page, len(pages) + 1))
            rest = rest[end:].lstrip()
    except ValueError as error:
        raise fault(f"page {len(pages) + 1}", expected="JSON", found=str(error)) from error
    if not pages:
        raise fault("the file", expected="a page of JSON", found="nothing")
    return pages


def _checked(page: Any, number: int) -> Sequence[Any]:
    head = page[0] if isinstance(page, list) and page else page
    if isinstance(head, dict) and "message" in head:
        told = listed(message.get("value") for message in head["message"])
        raise fault(f"page {number}", expected="observations", found=f"the message {told}")
    if not (isinstance(head, dict) and {"page", "pages", "total"} <= set(head) and len(page) > 1):
        raise fault(f"page {number}", expected="a head and observations", found=str(page)[:80])
    return page


def _row(record: Mapping[str, Any], number: int, given: Options) -> tuple[Any, ...]:
    place = f"observation {number}"
    if gone := [key for key in ("indicator", *_CELLS) if key not in record]:
        raise fault(place, expected=f"the keys {listed(gone)}", found=listed(record))
    if (found := record["indicator"]["id"]) != given.indicator:
        raise fault(place, expected=f"the indicator {given.indicator}", found=found)
    country, iso3, period, value = (record[key] for key in _CELLS)
    return iso3, country["value"], period, value
