"""The register of claims: what a message says and where it points; the cache; the article's own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from jsonschema import Draft202012Validator
from registers import MINIMAL, READING, UNTESTABLE

from analysis import yamlfile
from analysis.claims import checks, model, registry
from analysis.claims.schema import schema
from analysis.errors import ClaimsError, ParameterError
from analysis.methods import METHODS
from analysis.project import Project

ROOT = Path(__file__).parents[2]


def audit(folder: Path, text: str) -> Project:
    (folder / "claims.yaml").write_text(text)
    return Project(folder)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ClaimsError) as caught:
        registry.read(audit(folder, text))
    return str(caught.value).splitlines()


def changed(old: str, new: str, text: str = MINIMAL) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


# --------------------------------------------------------------------- what is too much

FACETS = ("reporter", "valuation", "definition", "denominator", "edition", "period")


def wide(last: str = "'9'") -> str:
    """A grid of a million combinations; `last` is the last option of the factor that turns last."""
    options = ", ".join(f"'{number}'" for number in range(9))
    grid = "\n".join(f"      {name}: [{options}, '9']" for name in FACETS)
    return changed("      reporter: [a, b]", f"{grid}\n      summary: [median, {last}]")


def test_a_grid_of_a_million_combinations_is_read_without_trying_them_all(tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(
        model.Specification,
        "build",
        lambda each: built.append(each) or SimpleNamespace(pass_criterion=1),
    )
    registry.read(audit(tmp_path, wide("mean")))
    assert 0 < len(built) < 3000


def test_an_option_of_a_wide_grid_is_tried_however_far_it_stands(tmp_path, monkeypatch):
    def build(each):
        if each.choices["reporter"] == "9":
            raise ParameterError("never so")
        return SimpleNamespace(pass_criterion=1)

    monkeypatch.setattr(model.Specification, "build", build)
    assert faults(tmp_path, wide("mean")) == ["claims.yaml:18:5: claim T1: never so"]


def test_of_many_faults_the_first_are_shown_and_the_rest_counted(tmp_path):
    keys = "".join(f"    odd{number}: 1\n" for number in range(50))
    told = faults(tmp_path, MINIMAL + keys)
    assert len(told) == 21
    assert told[0].startswith("claims.yaml:25:5: unknown key 'odd0'")
    assert told[-1] == "... and 30 more"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  T1:", '  "T1\\n":', "capital letters and a number"),
        ("[trade/flows]", '["trade/flows\\n"]', "<topic>/<table>"),
        ("2024-12-10", '"2024-12-10\\n"', "a day, e.g. 2024-01-31"),
    ],
)
def test_a_line_break_at_the_end_is_no_part_of_a_name(tmp_path, old, new, told):
    assert told in faults(tmp_path, changed(old, new))[0]


# ------------------------------------------------------------------------- what is read


def test_a_minimal_register(tmp_path):
    found = registry.read(audit(tmp_path, MINIMAL + UNTESTABLE))
    assert found.article.published == date(2024, 12, 10)
    assert list(found.claims) == ["T1", "T2"]
    first, second = found.claims.values()
    assert first.testable
    assert first.build().claimed == 10
    assert [s.choices["reporter"] for s in first.specifications(first.literal)] == ["a", "b"]
    assert not second.testable
    assert second.reason == "N1"


def test_yes_and_no_are_words_with_and_without_quotes(tmp_path):
    bare = registry.read(audit(tmp_path, MINIMAL)).claims["T1"]
    quoted = registry.read(audit(tmp_path, changed("yes", '"yes"'))).claims["T1"]
    assert bare == quoted
    assert bare.checkable == "yes"


def test_an_unknown_claim_is_told_with_the_nearest(tmp_path):
    found = registry.read(audit(tmp_path, MINIMAL))
    with pytest.raises(ClaimsError, match=r"unknown claim 'T11' \(did you mean 'T1'\?\)"):
        found.claim("T11")


# ------------------------------------------------------- one message a fault, with its place

SIDE_ASSERTION = """\
    side_assertions:
      when: {statement: it was in May, tag: WRONG-DATE, parameters: {claimd: 3}}
