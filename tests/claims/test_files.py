"""A register in several files says the same as in one; errors name the file in which to correct."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from registers import MINIMAL, UNTESTABLE

from analysis.claims import files, registry
from analysis.errors import ClaimsError
from analysis.project import Project

HEAD = (
    "article: {title: A text, publisher: A press, published: 2024-12-10}\nsections: {U: A, T: B}\n"
)
TESTABLE = MINIMAL.partition("claims:\n")[2]
PARTS = {
    "claims.yaml": HEAD,
    "claims/T.yaml": f"claims:\n{TESTABLE}",
    "claims/U.yaml": f"claims:\n{UNTESTABLE}",
    "claims/names.yaml": "names: {a: Alpha}\n",
}


def audit(folder: Path, texts: dict[str, str]) -> Project:
    (folder / "claims").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    return Project(folder)


def test_several_files_are_read_like_one(tmp_path):
    one, many = tmp_path / "one", tmp_path / "many"
    one.mkdir()
    many.mkdir()
    text = f"{HEAD}names: {{a: Alpha}}\nclaims:\n{TESTABLE}{UNTESTABLE}"
    alone = registry.read(audit(one, {"claims.yaml": text}))
    spread = registry.read(audit(many, PARTS))
    assert spread.claims == alone.claims
    assert spread.names == alone.names
    assert list(spread.claims) == ["T2", "T1"]  # section U is the first of the article


VALUES = st.dictionaries(st.sampled_from("abcdef"), st.integers(), min_size=1)
REGISTERS = st.fixed_dictionaries(
    {"sections": VALUES}, optional={"claims": VALUES, "names": VALUES}
)


@given(REGISTERS, st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_however_entries_are_spread_the_joined_value_is_the_same(register, where):
    texts = [{"sections": register["sections"]}, {}, {}]
    for key in register.keys() & set(files.SPREAD):
        for place, (name, value) in zip(where, register[key].items(), strict=False):
            texts[place].setdefault(key, {})[name] = value
    named = {
        f"claims/{index}.yaml": yaml.safe_dump(text or None) for index, text in enumerate(texts)
    }
    found, places = files.parse({name: text.encode() for name, text in named.items()})
    assert found == register
    for key in register.keys() & set(files.SPREAD):
        for place, name in zip(where, register[key], strict=False):
            assert places.at((key, name))["file"] == f"claims/{place}.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("claims/T.yaml", "type: level", "type: levels", 'claims/T.yaml:7:5: "levels" is not'),
        ("claims/T.yaml", "core: It is more.", "cor: x", "claims/T.yaml:9:5: unknown key 'cor'"),
        ("claims/U.yaml", "reason: N1\n", "\n", "claims/U.yaml:2:3: missing key 'reason'"),
        ("claims/U.yaml", "T2:", "T1:", "claims/U.yaml:2:3: 'T1' is also in claims/T.yaml:2: keep"),
        ("claims/names.yaml", "names", "nams", "claims/names.yaml:1:1: unknown key 'nams'"),
        (
            "claims/names.yaml",
            "names:",
            "sections:",
            "1:1: 'sections' is also in claims.yaml:2: kee",
        ),
        (
            "claims/names.yaml",
            "names: {a: Alpha}",
            "- a",
            "claims/names.yaml:1:1: expected keys and",
        ),
        ("claims/names.yaml", "{a: Alpha}", "{a: Alpha", "claims/names.yaml:2:1: did not find"),
        ("claims.yaml", "article:", "artikel:", "claims.yaml:1:1: unknown key 'artikel'"),
    ],
)
def test_an_error_names_the_file_and_the_line(tmp_path, file, old, new, message):
    assert PARTS[file].count(old) == 1
    texts = PARTS | {file: PARTS[file].replace(old, new)}
    with pytest.raises(ClaimsError) as caught:
        registry.read(audit(tmp_path, texts))
    assert message in str(caught.value)


def test_a_changed_or_a_new_file_is_checked_again(tmp_path):
    project = audit(tmp_path, PARTS)
    assert registry.read(project).names == {"a": "Alpha"}
    audit(tmp_path, {"claims/names.yaml": "names: {a: Beta}\n"})
    assert registry.read(project).names == {"a": "Beta"}
    audit(tmp_path, {"claims/more.yaml": "names: {b: Gamma}\n"})
    assert registry.read(project).names == {"a": "Beta", "b": "Gamma"}


def test_what_an_editor_leaves_beside_the_files_is_no_part(tmp_path):
    project = audit(tmp_path, PARTS | {"claims/.T.yaml": "{", "claims/T.yaml~": "{"})
    assert set(registry.read(project).claims) == {"T1", "T2"}
