from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest

from analysis.data.loading import Misfit, shape
from analysis.errors import ClaimsError, DataError
from analysis.yamlfile import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    start: str = field(metadata={"key": "from"})
    years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    name: str
    size: Literal["small", "large"]
    count: int = 0
    terms: bool | Literal["unstated"] = False
    at: str | int = ""
    spans: tuple[Span, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    anything: object = None

    def __post_init__(self):
        if self.count < 0:
            raise Misfit("below zero", "count")


@pytest.fixture
def shaped(tmp_path):
    def make(text, **keywords):
        path = tmp_path / "some.yaml"
        path.write_text(text)
        value, marks = read(path)
        return shape(Thing, value, marks, **keywords)

    return make


def test_a_mapping_becomes_the_dataclass(shaped):
    thing = shaped(
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
        ("size: large\n", "some.yaml:1:1: the key 'name' is missing"),
        (
            "name: a\nsize: large\nconut: 3\n",
            "some.yaml:3:1: unknown key 'conut' (did you mean 'count'?)",
        ),
        (
            "name: a\nsize: large\nzzzz: 3\n",
            "some.yaml:3:1: unknown key 'zzzz': known are name, size, count",
        ),
        ("name: 7\nsize: large\n", "some.yaml:1:1: expected text, found 7"),
        (
            "name: a\nsize: larg\n",
            "some.yaml:2:1: expected one of small, large (did you mean 'large'?), found 'larg'",
        ),
        ("name: a\nsize: large\ncount: true\n", "some.yaml:3:1: expected an integer, found true"),
        ("name: a\nsize: large\ncount: 1.5\n", "some.yaml:3:1: expected an integer, found 1.5"),
        ("name: a\nsize: large\ncount: -1\n", "some.yaml:3:1: below zero"),
        (
            "name: a\nsize: large\nterms: maybe\n",
            "some.yaml:3:1: expected true or false or unstated, found 'maybe'",
        ),
        (
            "name: a\nsize: large\nat: [1]\n",
            "some.yaml:3:1: expected text or an integer, found a list",
        ),
        (
            "name: a\nsize: large\nspans: {from: x}\n",
            "some.yaml:3:1: expected a list, found keys and values",
        ),
        (
            "name: a\nsize: large\nspans: [{from: x, years: y}]\n",
            "some.yaml:3:19: expected a number, found 'y'",
        ),
        ("name: a\nsize: large\nspans: [3]\n", "some.yaml:3:9: expected keys and values, found 3"),
        ("name: a\nsize: large\nnames: {k: 1}\n", "some.yaml:3:9: expected text, found 1"),
        ("name:\nsize: large\n", "some.yaml:1:1: expected text, found nothing"),
        ("- name\n", "some.yaml:1:1: expected keys and values, found a list"),
    ],
)
def test_a_misfit_names_its_place(shaped, text, message):
    with pytest.raises(DataError) as caught:
        shaped(text)
    assert str(caught.value).startswith(message)


def test_what_is_given_is_not_read_from_the_file(shaped):
    assert shaped("size: large\n", name="given").name == "given"
    with pytest.raises(ClaimsError, match="unknown key 'name'"):
        shaped("name: a\nsize: large\n", name="given", error=ClaimsError)
