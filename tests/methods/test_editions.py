"""Several editions of one source: the newest that was known decides, and no other one counts."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from frames import INFO, Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.catalog import Vintage
from analysis.errors import ParameterError
from analysis.methods.breaks import Breaks
from analysis.methods.editions import one_edition
from analysis.methods.level import Level
from analysis.methods.ranking import Ranking
from analysis.methods.share import Share
from analysis.methods.trend import Trend

DAY = date(2024, 12, 10)
YEARS = range(2008, 2024)
WHERE = {"place": "a", "year": 2023}


class Editions(Frames):
    """A table whose rows are editions, as its entry in the catalog says."""

    def table(self, name: str) -> SimpleNamespace:
        """With the column of the days of editions, and the key."""
        vintage = Vintage(column="edition", editions=True)
        info = {**INFO, "vintage": vintage, "key": ("place", "year", "source_id")}
        return SimpleNamespace(frame=self[name], info=SimpleNamespace(**info))

    def as_of(self, cutoff: date | None) -> Editions:
        return Editions(super().as_of(cutoff))


class Undeclared(Frames):
    """A table that says nothing of editions."""

    def table(self, name: str) -> SimpleNamespace:
        """With its key."""
        info = {**INFO, "key": ("place", "year", "source_id")}
        return SimpleNamespace(frame=self[name], info=SimpleNamespace(**info))


def edition(day: str, factor: float, **more) -> list[dict]:
    """One edition of two places in all years, by the one family."""
    return [
        {"place": place, "year": year, "v": factor * size * (year - 2000), "edition": day,
         "public_on": day, "source_id": f"s_{day}", "family": "s", **more}
        for year in YEARS
        for place, size in (("a", 1.0), ("b", 3.0))
    ]  # fmt: skip


def table(*editions: list[dict]) -> Editions:
    return Editions({"t/t": frame([row for rows in editions for row in rows])})


NEWEST = {"table": "t/t", "value": "v", "editions": "newest"}
DIVISION = {**NEWEST, "part": "p", "by": "place", "where": {"year": 2023}, "members": ["a", "b"]}
METHODS = {
    "level": Level(measures=[{"terms": [{**NEWEST, "where": WHERE}]}], claimed=1, unit="t"),
    "share": Share(divisions=[DIVISION], claimed=1, of="a"),
    "ranking": Ranking(lists=[DIVISION], pairs=[{"part": "p", "of": "a"}], claimed=2),
    "trend": Trend(indices=[{**NEWEST, "index": "i", "time": "year", "where": {"place": "a"}}]),
    "breaks": Breaks(
        all_series={"x": {**NEWEST, "time": "year", "where": {"place": "a"}}}, series="x"
    ),
}
FACTORS = st.floats(0.5, 2.0)


def found(name: str, known: Editions, cutoff: date | None) -> tuple:
    estimate = METHODS[name].estimate(known.as_of(cutoff))
    return estimate.value, estimate.low, estimate.high, estimate.n


@given(st.sampled_from([*METHODS]), FACTORS, FACTORS, st.sampled_from([DAY, None]))
def test_an_older_edition_never_changes_a_value(name, own, older, cutoff):
    now = edition("2024-11-27", own)
    both = found(name, table(edition("2024-08-29", older), now), cutoff)
    assert both == found(name, table(now), cutoff)


@given(st.sampled_from([*METHODS]), FACTORS, FACTORS)
def test_a_newer_edition_after_the_day_never_changes_the_publication(name, own, newer):
    now = edition("2024-11-27", own)
    both = table(now, edition("2024-12-20", newer))
    assert found(name, both, DAY) == found(name, table(now), DAY)


def test_the_newest_edition_decides_at_each_day():
    known = table(edition("2024-08-29", 1.0), edition("2024-11-27", 1.1), edition("2025", 1.2))
    at = {day: METHODS["level"].estimate(known.as_of(day)) for day in (DAY, None)}
    assert [at[day].value for day in at] == pytest.approx([1.1 * 23, 1.2 * 23])
    assert [each.sources for each in at.values()] == [("s_2024-11-27",), ("s_2025",)]
    assert at[None].disagreement == 0


@pytest.mark.parametrize("name", METHODS)
def test_of_declared_editions_the_newest_is_the_default(name):
    known = table(edition("2024-08-29", 1.0), edition("2024-11-27", 1.1))
    assert _silent(METHODS[name]).estimate(known) == METHODS[name].estimate(known)


def test_a_recipe_that_names_a_source_means_that_edition():
    known = table(edition("2024-08-29", 1.0), edition("2024-11-27", 1.1))
    where = {**WHERE, "source_id": "s_2024-08-29"}
    terms = [{"table": "t/t", "value": "v", "where": where}]
    named = Level(measures=[{"terms": terms}], claimed=1, unit="t")
    assert named.estimate(known).value == pytest.approx(23.0)


def _silent(method):
    """The method without the word in its recipes."""
    return type(method)(**{
        name: _without(getattr(method, name)) for name in method.__dataclass_fields__
    })  # fmt: skip


def _without(value):
    if isinstance(value, dict):
        return {key: _without(each) for key, each in value.items() if key != "editions"}
    return [_without(each) for each in value] if isinstance(value, list) else value


def test_what_came_out_later_stands_in_only_where_nothing_of_the_time_is_there():
    own = edition("2024-11-27", 1.0)
    late, later = (edition(day, 2.0, later_edition=True) for day in ("2025-02", "2025-06"))
    kept = one_edition(table(late, own, later)["t/t"], NEWEST, table(own))
    assert set(kept["edition"]) == {"2024-11-27"}
    alone = one_edition(table(later, late)["t/t"], NEWEST, table(own))
    assert set(alone["edition"]) == {"2025-02"}


def test_a_read_of_a_later_day_is_an_edition_of_its_source():
    rows = [
        {"place": "a", "year": 2023, "v": v, "source_id": source, "public_on": day}
        for v, source, day in ((1.0, "desk", "2024"), (2.0, "desk__20250602", "2025-06-02"))
    ]
    known = Undeclared({"t/t": frame(rows)})
    assert len(one_edition(known["t/t"], NEWEST, known)) == 1
    with pytest.raises(ParameterError, match=r"2 editions of one observation: t/t:.* newest"):
        one_edition(known["t/t"], {"table": "t/t"}, known)
