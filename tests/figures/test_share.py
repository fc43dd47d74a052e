"""The figure of shares: what is open is drawn without a likely place, and nothing overlaps."""

from __future__ import annotations

import pytest
from builders import claim, evidence, frame, run

from analysis import figures

LONG = "other machines and mechanical appliances with individual functions"
DIVISION = {
    "part": "goods",
    "table": "t/goods",
    "value": "pct",
    "percent": True,
    "by": "code",
    "time": "year",
    "period": "{period}",
    "where": {},
}


def goods(**shares: float) -> evidence:
    rows = [{"year": 2023, "code": code, "pct": pct} for code, pct in shares.items()]
    return evidence({"t/goods": frame(rows)})


def summed(**changes):
    usual = {
        "divisions": [DIVISION],
        "claimed": 50,
        "mappings": {"m": {LONG: ["a"], "cars": ["b"]}},
        "mapping": "m",
        "period": "2023",
    }
    return claim("share", {**usual, **changes}, grid={"period": ["2022", "2023"]})


def held(criterion: str = "share"):
    conditions = [{"part": f"part {of}", "division": "", "of": of} for of in "abz"]
    parameters = {
        "asks": "holds",
        "divisions": [{**DIVISION, "members": "{region}"}],
        "claimed": 2,
        "unit": "of 3 parts",
        "comparison": "at_least",
        "conditions": conditions,
        "criterion": criterion,
        "bar": 45,
        "region": "all",
        "regions": {"all": ["a", "b", "z"]},
        "period": "2023",
    }
    return claim("share", parameters)


def gained():
    parameters = {
        "asks": "gain",
        "divisions": [DIVISION],
        "claimed": 0.5,
        "unit": "percentage points",
        "of": "a",
        "lost": "b",
        "base": "2022",
        "period": "2023",
    }
    return claim("share", parameters)


MOVED = evidence(
    {
        "t/goods": frame(
            [
                {"year": year, "code": code, "pct": pct}
                for year, shares in ((2022, (10, 50, 20)), (2023, (10.1, 30, 45)))
                for code, pct in zip(("a", "b", LONG), shares, strict=True)
            ]
        )
    }
)
NASTY = {
    "whole": (summed(), goods(a=30, b=25, c=40)),
    "open": (summed(), goods(a=30)),
    "empty": (summed(), goods(c=30)),
    "nothing": (summed(period="2022"), goods(a=30, b=25)),
    "many": (summed(), goods(a=30, b=1, **{f"n{i}": 3 for i in range(20)})),
    "conditions": (held(), goods(a=60, b=30)),
    "ranks": (held("rank"), goods(a=60, b=30)),
    "gain": (gained(), MOVED),
}


@pytest.mark.parametrize("name", NASTY)
def test_every_word_has_its_place(name, misplaced):
    drawing = figures.share(*run(*NASTY[name]))
    assert misplaced(drawing) == []
    assert drawing.svg() == figures.share(*run(*NASTY[name])).svg()


def test_the_plotted_numbers_and_the_alt_text():
    drawing = figures.share(*run(*NASTY["whole"]))
    shown = drawing.data.set_index("label")["value"].to_dict()
    assert shown == {"more than 50 percent": 50, "together": 55, LONG: 30, "cars": 25, "c": 40}
    assert "Together: 55 (passes)" in drawing.alt
    assert drawing.data.loc[2, "source_id"] == "s"


def test_a_part_that_no_row_tells_has_no_mark_but_a_bar():
    drawing = figures.share(*run(*NASTY["open"]))
    cars = drawing.data.set_index("label").loc["cars"]
    assert (cars["low"], cars["high"], cars["outcome"]) == (0, 100, "no row: any share")


def test_where_the_preferred_choice_has_no_row_another_one_is_shown():
    drawing = figures.share(*run(*NASTY["nothing"]))
    assert "nearest specification with evidence: 2023" in drawing.summary
    assert "Together: 55" in drawing.alt


def test_a_shift_share_table_from_the_largest_gain_down():
    drawing = figures.share(*run(*NASTY["gain"]))
    assert drawing.data["label"].tolist()[1:] == [LONG, "a", "all others", "b"]
    assert "b: -20.0 (50.0 to 30.0 %) (lost)" in drawing.alt


@pytest.mark.parametrize("name", ["whole", "open", "many", "conditions", "gain"])
def test_a_tidy_frame_is_drawn_again(name):
    data = figures.share(*run(*NASTY[name])).data
    again = figures.share(data[data["label"] != "c"])
    names = {text.get_text() for text in again.axes[0].texts}
    assert "c" not in names
    assert {"cars", "a"} & names or name == "conditions"
