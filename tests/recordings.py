"""Recorded files of publishers, read as the audit would, and the pinned rows they must give."""

import csv
from functools import cache
from pathlib import Path

import yaml

from analysis.refresh.connectors.registry import connector

HERE = Path(__file__).parent / "refresh" / "connectors"
DATA = Path(__file__).parents[1] / "data"
RECORDED = yaml.safe_load((HERE / "recorded.yaml").read_text(encoding="utf-8"))


def raw(name):
    return (HERE / "fixtures" / RECORDED[name]["file"]).read_bytes()


def read(name, content=None, **changed):
    entry = RECORDED[name]
    options = {**entry["options"], **changed}
    return connector(entry["connector"]).read(raw(name) if content is None else content, options)


def pinned(table, where):
    """The rows of a pinned table for which each column has one of its words."""
    return [
        dict(row)
        for row in _rows(table)
        if all(row[name] in words for name, words in where.items())
    ]


@cache
def _rows(table):
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def spelled(frame, columns):
    """The rows as a CSV spells them, numbers to twelve digits, sorted."""
    assert sorted(frame) == sorted(columns)
    return sorted(
        tuple(_spelled(value) for value in row)
        for row in frame[list(columns)].itertuples(index=False)
    )


def spelled_pins(rows):
    return sorted(tuple(_spelled(_plain(cell)) for cell in row.values()) for row in rows)


def _plain(cell):
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell


def _spelled(value):
    if value is None or value != value:  # noqa: PLR0124  nan
        return ""
    try:
        return f"{float(value):.12g}"
    except ValueError:
        return str(value)
