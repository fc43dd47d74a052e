"""The texts of findings in a claims file: every name is known, no number is typed."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from registers import MINIMAL

from analysis import yamlfile
from analysis.claims import registry
from analysis.claims.finding_texts import GROUPS, LONGEST, ROWS, pieces, placeholders
from analysis.errors import ClaimsError
from analysis.methods import METHODS
from analysis.project import Project
from analysis.verdicts import code_table
from analysis.verdicts.findings import GROUP_OF


def read(folder, **texts):
    content, _ = yamlfile.parse(MINIMAL.encode(), shown="x", error=ClaimsError)
    content["claims"]["T1"]["finding"] = texts
    (folder / "claims.yaml").write_text(yaml.safe_dump(content, sort_keys=False, width=1000))
    return registry.read(Project(folder)).claim("T1")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"pass": "It was {valu}."}, "unknown placeholder 'valu' (did you mean 'value'?); level"),
        ({"pass": "{day} is a day of a timeline."}, "unknown placeholder 'day'"),
        ({"pass": "It was {value[litral]}."}, "called 'litral' (did you mean 'literal'?)"),
        ({"pass": "It was {value[reporter=c]}."}, "there are: literal, reporter=a, reporter=b"),
        ({"pass": "It was {part}."}, "say which part"),
        ({"pass": "It was {part[Imports]}."}, "no part is called 'Imports'"),
        ({"pass": "It was {value:.1q}."}, "use a format of Python"),
        ({"pass": "It was {value!r}."}, "{value} is no placeholder"),
        ({"pass": "It was {value."}, "write a placeholder as {value}"),
        ({"pass": "It was 12."}, "12 is typed: a number comes from the record"),
        ({"pass": "Long. " * 24}, f"at most {LONGEST} characters, this one 144"),
        ({"passes": "It is so."}, "unknown key 'passes' (did you mean 'pass'?)"),
        ({"fail": ""}, "expected some text"),
        ({"fail": "A \N{ROCKET}."}, "no figure can draw"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, texts, message):
    with pytest.raises(ClaimsError) as fault:
        read(tmp_path, **texts)
    assert message in str(fault.value)
    (line,) = str(fault.value).splitlines()
    written = (tmp_path / "claims.yaml").read_text().splitlines()
    assert next(iter(texts)) in written[int(line.split(":")[1]) - 1]


def test_numbers_of_the_statement_and_of_the_record_may_be_said(tmp_path):
    text = "It was {value:.1f}, not 10; {value[reporter=b]} by b, {failing:way} of counting fail."
    assert read(tmp_path, **{"pass": text}).finding == {"pass": text}


@given(st.text(st.characters(codec="ascii", exclude_characters="{}")))
def test_words_without_braces_are_one_piece(text):
    assert "".join(words for words, _ in pieces(text)) == text
    assert [each for _, each in pieces(text) if each] == []


def test_there_is_a_text_for_each_row_that_a_run_can_end_in():
    never = {code_table.NO_DATA.name, code_table.NOT_RUN.name}
    assert set(ROWS) == {row.name for row in code_table.ROWS} - never
    assert set(GROUP_OF) == {row.code for row in code_table.ROWS if row.name not in never}
    assert set(GROUP_OF.values()) == set(GROUPS)


@pytest.mark.parametrize("method", METHODS)
def test_every_placeholder_has_a_meaning(method):
    assert all(placeholders(method).values())


def test_another_choice_leaves_the_written_finding_out(tmp_path):
    claim = read(tmp_path, **{"pass": "It is more."})
    assert claim.prefer({"claimed": 10}).finding == claim.finding
    assert claim.prefer({"claimed": 11}).finding == {}