"""
OWN_METHOD = SIDE_ASSERTION.replace(
    "parameters: {claimd: 3}", "method: timeline, parameters: {ask: lag}"
)
CONSTRAINT = """\
    constraints:
      - when: {reporter: [a]}
        only: {reporters: [b]}
"""
TWO = "      other: {kind: literal, statement: again}\n    method: level"
SIX = "".join(f"      r{n}: {{kind: alternative, statement: s}}\n" for n in range(5))

MESSAGES = {
    "a reading that is no text": (
        READING,
        "      literal: 7\n",
        "14:7: expected text or keys and values, found 7",
    ),
    "an empty reading": (READING, '      literal: ""\n', "14:7: expected some text, found"),
    "a wrong key": (
        "    rule: More",
        "    rul: More",
        "12:5: unknown key 'rul' (did you mean 'rule'?); expected one of: says",
    ),
    "a wrong key at the top": ("sections:", "sektions:", "2:1: unknown key 'sektions' (did you"),
    "a wrong key of a reading": (
        "        kind: literal",
        "        kinds: literal",
        "15:9: unknown key 'kinds' (did you mean 'kind'?)",
    ),
    "a parameter that the method lacks": (
        "      claimed: 10",
        "      claimd: 10",
        "20:7: unknown key 'claimd' (did you mean 'claimed'?)",
    ),
    "a parameter of a reading that the method lacks": (
        "        statement: more than 10\n",
        "        statement: more than 10\n        parameters: {claimd: 10}\n",
        "17:22: unknown key 'claimd' (did you mean 'claimed'?)",
    ),
    "a parameter of the side assertion that the method lacks": (
        "    method: level\n",
        f"    method: level\n{SIDE_ASSERTION}",
        "19:70: unknown key 'claimd' (did you mean 'claimed'?)",
    ),
    "a parameter of the side assertion that its own method lacks": (
        "    method: level\n",
        f"    method: level\n{OWN_METHOD}",
        "19:88: unknown key 'ask' (did you mean 'asks'?)",
    ),
    "a factor of the grid that is no parameter": (
        "      reporter: [a, b]",
        "      repoter: [a, b]",
        "23:7: unknown key 'repoter' (did you mean 'rep",
    ),
    "a constraint on what is no factor": (
        "    tables:",
        f"{CONSTRAINT}    tables:",
        "26:16: 'reporters' is no factor of the grid (did you mean 'reporter'?)",
    ),
    "text for a number": ("claimed: 10", "claimed: ten", '20:7: expected a number, found "ten"'),
    "a number for text": ("unit: t", "unit: 7", "21:7: expected text, found 7"),
    "a list for text": ("rule: More than 10.", "rule: [a]", '12:5: expected text, found ["a"]'),
    "a wrong value in the grid": ("[a, b]", "[a, 7]", "23:21: expected text, found 7"),
    "an unknown word": (
        "type: level",
        "type: levels",
        "9:5: \"levels\" is not allowed (did you mean 'level'?); expected one of: attribution,",
    ),
    "a character that no figure can draw": (
        "title: Made up",
        "title: Made up \U0001f680",
        "7:5: no figure can draw \U0001f680 (U+1F680 ROCKET): write it in words",
    ),
    "such a character in an option": (
        "[a, b]",
        "[a, b\U0001f680]",
        "23:21: no figure can draw \U0001f680 (U+1F680 ROCKET): write it in words",
    ),
    "an address that runs": (
        "published: 2024-12-10",
        "published: 2024-12-10, url: 'javascript:alert(1)'",
        '1:69: "javascript:alert(1)" does not look right; expected an address of the web, e.g.',
    ),
    "a number beyond all bounds": (
        "claimed: 10",
        "claimed: 1e400",
        "20:16: expected a number of at most 1e+100",
    ),
    "true for yes": ("yes", "true", "10:5: true is not allowed; expected one of: yes, partly, no"),
    "an unknown method": (
        "method: level",
        "method: levle",
        "17:5: \"levle\" is not allowed (did you mean 'level'?); expected one of: level, timeline,",
    ),
    "an option that the method lacks": (
        "      unit: t\n",
        "      unit: t\n      summary: medan\n",
        "22:7: \"medan\" is not allowed (did you mean 'median'?); expected one of: median, mean,",
    ),
    "a key that is missing": ("    rule: More than 10.\n", "", "4:3: missing key 'rule'"),
    "a reading's key that is missing": (
        "        statement: more than 10\n",
        "",
        "14:7: missing key 'statement'",
    ),
    "a parameter that is missing": (
        "      unit: t\n",
        "",
        "18:5: claim T1: method 'level' cannot be built: Level missing 1 required keyword-only arg",
    ),
    "an empty text": ("title: Made up", 'title: ""', '7:5: expected some text, found ""'),
    "an empty list of choices": (
        "[a, b]",
        "[]",
        "23:7: expected at least 1 in the list, found []",
    ),
    "too many readings": (
        "      literal:\n",
        f"{SIX}      literal:\n",
        '13:5: expected at most 5 keys, found {"r0": ',
    ),
    "two literal readings": (
        "    method: level",
        TWO,
        "13:5: claim T1 has 2 literal readings; exactly one is needed",
    ),
    "no literal reading": (
        "kind: literal",
        "kind: alternative",
        "13:5: claim T1 has 0 literal readings; exactly one is needed",
    ),
    "an unknown section": (
        "section: T",
        "section: Tt",
        "5:5: unknown section 'Tt' (did you mean 'T'?); expected one of: T, U",
    ),
    "a table's name of another form": (
        "trade/flows",
        "flows",
        '24:14: "flows" does not look right; expected <topic>/<table>, e.g. trade/gdp',
    ),
    "a claim's name of another form": (
        "  T1:",
        "  t1:",
        '4:3: "t1" does not look right; expected capital letters and a number, e.g. X1 or X1a',
    ),
    "a claim's name that is a number": ("  T1:", "  12:", "4:3: expected text, found 12"),
    "a date of another form": (
        "2024-12-10",
        "10 December",
        '1:46: "10 December" does not look right; expected a day, e.g. 2024-01-31',
    ),
    "a day that no calendar has": (
        "2024-12-10",
        "2024-02-30",
        "1:46: 2024-02-30 is no day of the calendar",
    ),
    "a key twice": (
        "    title: Made up\n",
        "    title: Made up\n    title: Again\n",
        "8:5: the key 'title' occurs twice, first in line 7: keep one",
    ),
    "no YAML": ("[a, b]", "[a, b", "24:11: did not find expected ',' or ']'"),
}


@pytest.mark.parametrize("fault", MESSAGES)
def test_one_message_a_fault(tmp_path, fault):
    old, new, message = MESSAGES[fault]
    found = faults(tmp_path, changed(old, new))
    places = [line.startswith(f"claims.yaml:{message}") for line in found]
    assert places.count(True) == 1, found
    # A wrong key is also a right one that is missing.
    missing_too = fault in {"a wrong key", "a wrong key at the top"}
    assert len(found) == 1 + missing_too, found


def test_what_a_claim_without_data_owes(tmp_path):
    text = changed("    remedy: A measure of goodness.\n", "", MINIMAL + UNTESTABLE)
    assert faults(tmp_path, text) == ["claims.yaml:25:3: missing key 'remedy'"]


def test_an_unknown_answer_asks_for_nothing_more(tmp_path):
    text = changed("checkable: no", "checkable: perhaps", MINIMAL + UNTESTABLE)
    (message,) = faults(tmp_path, text)
    assert message.startswith('claims.yaml:31:5: "perhaps" is not allowed')


def test_a_pending_claim_may_name_a_method_to_come(tmp_path):
    text = changed("method: level", "method: alchemy\n    pending: Gold will be made.")
    assert registry.read(audit(tmp_path, text)).claims["T1"].pending


def test_many_faults_are_listed_in_the_order_of_lines(tmp_path):
    text = changed("yes", "maybe", changed("[a, b]", "[a, 7]", changed("title: Made", "titel: M")))
    text = changed("published: 2024", "publishd: 2024", text)
    found = faults(tmp_path, text)
    places = [tuple(map(int, line.split(":")[1:3])) for line in found]
    assert places == sorted(places)
    assert len(found) == 6  # two wrong keys are missing ones too


@pytest.mark.parametrize("text", ["", "claims\n", "- a\n- b\n", "article: {}\n"])
def test_what_is_no_register_at_all_is_told(tmp_path, text):
    assert faults(tmp_path, text)[0].startswith("claims.yaml:1:1: ")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ClaimsError, match="no such file; an audit needs one"):
        registry.read(Project(tmp_path))


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    (tmp_path / "claims.yaml").mkdir()
    with pytest.raises(ClaimsError, match="cannot be read: Is a directory"):
        registry.read(Project(tmp_path))


# --------------------------------------------------------------------------- the cache

READ = """
import sys
from pathlib import Path
from analysis.claims import registry
from analysis.project import Project
found = registry.read(Project(Path(sys.argv[1])))
print(len(found.claims), "pydantic" in sys.modules)
"""


def read_in_a_process(folder: Path) -> str:
    command = [sys.executable, "-c", READ, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def cached(folder: Path) -> list[Path]:
    return sorted((folder / "build" / "cache").glob("claims-*.json"))


def test_a_second_read_needs_no_validator(tmp_path):
    audit(tmp_path, MINIMAL)
    assert read_in_a_process(tmp_path) == "1 True"
    assert read_in_a_process(tmp_path) == "1 False"


def test_the_cache_holds_what_was_read(tmp_path):
    # A reading named by a number is the case in which JSON and YAML would differ.
    project = audit(tmp_path, changed("      literal:\n", "      2023:\n"))
    assert registry.read(project) == registry.read(project)
    assert [r.name for r in registry.read(project).claims["T1"].readings] == ["2023"]


def test_a_changed_file_is_checked_again(tmp_path):
    registry.read(audit(tmp_path, MINIMAL))
    assert faults(tmp_path, changed("yes", "maybe"))


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"article": {"title": "", "publisher": "", "published": "2024-01-01"}, "claims": []}',
        '{"article": [], "sections": [], "claims": {}}',
        "\xff",
    ],
)
def test_a_damaged_cache_is_made_again(tmp_path, damage):
    project = audit(tmp_path, MINIMAL)
    whole = registry.read(project)
    (cache,) = cached(tmp_path)
    good = cache.read_bytes()
    cache.write_bytes(damage.encode("latin-1"))
    assert registry.read(project) == whole
    assert cache.read_bytes() == good


def test_a_tree_that_cannot_be_written_to_is_read(tmp_path):
    (tmp_path / "build").write_text("a file in the place of the folder")
    assert list(registry.read(audit(tmp_path, MINIMAL)).claims) == ["T1"]


# --------------------------------------------------------------- the article's own register

SECTIONS = {"H": 2, "A": 6, "B": 20, "C": 10, "D": 21, "E": 13, "F": 3}
PARTS = {  # sentences that assert two or three things
    "A2": 2, "A3": 3, "B9": 2, "B16": 3, "C6": 2, "C7": 2, "C10": 2, "D1": 2, "D5": 2,
    "D21": 2, "F2": 2,
}  # fmt: skip
LONGEST = {"statement": 140, "title": 60, "reading": 120}


@pytest.fixture(scope="module")
def own():
    return registry._register(registry.check(Project(ROOT)))


def test_every_claim_of_the_article_is_there_in_its_order(own):
    sentences = [f"{name}{n}" for name, count in SECTIONS.items() for n in range(1, count + 1)]
    letters = {name: "abc"[: PARTS[name]] if name in PARTS else [""] for name in sentences}
    expected = [f"{name}{letter}" for name in sentences for letter in letters[name]]
    assert list(own.claims) == expected
    assert len(expected) == 88
    assert all(claim.section == name[0] for name, claim in own.claims.items())
    assert set(own.sections) == set(SECTIONS)


def test_a_testable_claim_has_what_decides_it(own):
    for claim in own.claims.values():
        if claim.testable:
            assert claim.core, claim.id
            assert claim.rule, claim.id
            assert [r.kind for r in claim.readings].count("literal") == 1, claim.id
            assert claim.tables, claim.id
            assert claim.method in METHODS or claim.pending, claim.id


def test_an_untestable_claim_says_why_and_what_would_help(own):
    untestable = [claim for claim in own.claims.values() if not claim.testable]
    assert untestable
    for claim in untestable:
        assert claim.reason, claim.id
        assert claim.why, claim.id
        assert claim.remedy, claim.id
        assert not claim.readings, claim.id


def test_texts_fit_a_line_of_a_list(own):
    for claim in own.claims.values():
        assert len(claim.statement) <= LONGEST["statement"], claim.id
        assert len(claim.title) <= LONGEST["title"], claim.id
        for reading in claim.readings:
            assert len(reading.statement) <= LONGEST["reading"], (claim.id, reading.name)


def test_every_table_that_a_claim_reads_is_in_the_catalog(own):
    catalog = ROOT / "data" / "catalog.yaml"
    if not catalog.exists():
        pytest.skip("no data beside this register")
    declared = yaml.safe_load(catalog.read_text(encoding="utf-8"))
    tables = {*declared["tables"], *declared["layers"]}
    wanted = {table for claim in own.claims.values() for table in claim.tables}
    assert wanted - tables == set()


def named(value, key):
    """Every value under a key, however deep."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key and isinstance(item, str):
                yield item
            else:
                yield from named(item, key)
    if isinstance(value, list):
        for item in value:
            yield from named(item, key)


