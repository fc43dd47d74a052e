"""Membership: standings of the best supported rows, counted over a list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from frames import Frames, frame
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.methods.estimate import Outcome
from analysis.methods.membership import Membership

BODIES = ["A", "B", "C", "D"]
NONE = Membership(
    table="t/m", body="body", status="status", counts=["full"], roster="four",
    rosters={"four": BODIES, "all": [], "two": ["A", "B"]}, as_of="2024-12-10", claimed=0,
    where={"member": "X"}, silent=["listed"], outside=["out"],
)  # fmt: skip
BLANK = {"member": "X", "since": None, "until": None, "as_of": None}


def known(*rows: dict) -> Frames:
    return Frames({"t/m": frame([{**BLANK, **row} for row in rows])})


def standing(body: str, status: str, **more) -> dict:
    return {"body": body, "status": status, **more}


def everywhere(status: str) -> list[dict]:
    return [standing(body, status) for body in BODIES]


def outcome(method: Membership, evidence: Frames) -> Outcome | None:
    return method.pass_criterion.outcome(method.estimate(evidence))


@pytest.mark.parametrize(("joined", "expected"), [(0, 1), (1, 0), (2, 0), (3, -1), (4, -1)])
def test_up_to_the_tolerance_it_is_left_open(joined, expected):
    rows = [standing(body, "full" if i < joined else "out") for i, body in enumerate(BODIES)]
    assert outcome(replace(NONE, tolerance=2), known(*rows)) == expected


def test_a_share_counts_all_bodies_of_the_list():
    share = replace(NONE, measure="share", comparison="below", claimed=0.5)
    estimate = share.estimate(known(standing("A", "full"), *everywhere("out")[1:]))
    assert (estimate.value, estimate.low, estimate.high) == (0.25, 0.25, 0.25)
    assert share.pass_criterion.outcome(estimate) is Outcome.PASS
    assert estimate.n == 4


@pytest.mark.parametrize("row", [None, standing("D", "listed")])
def test_silence_is_neither_in_nor_out(row):
    rows = [standing(body, "out") for body in "ABC"]
    estimate = NONE.estimate(known(*rows, *([row] if row else [])))
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (0, 0, 1, 3)
    assert estimate.disagreement == 0
    assert estimate.points[-1].label == "D"
    assert (estimate.points[-1].low, estimate.points[-1].high) == (0, 1)


def test_nothing_on_any_body_is_no_evidence():
    assert NONE.estimate(known(standing("Z", "full"))).value is None
    silent = NONE.estimate(known(standing("A", "listed")))
    assert silent.note == "no row of t/m says of any of 4 bodies"


def test_the_highest_grade_decides_then_the_most_recent():
    others = [standing(body, "out") for body in "BCD"]
    old = standing("A", "out", as_of="1990", source_id="book", grade=3)
    new = standing("A", "full", as_of="2019-07", source_id="blog", grade=1)
    estimate = NONE.estimate(known(new, old, *others))
    assert (estimate.value, estimate.low, estimate.high) == (0, 0, 1)
    assert estimate.disagreement == 1
    newer = {**new, "grade": 3}
    estimate = NONE.estimate(known(newer, old, *others))
    assert (estimate.value, estimate.low, estimate.high) == (1, 0, 1)
    assert [point.text for point in estimate.points[:2]] == ["2019-07 full", "1990 out"]


@pytest.mark.parametrize(
    ("row", "joined"),
    [
        ({"status": "full", "until": "2020"}, 0),  # has ended
        ({"status": "full", "until": "2025"}, 1),  # not yet
        ({"status": "full", "since": "2002"}, 1),
        ({"status": "full", "since": "2025-01"}, 0),  # began later: the row is silent
        ({"status": "full", "as_of": "2026-03"}, 0),  # stated for later, without a beginning
        ({"status": "full", "as_of": "2026-03", "since": "2002"}, 1),
        ({"status": "out", "until": "1980-05"}, 0),  # the end of an earlier seat
    ],
)
def test_what_holds_on_the_day(row, joined):
    estimate = NONE.estimate(known({"body": "A", **row}, *everywhere("out")[1:]))
    assert estimate.value == joined
    later = row.get("since") == "2025-01" or (row.get("as_of") == "2026-03" and "since" not in row)
    assert estimate.high == (1 if joined or later else 0)


def test_an_empty_list_is_every_body_of_the_member():
    rows = [*everywhere("full"), standing("Q", "full"), standing("R", "full", member="Y")]
    assert replace(NONE, roster="all").estimate(known(*rows)).value == 5
    assert replace(NONE, roster="two").estimate(known(*rows)).value == 2
    with pytest.raises(ParameterError, match=r"unknown roster 'tow' \(did you mean 'two'"):
        replace(NONE, roster="tow").estimate(known(*rows))


def test_a_count_rests_on_those_that_are_counted():
    rows = [standing("A", "full", grade=4), *(standing(b, "out", grade=1) for b in "BCD")]
    counted = NONE.estimate(known(*rows))
    assert [(c.part, c.grade) for c in counted.citations] == [("A", 4)]
    assert len(replace(NONE, measure="share").estimate(known(*rows)).citations) == 4
    assert len(NONE.estimate(known(*everywhere("out"))).citations) == 4


STATUS = st.sampled_from(["full", "out", "listed", "part"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(BODIES), STATUS, st.integers(1, 4)), min_size=1))
def test_wider_definitions_never_count_less(found):
    rows = [
        standing(body, status, grade=grade, source_id=f"s{i}")
        for i, (body, status, grade) in enumerate(found)
    ]
    narrow = NONE.estimate(known(*rows))
    wide = replace(NONE, counts=["full", "part"]).estimate(known(*rows))
    if narrow.value is not None:
        assert narrow.value <= wide.value
        assert narrow.low <= wide.low
        assert narrow.high <= wide.high
        assert narrow.high <= len(BODIES)
