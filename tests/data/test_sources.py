import pytest

from analysis.data.tables import Archive
from analysis.errors import DataError


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sud_2024,", "nor_2024,", ":4: the source 'nor_2024' is listed twice, first in line 2"),
        ("tabulation", "rumour", ":6: quality = 'rumour': expected one of official, report"),
        (
            ",sud_customs,",
            ",Sud Customs,",
            ":4: family = 'Sud Customs': expected lower-case letters",
        ),
        (",sud_customs,", ",,", ":4: family = '': empty, and the column is not declared nullable"),
        (
            "2024-06-30",
            "30 June 2024",
            ":2: published = '30 June 2024': expected a date as far as known",
        ),
        ("family,note", "family", ":1: the columns are not the catalog's: missing note"),
    ],
)
def test_sources_that_cannot_be_meant(workshop, old, new, told):
    workshop.edit("data/sources.csv", old, new)
    with pytest.raises(DataError) as caught:
        Archive.read(workshop.project)
    assert str(caught.value).startswith(f"data/sources.csv{told}")


def test_sources_by_id_and_as_a_table(project):
    sources = Archive.read(project).sources
    assert sources["world_db"].grade == 2
    assert sources["press_1"].published is None
    assert sources.frame.loc["nor_2024", ["grade", "family"]].tolist() == [4, "nor_customs"]
    assert list(sources.frame.index) == list(sources)
    assert len(sources) == 5
