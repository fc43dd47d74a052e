"""The figure of standings: every body in its column, every definition with its share."""

from __future__ import annotations

from dataclasses import replace

import builders
import pytest

from analysis import figures

BODIES = ["World Trade Body", "Pacific Forum", "Bank of All", "Club of Twenty", "Silent Union"]
WORDS = {"full member": ["full"], "observer": ["observer"], "not a member": ["out"],
         "not stated": ["listed"]}  # fmt: skip


def made(**changes):
    parameters = {
        "table": "t/m", "body": "body", "status": "status", "counts": ["full"],
        "roster": "all_five", "rosters": {"all_five": BODIES, "two": BODIES[:2], "table": []},
        "as_of": "2024-12-10", "claimed": 0, "tolerance": 2, "silent": ["listed"],
        "outside": ["out"], "groups": WORDS, **changes,
    }  # fmt: skip
    return builders.claim(
        "membership", parameters,
        grid={"roster": ["all_five", "two", "table"], "counts": [["full"], ["full", "observer"]]},
        tables=("t/m",),
    )  # fmt: skip


def known(*standings) -> builders.evidence:
    rows = [
        {"body": body, "status": status, "since": None, "until": None, "as_of": text,
         "source_id": f"source_{i}", "grade": grade}
        for i, (body, status, text, grade) in enumerate(standings)
    ]  # fmt: skip
    return builders.evidence({"t/m": builders.frame(rows)})


SOME = known(
    (BODIES[0], "full", "2011-05", 4),
    (BODIES[1], "out", "1988", 3),
    (BODIES[1], "observer", "2019-07", 1),
    (BODIES[2], "out", "2015-04", 3),
    (BODIES[4], "listed", "2019", 1),
    ("A body with a name that is longer by far than the room that it is given", "odd", "2020", 2),
)  # fmt: skip


def test_each_body_stands_in_its_column(misplaced):
    drawing = figures.membership(*builders.run(made(), SOME))
    data = drawing.data
    standing = data[data["mark"] == "standing"].set_index("label")
    assert list(standing.index) == BODIES
    assert standing["group"].tolist() == [
        "full member", "not a member", "not a member", "not stated", "not stated",
    ]  # fmt: skip
    assert standing["outcome"].tolist() == [
        "counts", "does not count", "does not count", "left open", "left open",
    ]  # fmt: skip
    assert data[data["mark"] == "also"]["group"].tolist() == ["observer"]
    assert misplaced(drawing) == []


def test_each_definition_has_its_share():
    drawing = figures.membership(*builders.run(made(), SOME))
    shares = drawing.data[drawing.data["mark"] == "share"].set_index("label")
    assert len(shares) == 6
    assert shares.loc["all five: full member", "text"] == "1 of 5"
    assert shares.loc["all five: full member", "value"] == pytest.approx(20)
    assert shares.loc["all five: full member, observer", "high"] == pytest.approx(80)
    assert shares.loc["two: full member", ["group", "text"]].tolist() == ["alternative", "1 of 2"]


def test_the_words_tell_what_the_marks_show():
    drawing = figures.membership(*builders.run(made(), SOME))
    assert "Status “full member” in 1 (1 to 3, as some are left open) of 5 bodies." in drawing.alt
    assert "Not a member: Pacific Forum, Bank of All." in drawing.alt
    assert "needed: none." in drawing.alt


def test_a_share_is_given_in_bodies():
    claim = made(measure="share", comparison="below", claimed=0.5, tolerance=0)
    alt = figures.membership(*builders.run(claim, SOME)).alt
    assert "in 1 (1 to 3, as some are left open) of 5 bodies." in alt
    assert "needed: less than 50% of bodies." in alt


def test_the_words_are_those_of_the_columns_and_of_the_claim():
    rows = [{"month": f"2024-0{i}", "change": "rise", "since": None, "until": None,
             "as_of": "2024-12"} for i in range(1, 7)]  # fmt: skip
    claim = made(body="month", status="change", counts=["rise"], outside=["fall"], groups={},
                 roster="table", claimed=6, comparison="at_least", tolerance=0)  # fmt: skip
    evidence = builders.evidence({"t/m": builders.frame(rows)})
    drawing = figures.membership(*builders.run(replace(claim, grid={}), evidence))
    assert drawing.summary == "Status “rise” in 6 of 6 months. Needed: at least 6 months."
    assert set(drawing.data[drawing.data["mark"] == "standing"]["group"]) == {"rise"}
    words = f"{drawing.alt} {drawing.data.to_csv()} {drawing.title}".lower()
    assert [word for word in ("member", "bod", "join") if word in words] == []


def test_a_table_of_other_words_and_many_bodies(misplaced):
    many = known(*((f"Body of the number {i}", "odd", "2020", 3) for i in range(60)))
    claim = made(roster="table")
    drawing = figures.membership(*builders.run(claim, many))
    assert set(drawing.data[drawing.data["mark"] == "standing"]["group"]) == {"other"}
    assert misplaced(drawing) == []


def test_no_evidence_at_all(misplaced):
    claim = replace(made(), grid={})  # the choice of the table's own bodies would find one
    drawing = figures.membership(*builders.run(claim, known(("Elsewhere", "full", "2020", 4))))
    text = " ".join(item.get_text() for item in drawing.figure.texts)
    assert "No admissible evidence" in text
    assert misplaced(drawing) == []


def test_a_tidy_frame_is_drawn_again():
    made_one = figures.membership(*builders.run(made(), SOME))
    again = figures.membership(made_one.data)
    assert len(again.axes[0].texts) == len(made_one.axes[0].texts)
    alone = figures.membership(made_one.data.query("mark != 'share'"))
    assert (len(again.axes), len(alone.axes)) == (2, 1)
