import pytest

from analysis.errors import ProjectError
from analysis.exports import citation
from analysis.exports.citation import Author


def test_people_and_organisations_are_told_apart(project):
    (project.root / citation.FILE).write_text(
        "title: An audit\nlicense: MIT\nversion: 1.0\nauthors:\n- {name: A group}\n"
        "- {given-names: Ada, family-names: Rowe}\n- {family-names: Solo}\n"
    )
    found = citation.read(project)
    assert found.authors == (
        Author(name="A group", kind="Organization"),
        Author(name="Ada Rowe", kind="Person"),
        Author(name="Solo", kind="Person"),
    )
    assert (found.title, found.version, found.licence) == ("An audit", "1.0", "MIT")


def test_an_audit_need_not_say_who_answers_for_it(project):
    assert citation.read(project) is None


@pytest.mark.parametrize("text", ["title: only", "- a list", "authors: [{}]\ntitle: t", "a: [b"])
def test_a_citation_that_is_none_is_an_error_with_its_place(project, text):
    (project.root / citation.FILE).write_text(text)
    told = "2:1: did not find" if text == "a: [b" else " expected a citation"
    with pytest.raises(ProjectError, match=rf"CITATION\.cff:{told}"):
        citation.read(project)


def test_an_address_that_runs_is_refused(project):
    text = "title: t\nauthors: [{name: A}]\nurl: 'javascript:alert(1)'\n"
    (project.root / citation.FILE).write_text(text)
    with pytest.raises(ProjectError, match=r"CITATION\.cff: expected the url to be one of the web"):
        citation.read(project)
