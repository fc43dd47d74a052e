"""Costly parts of pages are made again when what they are made from has changed, and only then."""

from __future__ import annotations

import pytest

from analysis.project import Project
from analysis.site.pieces import Pieces


@pytest.fixture
def project(tmp_path):
    (tmp_path / "build").mkdir()
    return Project(tmp_path)


def made(project, sources, made_now=b"new", kind="notebook"):
    """The part that is given, and whether it was made for it."""
    calls = []

    def make():
        calls.append(1)
        return made_now

    return Pieces(project).get(kind, sources, make), bool(calls)


def test_a_part_is_made_once_for_the_same_sources(project):
    assert made(project, [b"a", b"b"], b"first") == (b"first", True)
    assert made(project, [b"a", b"b"]) == (b"first", False)
    for other in ([b"ab"], [b"b", b"a"], [b"a", b"c"]):
        assert made(project, other) == (b"new", True)
    assert made(project, [b"a", b"b"], kind="thumbnail") == (b"new", True)


def test_another_maker_makes_everything_again(project, monkeypatch):
    made(project, [b"a"], b"first")
    monkeypatch.setattr(Pieces, "_makers", b"another")
    assert made(project, [b"a"]) == (b"new", True)


def test_what_a_build_did_not_use_is_removed(project):
    pieces = Pieces(project)
    made(project, [b"a"], b"first")
    pieces.get("notebook", [b"b"], lambda: b"second")
    pieces.prune()
    assert [path.read_bytes() for path in pieces.folder.iterdir()] == [b"second"]


def test_a_part_that_cannot_be_kept_is_still_given(project):
    (project.build / "cache").write_text("a file in the way")
    assert made(project, [b"a"]) == (b"new", True)
    Pieces(project).prune()
