"""Records in time against a claimed day, lag, stage, count or first."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.figures.figure import Drawing

LADDER = ["announced", "ground_broken", "completed", "pilot", "shown", "volume"]
LONG = "second plant with a very long name that says all that it will make one day"
USUAL = {"event_id": "e", "status": "", "actor": "x", "object": "thing", "place": "p"}


def drawn(*rows, vintage="publication", title="A made-up claim", **parameters) -> Drawing:
    full = [
        {**USUAL, "date_end": row["date_start"], "reported_on": row["date_start"], **row}
        for row in rows
    ]
    made = claim("timeline", {"where": {"event_id": "e"}, **parameters}, title=title)
    return figures.timeline(*run(made, evidence({"documents/events": frame(full)}), vintage))


def day(when: str, who: str = "s", **more: str) -> dict[str, str]:
    return {"date_start": when, "source_id": who, **more}


FAMILIES = ["courier", "ministry_of_defence_of_norland", *(f"paper_{i}" for i in range(16))]
RUNG = {"asks": "rung", "ladder": LADDER, "claimed_rung": "volume", "as_of": "2024-12-10"}
COUNT = {**RUNG, "asks": "count", "claimed": 2, "counted": "object", "claimed_rung": "completed"}
FIRST = {
    "asks": "none_before",
    "claimed_from": "2024-09-25",
    "where": {"actor": "x"},
    "counted": "place",
}
LAG = {
    "asks": "lag",
    "claimed": 7,
    "tolerance": 1,
    "reference": {"event_id": "r"},
    "precise": False,
}
CASES = {
    "agreed": ([day("2024-09-25", who) for who in FAMILIES[:6]], {"claimed_from": "2024-09-25"}),
    "one": ([day("2024-11-09")], {"claimed_from": "2024-11-10"}),
    "none": ([day("2024")], {"claimed_from": "2024-11-10", "where": {"event_id": "nothing"}}),
    "thin": ([day("2024-11-10")], {"claimed_from": "2024-11-10", "families": 2}),
    "window": (
        [
            day("2024-10-16", "a"),
            day("2024-10-16/2024-10-19", "b"),
            day("2024-10", "c"),
            day("2024", "d"),
        ],
        {
            "claimed_from": "2024-10-21",
            "claimed_to": "2024-10-31",
            "tolerance": 1,
            "precise": False,
        },
    ),
    "18 families": (
        [day(f"2024-{6 + i % 6:02d}-{1 + i:02d}", who) for i, who in enumerate(FAMILIES)],
        {"claimed_from": "2024-11-10"},
    ),
    "70 years": ([day("1954-07-01", "a"), day("2024-11-09", "b")], {"claimed_from": "2024-11-10"}),
    "lag": (
        [
            day("2024-09-17", "a"),
            day("2024-09-17/2024-09-18", "b"),
            day("2024-09-25", event_id="r"),
        ],
        LAG,
    ),
    "negative lag": ([day("2024-10-17"), day("2024-09-25", event_id="r")], LAG),
    "rung": (
        [
            day("2023-02-28", "a", status="announced"),
            day("2023-02-28", "b", status="announced"),
            day("2023-09-01", "b", status="ground_broken"),
            day("2024-11-09", "d", status="shown"),
        ],
        RUNG,
    ),
    "long ladder": (
        [day("2024-11-09", status="stage 3")],
        {**RUNG, "ladder": [f"stage {i}" for i in range(8)] + [LONG], "claimed_rung": LONG},
    ),
    "no rung": ([day("2025-02-28", status="announced")], RUNG),
    "count": (
        [
            day("2023-02-10", "a", status="announced", object="first plant"),
            day("2023-09-10", "b", status="ground_broken", object="first plant"),
            day("2023-04-10", "c", status="announced", object=LONG),
            day("2023-12-10", "d", status="completed", object="plant of another firm"),
        ],
        COUNT,
    ),
    "firsts": (
        [
            day("2024-09-25", place="strait"),
            day("2021-05", place="bay"),
            day("2024", place="cape"),
            day("2025-02-01", place=LONG),
        ],
        FIRST,
    ),
    "no earlier": ([day("2024-09-25")], {**FIRST, "where": {"actor": "nobody"}}),
    "named by the day": ([day("2024-09-25")], {**FIRST, "counted": "date_start"}),
    "40 cases": ([day(f"{1980 + i}-03-04", place=f"case {i}") for i in range(40)], FIRST),
}


def of(case: str) -> Drawing:
    rows, parameters = CASES[case]
    return drawn(*rows, **parameters)


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    assert misplaced(of(case)) == []


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("agreed", "Recorded by 6 sources: the article's day. The article's day: 25 Sep 2024."),
        ("one", "Recorded by 1 source: 1 day earlier."),
        ("none", "No admissible evidence: no row of documents/events where event id: nothing."),
        ("thin", "No admissible evidence: source families: 1 found, 2 needed."),
        (
            "window",
            "4 sources: 5 days earlier. The article's day: 21 Oct to 31 Oct 2024, 1 day either",
        ),
        ("70 years", "from 25,700 days earlier to 1 day earlier"),
        ("lag", "The lag by 2 sources: 8 days. The article's number: 7 days (6 to 8)."),
        ("negative lag", "The lag by 1 source: -22 days."),
        ("rung", "Highest stage on record by 10 Dec 2024: shown. Needed: volume."),
        ("no rung", "No admissible evidence: no row with a status by 2024-12-10."),
        ("count", "1 of 3 cases at the stage “completed” or later. Needed: at least 2."),
        ("firsts", "1 case and perhaps 1 more before 25 Sep 2024, in 4 records searched."),
        (
            "no earlier",
            "No case before 25 Sep 2024, in 1 record searched.",
        ),
    ],
)
def test_what_was_found_is_said(case, text):
    drawing = of(case)
    assert text in " ".join(" ".join(text.get_text().split()) for text in drawing.figure.texts)
    assert re.split(r" (?:Needed|The article's)", text)[0] in drawing.alt


STRIPS = ["agreed", "window", "70 years", "lag", "firsts", "named by the day", "40 cases"]


@pytest.mark.parametrize("case", CASES)
def test_a_row_of_numbers_for_each_record(case):
    data = of(case).data
    assert data["mark"].iloc[0] == "claimed"
    records = data[data["mark"] == "record"]
    assert all(re.fullmatch(r"documents/events:\d+", row) for row in records["row"])
    assert not set(data) & {"x", "y", "start", "end"}


@pytest.mark.parametrize("case", STRIPS)
def test_a_strip_has_a_mark_for_each_record(case):
    drawing = of(case)
    marks = sum(
        len(c.get_offsets()) for c in drawing.figure.axes[0].collections if c.get_zorder() == 4
    )
    assert (drawing.data["mark"] == "record").sum() == marks


def test_numbers_are_those_of_the_method():
    data = of("window").data
    assert data["value"].tolist()[1:] == [-5, -3.5, -10, -116.5]
    assert data["low"].tolist()[1:] == [-5, -5, -20, -294]
    assert data["first"].tolist()[1:] == ["2024-10-16", "2024-10-16", "2024-10-01", "2024-01-01"]


def test_each_record_is_judged_by_itself():
    assert of("window").data["outcome"].tolist()[1:] == [
        "on another day",
        "on another day",
        "perhaps on it",
        "perhaps on it",
    ]
    assert of("firsts").data["outcome"].tolist()[1:] == [
        "earlier",
        "perhaps earlier",
        "not earlier",
        "not earlier",
    ] or set(of("firsts").data["outcome"].dropna()) == {"earlier", "perhaps earlier", "not earlier"}


def words(case: str) -> list[str]:
    return [text.get_text() for text in of(case).figure.axes[0].texts]


def test_rows_that_do_not_fit_share_the_last():
    assert "31 more" in words("40 cases")
    assert (of("40 cases").data["mark"] == "record").sum() == 40


def test_a_ladder_stands_upright_and_is_filled_to_the_highest_stage_on_record():
    shown = [word for word in words("rung") if word.replace(" ", "_") in LADDER]
    assert shown == ["volume", "shown", "pilot", "completed", "ground broken", "announced"]
    assert words("rung").count("not on record") == 1  # volume
    assert words("rung").count("no record of its own") == 2  # completed, pilot


def test_each_case_has_a_track():
    shown = words("count")
    assert "needed: completed or later" in shown
    assert shown.index("plant of another firm") < shown.index("first plant")


def test_a_first_stands_among_the_cases_of_others():
    rows = [
        day("2024-09-25", actor="x", place="a"),
        day("2019-04-06", actor="y", place="b"),
        day("2020-05-01", actor="y", place="c"),
        day("2021-05-01", actor="y", place="d", object="other"),
    ]
    where = {"actor": "x", "object": "thing"}
    data = drawn(*rows, **{**FIRST, "where": where}).data
    assert data.loc[data["mark"] == "record", "label"].tolist() == ["x"]
    assert data.loc[data["mark"] == "other", "label"].tolist() == ["y", "y"]  # of the same kind
    assert data["outcome"].dropna().tolist() == ["others", "others", "not earlier"]


def test_the_article_s_day_is_a_line_over_its_tint():
    from matplotlib.dates import date2num

    axes = of("agreed").figure.axes[0]
    at = date2num(pd.Timestamp("2024-09-25"))
    lines = [c for c in axes.collections if c.get_zorder() == 2]
    assert {path.vertices[0][0] for line in lines for path in line.get_paths()} == {at}


def test_a_tidy_frame_is_drawn_again():
    data = of("agreed").data
    few = figures.timeline(data[~data["label"].eq("courier")])
    assert "courier" not in [text.get_text() for text in few.axes[0].texts]


def test_the_last_date_and_the_vintage_are_reported():
    last = drawn(day("2024-09-25", "a"), day("2024-09", "b"), claimed_from="2024-09-25")
    assert last.figure.texts[-1].get_text().endswith("known at publication, last date 25 Sep 2024.")
    later = drawn(day("2024-09-25", "a"), claimed_from="2024-09-25", vintage="latest")
    assert "Latest evidence" in later.figure.texts[-1].get_text()


def test_words_are_made_from_the_numbers():
    assert of("one").alt == (
        "Timeline with 1 mark against the claimed 10 Nov 2024. Recorded by 1 source: 1 day "
        "earlier. S: 9 Nov 2024 (on another day)."
    )
    assert "B: ground broken, 1 Sep 2023 (earlier stage)" in of("rung").alt or (
        "b: ground broken, 1 Sep 2023 (earlier stage)" in of("rung").alt
    )


def test_a_range_around_the_day_is_drawn_as_one_and_is_only_perhaps_reached(misplaced):
    rows = [day("2024-Q4", status="volume"), day("2024-03", "b", status="pilot")]
    drawing = drawn(*rows, **RUNG)
    found = drawing.data[drawing.data["mark"] == "record"].set_index("text")
    ranged = found.loc["Oct to Dec 2024"]
    assert (ranged["first"], ranged["last"]) == ("2024-10-01", "2024-12-31")
    assert ranged["outcome"] == "perhaps by then"
    assert "Highest stage on record by 10 Dec 2024: pilot, perhaps volume." in drawing.summary
    assert "volume, Oct to Dec 2024 (perhaps by then)" in drawing.alt
    assert misplaced(drawing) == []
    counted = drawn(*rows, **{**COUNT, "claimed_rung": "volume"})
    assert "On record by 10 Dec 2024: 0 and perhaps 1 more of 1 case" in counted.summary


def test_an_order_of_two_ranges_is_drawn_with_its_open_end(misplaced):
    rows = [day("1976/1979", "a"), {**day("1980", "b"), "event_id": "r"}]
    drawing = drawn(*rows, **{**LAG, "claimed": 0, "comparison": "at_least"})
    assert drawing.summary.endswith("The article's number: at least 0 days.")
    record = drawing.data[drawing.data["mark"] == "record"].iloc[0]
    assert (record["low"], record["high"], record["outcome"]) == (1, 1826, "as the article says")
    assert misplaced(drawing) == []
