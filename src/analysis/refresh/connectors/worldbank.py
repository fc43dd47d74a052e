"""Indicators of the World Bank's API (version 2, JSON), its pages one after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.refresh.connectors.errors import DEFAULT_REMEDY, fault, listed
from analysis.refresh.connectors.layout import Layout, read_options
from analysis.refresh.connectors.texts import read_json
from analysis.refresh.connectors.tidy import tidy

_RECORD_KEYS = ("country", "countryiso3code", "date", "value")
_HEAD_KEYS = ("page", "pages", "total")
_MAX_PAGES = 1_000  # each is a request
_RETRY_LATER = "the service may be busy: refresh again later"


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
    pages: list[Sequence[Any]] = []
    end = 0
    try:
        written = raw.decode("utf-8-sig").rstrip()
        while end < len(written):
            start = end + len(written[end:]) - len(written[end:].lstrip())
            page, end = read_json(written, start)
            pages.append(_checked(page, len(pages) + 1))
    except ValueError as error:
        raise fault(f"page {len(pages) + 1}", expected="JSON", found=str(error)) from error
    if not pages:
        raise fault("the file", expected="a page of JSON", found="nothing")
    return pages


def _checked(page: Any, number: int) -> Sequence[Any]:
    place = f"page {number}"
    content: list[Any] = page if isinstance(page, list) else []
    head = content[0] if content else page
    if isinstance(head, dict) and {"message", "statusCode"} & set(head):
        raise fault(place, expected="observations", found=_message(head), remedy=_remedy(head))
    if not (isinstance(head, dict) and set(_HEAD_KEYS) <= set(head) and len(content) > 1):
        raise fault(place, expected="a head and observations", found=str(page)[:80])
    for name in _HEAD_KEYS:
        if not str(head[name]).isdecimal():
            raise fault(f"{place}, '{name}'", expected="a number", found=repr(head[name])[:40])
    if int(head["pages"]) > _MAX_PAGES:
        remedy = "ask for more observations a page, with per_page in its url"
        raise fault(
            place, expected=f"at most {_MAX_PAGES} pages", found=head["pages"], remedy=remedy
        )
    if not isinstance(content[1], list | None):
        raise fault(place, expected="a list of observations", found=str(content[1])[:80])
    return content


def _remedy(head: Mapping[str, Any]) -> str:
    return _RETRY_LATER if "statusCode" in head else DEFAULT_REMEDY


def _message(head: Mapping[str, Any]) -> str:
    """The error of the service: a list of messages, or a status and a text."""
    message = head.get("message")
    if isinstance(message, list):
        words = [each.get("value") if isinstance(each, dict) else each for each in message]
        return f"the message {listed(words)}"
    status = f"the status {head['statusCode']}" if "statusCode" in head else ""
    text = f"the message {message!r}" if message else ""
    return " and ".join(filter(None, (status, text)))


def _row(record: Any, number: int, given: Options) -> tuple[Any, ...]:
    place = f"observation {number}"
    if not isinstance(record, dict):
        raise fault(place, expected="an object", found=repr(record)[:80])
    if gone := [key for key in ("indicator", *_RECORD_KEYS) if key not in record]:
        raise fault(place, expected=f"the keys {listed(gone)}", found=listed(record))
    if (found := _part(record, "indicator", "id", place)) != given.indicator:
        raise fault(place, expected=f"the indicator {given.indicator}", found=found)
    _, iso3, period, value = (record[key] for key in _RECORD_KEYS)
    return iso3, _part(record, "country", "value", place), period, value


def _part(record: Mapping[str, Any], key: str, part: str, place: str) -> Any:
    if not isinstance(whole := record[key], dict) or part not in whole:
        found = repr(whole)[:80]
        raise fault(place, expected=f"'{key}' as an object with '{part}'", found=found)
    return whole[part]
