"""The glossary of a site: the library's words and those of the audit."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.site import glossary

HEAD = "| word | meaning |\n|---|---|"


def test_sections_of_one_heading_are_one_and_the_audit_has_the_last_word():
    own = f"# Mine\n\nAbout.\n\n## Money\n\n{HEAD}\n| euro | Ours. |\n"
    tests = f"## Tests\n\n{HEAD}\n| p | Chance. |"
    library = f"# All\n\n{tests}\n\n## Money\n\n{HEAD}\n| euro | A. |\n| yen | B. |\n"
    both = f"## Money\n\n{HEAD}\n| euro | Ours. |\n| yen | B. |\n\n{tests}"
    assert glossary.merged(own, library) == both
    assert glossary.merged("", own) == f"## Money\n\n{HEAD}\n| euro | Ours. |"


def test_an_audit_without_a_glossary_has_the_words_of_the_library_and_none_of_another_audit():
    root = Path(__file__).parents[2]
    words = set(re.findall(r"(?m)^\| ([^|]+) \|", (root / "docs" / "glossary.md").read_text()))
    alone = glossary._joined(Path("none"))
    assert "| p-value |" in alone
    assert [word for word in words - {"word"} if f"| {word} |" in alone] == []
