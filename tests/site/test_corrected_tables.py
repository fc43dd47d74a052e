"""The site offers a table as it was collected and as the claims read it, and names both."""

from analysis.data.catalog import Catalog
from analysis.data.tables import Archive
from analysis.site import corrected_tables
from analysis.site.pieces import Pieces

SET = """\
- id: not_ten
  table: trade/flows
  where: {year: 2022, flow: export}
  action: set
  column: value
  value: 10.25
  reason: a slip of the pen
  authority: the yearbook
- id: odd
  table: trade/flows
  where: {year: 2024}
  action: flag
  reason: odd
  authority: us
"""


def test_rows_are_dropped_cells_set_and_the_rest_is_as_it_stands(workshop):
    project = workshop.project
    project.corrections.write_text(project.corrections.read_text() + SET)
    text = corrected_tables.text(Archive.read(project), "trade/flows")
    assert (
        text
        == """\
year,reporter,flow,value,note,source_id,row,suspect
2022,Norland,export,10.25,,nor_2024,2,false
2022,Norland,import,4.5,"two
lines",nor_2024,3,false
2022,Norland,total,15,,nor_2024,5,false
2023,Norland,export,11,,nor_2026,6,false
2024,Norland,export,12,,nor_2026,7,true
2023,Sudland,import,,not stated,world_db,8,false
2023,Norland,import,5,,sud_2024,9,false
"""
    )


def test_only_a_table_with_corrections_is_written_twice(workshop):
    project = workshop.project
    found = dict(corrected_tables.texts(project, Catalog.read(project), Pieces(project)))
    assert set(found) == {"trade/flows"}
    project.corrections.unlink()
    assert dict(corrected_tables.texts(project, Catalog.read(project), Pieces(project))) == {}
