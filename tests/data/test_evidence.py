import pickle
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.data.catalog import Vintage
from analysis.data.corrections import Corrected
from analysis.data.evidence import Evidence, load_evidence
from analysis.data.periods import last_day
from analysis.data.tables import Archive, _derive, public_by
from analysis.errors import DataError

PUBLICATION = date(2024, 12, 10)
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2030, 12, 31))
PARTIAL = st.one_of(
    st.none(), DAYS.flatmap(lambda day: st.sampled_from([f"{day}", f"{day}"[:7], f"{day}"[:4]]))
)
LAGS = st.one_of(st.none(), st.integers(min_value=0, max_value=800))


def test_at_publication(workshop):
    evidence = load_evidence(workshop.project, ["trade/flows", "security/sightings"])
    flows = evidence.as_of(PUBLICATION)["trade/flows"]
    assert flows["row"].tolist() == [2, 3, 5, 6, 8, 9]  # 7: the year 2024 was not over
    assert flows["later_edition"].tolist() == [False, False, False, True, False, True]
    sightings = evidence.as_of(PUBLICATION)["security/sightings"]
    assert sightings["row"].tolist() == [2, 3, 4]  # 5: no date
    latest = evidence.as_of(None)
    assert len(latest["trade/flows"]) == 7
    assert not latest["trade/flows"]["later_edition"].any()


def test_a_fiscal_year_is_over_in_march(workshop):
    workshop.edit(
        "data/catalog.yaml",
        "{column: year, frequency: year}",
        "{column: year, frequency: fiscal_year}",
    )
    evidence = load_evidence(workshop.project, ["trade/flows"])
    # 31 March and 90 days
    assert 6 in evidence.as_of(date(2024, 6, 29))["trade/flows"]["row"].tolist()
    assert 6 not in evidence.as_of(date(2024, 6, 28))["trade/flows"]["row"].tolist()


@given(PARTIAL, st.one_of(st.none(), DAYS), LAGS, DAYS, st.integers(0, 3000))
def test_what_is_public_stays_public(public_on, ended, lag, cutoff, more):
    order = ["not yet", "later edition", "public"]
    early, late = (
        public_by(public_on, ended, lag, day) for day in (cutoff, cutoff + timedelta(more))
    )
    assert order.index(early) <= order.index(late)


@given(ended=st.one_of(st.none(), DAYS), cutoff=DAYS)
def test_a_row_without_dates_is_never_public(ended, cutoff):
    assert public_by(None, ended, None, cutoff) == "not yet"
    assert public_by(None, None, 0, cutoff) == "not yet"