def test_a_claim_declares_every_table_that_its_recipes_name(own):
    for claim in own.claims.values():
        if not claim.pending:
            recipes = [claim.parameters, *(reading.parameters for reading in claim.readings)]
            used = {table for recipe in recipes for table in named(dict(recipe), "table") if table}
            assert used <= set(claim.tables), claim.id


# ------------------------------------------------------- the library knows nothing of it

SUBJECT = re.compile(
    r"""\b(Japan|Taiwan|China|Chinese|Taipei|Tokyo|Beijing|Yonaguni|Senkaku|Okinawa|Philippines|
    Korea|Russia|Ukraine|Honduras|Nauru|Paraguay|America|Washington|Biden|Lai|Tsai|Kishida|Ishiba|
    Abe|Orion|TSMC|Tomahawk)""",
    re.IGNORECASE | re.VERBOSE,
)


def library() -> dict[str, str]:
    """Each line of the library's code, by its place."""
    return {
        f"{path.relative_to(ROOT)}:{number}": line
        for path in sorted((ROOT / "src" / "analysis").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    }


def naming(pattern: re.Pattern[str]) -> dict[str, str]:
    """The lines in which a pattern is found."""
    return {place: line.strip() for place, line in library().items() if pattern.search(line)}


def test_the_search_finds_what_it_looks_for():
    assert len(library()) > 3000
    assert SUBJECT.search("as Japan's do")
    assert not SUBJECT.search("machine")


def test_the_library_names_no_place_and_no_actor_of_the_article():
    assert naming(SUBJECT) == {}


def test_the_library_names_no_table_of_the_article(own):
    # `documents/events` and its kin are the usual names of a kind of table, for any audit
    tables = {table for claim in own.claims.values() for table in claim.tables}
    article = sorted(table for table in tables if not table.startswith("documents/"))
    assert naming(re.compile("|".join(article))) == {}


def test_the_library_names_no_claim_of_the_article(own):
    found = naming(re.compile(rf"(?<![\w#])({'|'.join(own.claims)})(?![\w-])"))
    # The cells of a workbook have names like those of claims; only its readers speak of them.
    assert [place for place in found if "/refresh/connectors/" not in place] == []


def test_json_and_yaml_say_the_same(own):
    value = registry.check(Project(ROOT))
    assert registry._register(json.loads(json.dumps(value))) == own


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("terms:", "trems:"),
        ("claimed: 10", "claimed: ten"),
        ("statement:", "statment:"),
        ("    rule:", "    rules:"),
        ("type: level", "type: levels"),
    ],
)
def test_an_editor_marks_what_the_check_refuses(old, new):
    assert old in MINIMAL
    validator = Draft202012Validator(schema())
    for text, right in ((MINIMAL, True), (MINIMAL.replace(old, new), False)):
        value, _ = yamlfile.parse(text.encode(), shown="claims.yaml")
        assert validator.is_valid(value) is right
        assert (not checks.faults(value)) is right
