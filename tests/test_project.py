import errno
import os
from pathlib import Path

import pytest

from analysis.errors import ProjectError
from analysis.project import Project, write_atomically


@pytest.fixture
def audit(tmp_path):
    (tmp_path / "claims.yaml").write_text("claims: []\n")
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def lost(tmp_path_factory):
    """A folder with no audit above it."""
    return tmp_path_factory.mktemp("elsewhere")


def test_found_above_the_start(audit):
    assert Project.find(audit / "notebooks" / "deep", environ={}) == Project(audit)
    assert Project.find(audit, environ={}) == Project(audit)


def test_found_above_the_current_folder(audit, monkeypatch):
    monkeypatch.chdir(audit / "notebooks")
    assert Project.find(environ={}) == Project(audit)


def test_the_variable_wins(audit, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "claims.yaml").write_text("claims: []\n")
    assert Project.find(audit, environ={"CLAIMS_PROJECT": str(other)}) == Project(other)


def test_a_wrong_variable_is_not_passed_over(audit, lost):
    with pytest.raises(
        ProjectError, match=rf"CLAIMS_PROJECT says {lost}, where there is no claims"
    ):
        Project.find(audit, environ={"CLAIMS_PROJECT": str(lost)})


def test_the_checkout_of_the_library_never_answers_for_another_folder(lost):
    with pytest.raises(ProjectError) as caught:
        Project.find(lost, environ={})
    for told in ("CLAIMS_PROJECT is not set", f"in {lost} or above it", "folder with claims.yaml"):
        assert told in str(caught.value)


@pytest.mark.parametrize("kind", ["a folder", "a link to nothing"])
@pytest.mark.parametrize("told", [True, False])
def test_a_register_that_is_no_file_stops_the_search(audit, kind, told):
    """The audit above it must not answer in its place."""
    inner = audit / "notebooks" / "claims.yaml"
    inner.mkdir() if kind == "a folder" else inner.symlink_to("gone.yaml")
    environ = {"CLAIMS_PROJECT": str(inner.parent)} if told else {}
    with pytest.raises(ProjectError, match=rf"^{inner}: expected a file; restore it"):
        Project.find(audit / "notebooks" / "deep", environ=environ)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read anything")
def test_a_register_that_cannot_be_read_stops_the_search(audit):
    (audit / "claims.yaml").chmod(0)
    with pytest.raises(ProjectError, match="cannot be read"):
        Project.find(audit, environ={})


def test_the_tree():
    project = Project(Path("/audit"))
    shown = {
        name: project.show(getattr(project, name))
        for name in (
            "claims",
            "catalog",
            "sources",
            "corrections",
            "notebooks",
            "published",
            "build",
            "lock",
        )
    }
    assert shown == {
        "claims": "claims.yaml",
        "catalog": "data/catalog.yaml",
        "sources": "data/sources.csv",
        "corrections": "data/corrections.yaml",
        "notebooks": "notebooks",
        "published": "results/published.json",
        "build": "build",
        "lock": "requirements.lock",
    }  # fmt: skip
    assert project.show(project.table("trade/flows")) == "data/trade/flows.csv"
    assert project.show(Path("/else/where")) == "/else/where"


def test_writing_replaces_the_whole(tmp_path):
    path = tmp_path / "new" / "results.json"
    write_atomically(path, "first, longer\n")
    write_atomically(path, b"second\r\n")
    assert path.read_bytes() == b"second\r\n"
    write_atomically(path, "naïve\n")
    assert path.read_bytes() == "naïve\n".encode()
    assert [each.name for each in path.parent.iterdir()] == ["results.json"]


@pytest.mark.parametrize("step", ["replace", "open"])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "No space left on device; free some space"),
        (errno.EROFS, "Read-only file system; the disk is mounted read-only"),
        (errno.EACCES, "Permission denied; give yourself the right"),
        (errno.EIO, "Input/output error; see to the disk"),
    ],
)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step, number, told):
    path = tmp_path / "results.json"
    write_atomically(path, "old\n")

    def fail(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(Path, step, fail)
        with pytest.raises(ProjectError) as caught:
            write_atomically(path, "new\n")
    assert str(caught.value).startswith(f"{path}: cannot be written: {told}")
    assert path.read_text() == "old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["results.json"]


def test_a_failure_while_the_bytes_go_out_leaves_nothing(tmp_path, monkeypatch):
    def fail(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ProjectError, match="free some space"):
        write_atomically(tmp_path / "results.json", "new\n")
    assert [each.name for each in tmp_path.iterdir()] == []


def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "results.json", "new\n")
    assert [each.name for each in tmp_path.iterdir()] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's always full device")
def test_a_really_full_disk(tmp_path, monkeypatch):
    """The bytes go to a device that is always full; the message is the real one."""
    real = Path.open

    def full(_, mode):
        return real(Path("/dev/full"), "wb" if mode == "xb" else mode)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ProjectError, match="No space left on device; free some space"):
        write_atomically(tmp_path / "results.json", "new\n" * 100_000)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ProjectError, match="Permission denied; give yourself the right"):
        write_atomically(tmp_path / "results.json", "new\n")


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(ProjectError, match="cannot be written"):
        write_atomically(tmp_path / "results" / "published.json", "new\n")
