"""Ranking: places, precision with open places, marginal items, checklists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.ranking import Ranking


def goods(**shares: float) -> Frames:
    rows = [{"code": code, "pct": pct, "rank": None} for code, pct in shares.items()]
    return Frames({"t/goods": frame(rows)})


RECIPE = {
    "part": "goods",
    "table": "t/goods",
    "value": "pct",
    "percent": True,
    "by": "code",
    "where": {},
}
LIST = Ranking(
    asks="precision",
    claimed=0.5,
    k=2,
    lists=[RECIPE],
    named={"first": {"HS": ["a"]}, "second": {"HS": ["c"]}},
    classification="HS",
)
WHOLE = goods(a=50, b=30, c=15, d=5)


def outcome(method: Ranking, table: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(table))


def test_precision_on_a_whole_list():
    estimate = LIST.estimate(WHOLE)
    assert (estimate.low, estimate.value, estimate.high) == (0.5, 0.5, 0.5)
    assert "1 of the 2 codes that are surely in the top 2 are named" in estimate.note
    assert "cover 65.0 percent" in estimate.note
    assert "Kendall's tau +1.00" in estimate.note
    assert [p.label for p in estimate.points] == ["first", "second", "code b"]
    assert outcome(LIST, WHOLE) is Outcome.PASS


def test_the_largest_item_must_be_named():
    wrong = replace(LIST, named={"x": {"HS": ["b"]}, "y": {"HS": ["c"]}})
    assert wrong.estimate(WHOLE).value == 0
    assert "counted as 0 for the largest item" in wrong.estimate(WHOLE).note
    assert replace(wrong, largest=False).estimate(WHOLE).value == 0.5


def test_marginal_items_fail_the_list():
    strict = replace(LIST, marginal=1, least=20)
    assert strict.estimate(WHOLE).value == 0
    assert replace(LIST, asks="marginal", claimed=1, least=20).estimate(WHOLE).value == 1
    assert replace(LIST, asks="marginal", claimed=1, top=2).estimate(WHOLE).value == 1
    assert replace(LIST, asks="marginal", claimed=0).estimate(WHOLE).value == 0


def test_what_is_not_named_leaves_places_open():
    partly = goods(a=50, b=30)
    estimate = LIST.estimate(partly)
    assert (estimate.low, estimate.high) == (0.5, 0.5)  # c has at most 20: third at best
    estimate = LIST.estimate(goods(a=60))
    assert (estimate.low, estimate.high) == (0.5, 1.0)
    assert LIST.estimate(goods(b=30)).note == "no named item has a row in t/goods"
    assert replace(LIST, widest=0.2, claimed=0.7).estimate(goods(a=60)).flags == ("thin",)


def test_a_printed_list_caps_what_is_not_named():
    table = goods(a=40, b=20)
    table["t/goods"]["rank"] = [1.0, 2.0]
    most = {"table": "t/goods", "value": "pct", "rank": "rank", "where": {}, "at": "last"}
    sure = replace(LIST, lists=[{**RECIPE, "most": most}])
    estimate = sure.estimate(table)
    assert (estimate.low, estimate.high) == (0.5, 0.5)
    assert LIST.estimate(table).high == 1.0


def test_labels_with_one_code_count_apart_or_once():
    twins = {"p": {"HS": ["a"]}, "q": {"HS": ["a"]}, "r": {"HS": ["d"]}}
    apart = replace(LIST, named=twins)
    assert apart.estimate(WHOLE).value == pytest.approx(2 / 3)
    once = replace(apart, same_code="once").estimate(WHOLE)
    assert once.value == 0.5
    assert once.points[0].label == "p, q"
    with pytest.raises(ParameterError, match="'p' has no codes in 'SITC'; known: HS"):
        replace(apart, classification="SITC").estimate(WHOLE)


@given(
    st.lists(st.integers(1, 1000), min_size=3, max_size=8, unique=True),
    st.data(),
)
def test_precision_lies_within_its_bounds(sizes, data):
    """Whatever part of the list a table tells, the precision on the whole list is allowed."""
    whole = {f"c{i}": 100 * size / sum(sizes) for i, size in enumerate(sizes)}
    named = data.draw(st.lists(st.sampled_from(sorted(whole)), min_size=1, max_size=4, unique=True))
    rows = data.draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
    items = {code: {"HS": [code]} for code in named}
    for largest in (True, False):
        method = replace(LIST, named=items, k=3, largest=largest, asks="precision")
        truth = method.estimate(goods(**whole)).value
        found = method.estimate(goods(**{code: whole[code] for code in rows}))
        if found.value is not None:
            assert found.low <= truth + 1e-9
            assert truth <= found.high + 1e-9


PARTNERS = Frames(
    {
        "t/ranks": frame(
            [
                {"reporter": "n", "of": "s", "year": 2023, "rank": 3},
                {"reporter": "s", "of": "n", "year": 2023, "rank": 4},
                {"reporter": "s", "of": "n", "year": 2023, "rank": 6, "source_id": "other"},
            ]
        )
    }
)
PLACE = Ranking(
    asks="place",
    claimed=5,
    period="2023",
    pairs=[
        {"part": "s in n", "reporter": "n", "of": "s"},
        {"part": "n in s", "reporter": "s", "of": "n"},
    ],
    lists=[
        {
            "part": "rank",
            "table": "t/ranks",
            "value": "rank",
            "printed": True,
            "where": {"reporter": "{reporter}", "of": "{of}", "year": "{period}"},
        }
    ],
)


def test_the_worst_place_counts_with_what_sources_say():
    estimate = PLACE.estimate(PARTNERS)
    assert (estimate.low, estimate.value, estimate.high) == (4, 4, 6)
    assert outcome(PLACE, PARTNERS) is Outcome.UNCLEAR
    assert estimate.disagreement == 2
    assert outcome(PLACE, PARTNERS.drop_family("other")) is Outcome.PASS
    assert replace(PLACE, period="2022").estimate(PARTNERS).value is None


def test_a_place_counted_from_values():
    lists = [{**RECIPE, "percent": True}]
    counted = replace(PLACE, lists=lists, pairs=[{"part": "b", "reporter": "", "of": "b"}])
    assert counted.estimate(WHOLE).value == 2
    assert counted.estimate(goods(a=50, b=10)).high == 5


INSTRUMENTS = Frames(
    {
        "t/list": frame(
            [
                {"who": "in", "ok": "yes", "kind": "treaty", "signed_on": "2018-01-01"},
                {"who": "x", "ok": "yes", "kind": "treaty", "signed_on": "1990"},
                {"who": "y", "ok": "unclear", "kind": "note", "signed_on": None},
                {"who": "y", "ok": "no", "kind": "note", "signed_on": "2020-01-01"},
            ]
        )
    }
)
CHECK = Ranking(
    asks="listed",
    claimed=1,
    members=["x", "y", "z"],
    must=["in"],
    table="t/list",
    by="who",
    status="ok",
)


def test_a_checklist_counts_members_once():
    estimate = CHECK.estimate(INSTRUMENTS)
    assert estimate.value == 1
    assert {str(citation) for citation in estimate.citations} == {"t/list:2", "t/list:3"}
    assert [point.value for point in estimate.points] == [1.0, 1.0, 0.5, 0.0]
    assert replace(CHECK, unclear="in").estimate(INSTRUMENTS).value == 2
    assert replace(CHECK, after="2016-05-20").estimate(INSTRUMENTS).value == 0
    assert replace(CHECK, kinds=["note"]).estimate(INSTRUMENTS).note == "without in"
    nobody = replace(CHECK, where={"kind": "pact"}).estimate(INSTRUMENTS)
    assert nobody.note == "no row of t/list where {'kind': 'pact'}"


RANKS = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@given(st.lists(RANKS, min_size=1, max_size=3), st.sampled_from(["at_most", "at_least", "equals"]))
def test_a_claim_of_several_places_is_as_good_as_its_worst(places, comparison):
    rows = [
        {"who": str(who), "rank": rank, "source_id": f"s{i}"}
        for who, ranks in enumerate(places)
        for i, rank in enumerate(ranks)
    ]
    printed = {"part": "p", "printed": True, "table": "t/r", "value": "rank",
               "where": {"who": "{of}"}}  # fmt: skip
    pairs = [{"part": str(who), "of": str(who)} for who in range(len(places))]
    method = Ranking(claimed=2, comparison=comparison, lists=[printed], pairs=pairs)
    known = Frames({"t/r": frame(rows)})
    each = [outcome(replace(method, pairs=[pair]), known) for pair in pairs]
    assert outcome(method, known) == min(each)


def test_exactly_second_is_neither_first_nor_third():
    pairs = [{"part": "b", "of": "b"}]
    second = Ranking(claimed=2, comparison="equals", lists=[RECIPE], pairs=pairs)
    assert outcome(second, WHOLE) is Outcome.PASS
    assert outcome(replace(second, claimed=1), WHOLE) is Outcome.FAIL
    assert outcome(replace(second, claimed=3), WHOLE) is Outcome.FAIL
    assert outcome(replace(second, claimed=3, comparison="at_most"), WHOLE) is Outcome.PASS
    assert outcome(replace(second, claimed=3, comparison="at_least"), WHOLE) is Outcome.FAIL
    with pytest.raises(ParameterError, match="`comparison` is for ranks"):
        outcome(replace(LIST, comparison="at_most"), WHOLE)