@given(PARTIAL, st.one_of(st.none(), DAYS), LAGS, DAYS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cut_table_follows_the_rule(made_table, public_on, ended, lag, cutoff):
    """The vectorised cut and the rule in words agree on any row."""
    table = made_table([(f"{ended}" if ended else None, public_on)], lag)
    kept = table.as_of(cutoff).frame["later_edition"].tolist()
    rule = public_by(public_on, ended, lag, cutoff)
    assert kept == {"public": [False], "later edition": [True], "not yet": []}[rule]


@pytest.fixture
def made_table(workshop):
    """Makes a table of rows (day of the observation, day of the report) as loading does."""
    archive = Archive.read(workshop.project)

    def make(rows, lag=None):
        return _made(archive, rows, lag)

    return make


def _made(archive, rows, lag=None, *, replaced=None):
    """With `replaced` a row has a third day, from which a later edition holds."""
    columns = ["day", "told_on"] if replaced is None else ["day", "told_on", replaced]
    sightings = archive.catalog["security/sightings"]
    info = replace(
        sightings,
        columns=dict.fromkeys(columns, sightings.columns["told_on"]) | sightings.columns,
        vintage=Vintage(column="told_on", lag_days=lag, replaced=replaced),
    )
    frame = pd.DataFrame(rows, columns=columns, dtype="str")
    frame = frame.assign(
        source_id=pd.Series(["press_1"] * len(rows), dtype="str"), row=range(2, len(rows) + 2)
    )
    suspect = pd.Series(data=False, index=frame.index)
    return _derive(
        Corrected(frame=frame, dropped=frame.iloc[:0], suspect=suspect), info, archive.sources
    )


@given(
    st.lists(st.tuples(st.one_of(st.none(), DAYS.map(str)), PARTIAL), max_size=12), LAGS, DAYS, DAYS
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_later_cutoff_admits_all_that_an_earlier_one_did(made_table, rows, lag, one, other):
    early, late = sorted([one, other])
    evidence = Evidence(tables={"t": made_table(rows, lag)})
    at_early, at_late = (set(evidence.as_of(day)["t"]["row"]) for day in (early, late))
    assert at_early <= at_late <= set(evidence.as_of(None)["t"]["row"])
    assert set(evidence.as_of(late).as_of(early)["t"]["row"]) == at_early


@given(st.lists(st.tuples(st.none(), DAYS.map(str), PARTIAL), max_size=12), DAYS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_replaced_text_leaves_on_the_day_of_its_next_edition(workshop, rows, cutoff):
    table = _made(Archive.read(workshop.project), rows, replaced="over")
    cut, latest = (table.as_of(day).frame for day in (cutoff, None))
    in_force = [told_on for _, told_on, over in rows if not over or last_day(over) > cutoff]
    assert cut["told_on"].tolist() == [day for day in in_force if day <= str(cutoff)]
    assert latest["told_on"].tolist() == [told_on for _, told_on, over in rows if not over]
    pd.testing.assert_frame_equal(table.as_of(None).as_of(cutoff).frame, cut)
    nobody = table.as_of(None).drop_family(table.frame["family"].iloc[0] if rows else "nobody")
    assert nobody.as_of(cutoff).frame.empty


@pytest.mark.parametrize(("written", "size"), [("never", 0), ("2 %", 0.02), ("0.5 %", 0.005)])
def test_the_declared_size_of_revisions(workshop, written, size):
    workshop.edit("data/catalog.yaml", "    family: {", f"    revised: {written}\n    family: {{")
    evidence = load_evidence(workshop.project, ["trade/flows", "security/sightings"])
    assert evidence.revision("trade/flows") == size
    assert evidence.revision("security/sightings") is None


def test_without_a_family(workshop):
    evidence = load_evidence(workshop.project, ["trade/flows", "security/sightings"])
    assert evidence.families() == ("courier", "nor_customs", "sud_customs", "world_desk")
    for family in evidence.families():
        rest = evidence.drop_family(family)
        assert family not in rest.families()
        assert set(rest.families()) == set(evidence.families()) - {family}
    assert evidence.drop_family("nobody").families() == evidence.families()
    both = [
        evidence.drop_family("nor_customs").as_of(PUBLICATION),
        evidence.as_of(PUBLICATION).drop_family("nor_customs"),
    ]
    pd.testing.assert_frame_equal(both[0]["trade/flows"], both[1]["trade/flows"])


def test_cutting_leaves_the_evidence_as_it_is(workshop):
    evidence = load_evidence(workshop.project, ["trade/flows"])
    before = evidence["trade/flows"].copy()
    cut = evidence.as_of(PUBLICATION)["trade/flows"]
    cut["value"] = 0.0
    pd.testing.assert_frame_equal(evidence["trade/flows"], before)


def test_evidence_goes_between_processes(workshop):
    evidence = load_evidence(workshop.project, ["trade/flows", "maps/strait"])
    back = pickle.loads(pickle.dumps(evidence))  # noqa: S301  our own
    pd.testing.assert_frame_equal(
        back.as_of(PUBLICATION)["trade/flows"], evidence.as_of(PUBLICATION)["trade/flows"]
    )


def test_an_undeclared_table_is_refused(workshop):
    evidence = load_evidence(workshop.project, ["trade/flows"])
    told = (
        r"table 'trade/flow' is not declared \(did you mean 'trade/flows'\?\);"
        " this claim may read only: trade/flows"
    )
    with pytest.raises(DataError, match=told):
        evidence["trade/flow"]
    assert "trade/flows" in evidence
    assert list(evidence) == ["trade/flows"]


def test_a_table_that_was_edited_is_read_anew(workshop):
    """What was read last is kept only as long as the files are as they were."""
    names = ["trade/flows"]
    before = load_evidence(workshop.project, names)
    assert load_evidence(workshop.project, names) is before
    path = workshop.project.table("trade/flows")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(DataError, match="is the file cut off"):
        load_evidence(workshop.project, names)
