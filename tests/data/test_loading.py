from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given, strategies

from analysis.data.loading import GIVEN_NAME, LINE, Checked, Misfit, load
from analysis.errors import DataError
from analysis.yamlfile import Marks, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    start: str = field(metadata={"key": "from"})
    years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Checked):
    name: str
    size: Literal["small", "large"]
    count: int = 0
    terms: bool | Literal["unstated"] = False
    at: str | int = ""
    spans: tuple[Span, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    anything: object = None

    def _misfits(self):
        if self.count < 0:
            yield Misfit("below zero", "count")
        if self.name == self.size:
            yield Misfit("the same as 'size'", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str = field(metadata=GIVEN_NAME)
    line: int = field(metadata=LINE)
    thing: Thing


@pytest.fixture
def loaded(tmp_path):
    def make(text, kind=Thing):
        path = tmp_path / "some.yaml"
        path.write_text(text)
        value, marks = read(path)
        return load(kind, value, marks)

    return make


def test_a_mapping_becomes_the_dataclass(loaded):
    thing = loaded(
        "name: a\nsize: large\nspans: [{from: x, years: 2}]\nnames: {k: v}\nanything: [1]\nat: 3\n"
    )
    assert thing == Thing(
        name="a",
        size="large",
        at=3,
        spans=(Span(start="x", years=2.0),),
        names={"k": "v"},
        anything=[1],
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("size: large\n", "some.yaml:1:1: missing key 'name'"),
        (
            "name: a\nsize: large\nconut: 3\n",
            "some.yaml:3:1: unknown key 'conut' (did you mean 'count'?)",
        ),
        (
            "name: a\nsize: large\nzzzz: 3\n",
            "some.yaml:3:1: unknown key 'zzzz'; expected one of: name, size, count",
        ),
        ("name: 7\nsize: large\n", "some.yaml:1:1: expected text, found 7"),
        (
            "name: a\nsize: larg\n",
            "some.yaml:2:1: \"larg\" is not allowed (did you mean 'large'?); expected one of",
        ),
        ("name: a\nsize: large\ncount: true\n", "some.yaml:3:1: expected a whole number, found t"),
        ("name: a\nsize: large\ncount: 1.5\n", "some.yaml:3:1: expected a whole number, found 1.5"),
        ("name: a\nsize: large\ncount: -1\n", "some.yaml:3:1: below zero"),
        (
            "name: a\nsize: large\nterms: maybe\n",
            "some.yaml:3:1: expected true or false or 'unstated', found \"maybe\"",
        ),
        (
            "name: a\nsize: large\nat: [1]\n",
            "some.yaml:3:1: expected text or a whole number, found [1]",
        ),
        (
            "name: a\nsize: large\nspans: {from: x}\n",
            'some.yaml:3:1: expected a list, found {"from": "x"}',
        ),
        (
            "name: a\nsize: large\nspans: [{from: x, years: y}]\n",
            'some.yaml:3:19: expected a number, found "y"',
        ),
        ("name: a\nsize: large\nspans: [3]\n", "some.yaml:3:9: expected keys and values, found 3"),
        ("name: a\nsize: large\nnames: {k: 1}\n", "some.yaml:3:9: expected text, found 1"),
        ("name:\nsize: large\n", "some.yaml:1:1: expected text, found null"),
        ("- name\n", 'some.yaml:1:1: expected keys and values, found ["name"]'),
    ],
)
def test_a_misfit_names_its_place(loaded, text, message):
    with pytest.raises(DataError) as caught:
        loaded(text)
    assert str(caught.value).startswith(message)


KNOWN = "name, size, count, terms, at, spans, names, anything"
FAULTY = """\
first:
  thing: {name: small, size: small, count: -1}
second:
  thing: {size: large, coutn: 2, spans: [{from: 3}, {}]}
third:
  thing: {name: a, size: large}
  extra: 1
"""


def test_all_faults_come_at_once_in_the_order_of_the_file(loaded):
    with pytest.raises(DataError) as caught:
        loaded(FAULTY, dict[str, Entry])
    assert [str(each) for each in caught.value.failures] == [
        "some.yaml:2:11: the same as 'size'",
        "some.yaml:2:37: below zero",
        "some.yaml:4:3: missing key 'name'",
        "some.yaml:4:24: unknown key 'coutn' (did you mean 'count'?); expected one of: " + KNOWN,
        "some.yaml:4:43: expected text, found 3",
        "some.yaml:4:53: missing key 'from'",
        "some.yaml:7:3: unknown key 'extra'; expected one of: thing",
    ]


def test_name_and_line_come_from_the_entry_and_not_from_its_keys(loaded):
    (entry,) = loaded("\nx: {thing: {name: a, size: large}}", dict[str, Entry]).values()
    assert (entry.name, entry.line) == ("x", 2)
    with pytest.raises(DataError, match="unknown key 'line'"):
        loaded("x: {line: 3, thing: {name: a, size: large}}", dict[str, Entry])


SCALARS = strategies.none() | strategies.booleans() | strategies.integers(-9, 9)
SCALARS |= strategies.sampled_from(["small", "large", "unstated", 1.5])
KEYS = strategies.sampled_from(
    ["name", "size", "count", "terms", "at", "spans", "names", "anything", "from", "years", 7]
)
VALUES = strategies.recursive(
    SCALARS, lambda inner: strategies.lists(inner) | strategies.dictionaries(KEYS, inner)
)
THINGS = strategies.fixed_dictionaries(
    {"name": strategies.just("a") | VALUES, "size": strategies.just("large") | VALUES},
    optional={"count": VALUES, "terms": VALUES, "spans": VALUES, "names": VALUES, "at": VALUES},
)


@given(value=VALUES | THINGS)
def test_any_value_is_the_dataclass_or_an_error(value):
    try:
        thing = load(Thing, value, Marks("some.yaml"))
    except DataError as error:
        thing = error
    if isinstance(thing, Thing):
        assert {"name": thing.name, "size": thing.size} == {k: value[k] for k in ("name", "size")}
        assert [span.start for span in thing.spans] == [x["from"] for x in value.get("spans", [])]
    else:
        assert all(each.place for each in thing.failures)
