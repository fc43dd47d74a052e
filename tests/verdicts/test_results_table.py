"""The findings that a page of Markdown lists are those of the results."""

from pathlib import Path

import pytest

from analysis.errors import ClaimsError
from analysis.verdicts.results import read_results
from analysis.verdicts.results_table import with_findings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def published():
    return read_results(ROOT / "results" / "published.json")


def test_the_readme_has_the_published_findings(published):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "<!-- findings: " in text
    assert with_findings(text, published) == text


def test_a_finding_of_no_claim_is_refused(published):
    page = "<!-- findings: C2 C222 --><!-- end of findings -->"
    with pytest.raises(ClaimsError, match=r"no claim 'C222' \(did you mean 'C2'"):
        with_findings(page, published)
