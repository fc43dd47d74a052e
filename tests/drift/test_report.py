"""The forms of a drift: JSON by its schema, Markdown that a comment cannot be broken out of."""

from __future__ import annotations

import json
import re

import hypothesis.strategies as st
import jsonschema
from hypothesis import given

from analysis.drift.causes import Cause
from analysis.drift.comparison import MOVEMENT_KINDS, Drift, Movement
from analysis.drift.report import COMMENT_MARKER, SCHEMA, lines, markdown, plain

texts = st.text(alphabet="ab|<>@\\`\n _*", max_size=12)
values = st.one_of(st.none(), st.booleans(), st.integers(), texts, st.lists(texts, max_size=2))
found_causes = st.builds(
    Cause,
    kind=st.sampled_from(["data", "code", "parameters", "lock", "environment"]),
    names=st.lists(texts, min_size=1, max_size=5).map(tuple),
)
movements = st.builds(
    Movement,
    kind=st.sampled_from(MOVEMENT_KINDS),
    claim=st.sampled_from(["A1", "B2", ""]),
    what=texts,
    before=values,
    after=values,
    causes=st.lists(found_causes, max_size=2).map(tuple),
    traced=st.booleans(),
)
drifts = st.builds(
    Drift, before=texts, after=texts, movements=st.lists(movements, max_size=6).map(tuple)
)


@given(drifts)
def test_the_json_fits_its_schema(drift):
    jsonschema.validate(json.loads(json.dumps(plain(drift))), SCHEMA)


def test_the_schema_is_one_and_refuses():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    made = plain(Drift(before="a", after="b", movements=()))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert validator.is_valid(made)
    assert not validator.is_valid({**made, "more": 1})


@given(drifts)
def test_a_cell_cannot_end_a_row_begin_a_tag_or_call_anybody(drift):
    made = markdown(drift)
    assert made.startswith(COMMENT_MARKER)
    for line in made.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4, line
            assert set(re.findall(r"<\w*", line)) <= {"<br"}
            assert "@" not in line


@given(drifts)
def test_every_claim_is_in_every_form(drift):
    for form in ("\n".join(lines(drift)), markdown(drift), json.dumps(plain(drift))):
        assert all(claim in form for claim in drift.claims)


def test_what_is_grave_is_in_sight_and_the_rest_folded():
    flip = Movement(kind="flip", claim="A1", what="w", before="x", after="y")
    mild = Movement(kind="number", claim="A1", what="w", before=1, after=2)
    made = markdown(Drift(before="a", after="b", movements=(flip, mild)))
    assert made.index("### Verdicts that flipped (1)") < made.index("<details>")
    assert "<summary>Numbers beyond tolerance (1)</summary>" in made


def test_the_terminal_tells_a_cause_once_a_claim():
    moved = [
        Movement(kind="number", claim="A1", what=what, before=1, after=2, traced=True,
                 causes=(Cause(kind="data", names=("t/t",)),))
        for what in ("value", "low")
    ]  # fmt: skip
    told = list(lines(Drift(before="a", after="b", movements=tuple(moved))))
    assert told == [
        "From a to b: 2 numbers.",
        "\nNumbers beyond tolerance",
        "  A1   value: 1 -> 2",
        "       low: 1 -> 2",
        "       because data: t/t",
    ]
