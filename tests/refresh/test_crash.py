"""Crashes, full disks, two writers, damage: caused, and then nothing is lost."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from refreshaudit import FLOWS, audit, claims, pinned

from analysis import project as places
from analysis.data import checksums, vintages
from analysis.data.catalog import Catalog
from analysis.data.tables import Archive
from analysis.errors import ProjectError
from analysis.refresh import acceptance, repair, transaction

TABLE = "trade/flows"


class Crash(BaseException):
    """The process ends here: no handler of ours may repair it."""


class Power:
    """Lets so many writes through, then ends them, before or after the file is in its place."""

    def __init__(self, monkeypatch):
        self.left = -1
        self._real = places.write_atomically
        for module in (transaction, repair):
            monkeypatch.setattr(module, "write_atomically", self.write)

    def write(self, path, data):
        if self.left == 0:
            raise Crash
        self.left -= 1
        self._real(path, data)


def edition(project, value, day="2026-01-05"):
    info = Catalog.read(project)[TABLE]
    data = FLOWS.replace("9.9", str(value)).encode()
    return acceptance.replacement_files(project, info, data, day=day, why="a test")


def repaired_maximum(project):
    """The table's maximum after `claims doctor --repair`, which must leave no finding."""
    claims("doctor", "--repair")
    assert repair.examine(project) == []
    return Archive.read(project).load(TABLE).frame["value"].max()


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMS_PROJECT", str(tmp_path))
    return audit(tmp_path)


@pytest.mark.parametrize("writes", range(12))
def test_a_crash_at_any_write_leaves_the_old_or_the_new_whole(project, monkeypatch, writes):
    power, files = Power(monkeypatch), edition(project, 10.2)
    power.left = writes
    with suppress(Crash):
        transaction.commit(project, files)
    decided = writes > len(files)  # each file is staged, then the journal
    power.left = -1
    assert repaired_maximum(project) == (10.2 if decided else 9.9)
    if decided:
        (kept,) = vintages.read_ledger(project)[TABLE]
        assert (project.root / kept.file(TABLE)).read_text() == FLOWS


def test_a_next_refresh_finishes_what_was_interrupted(project, monkeypatch):
    power = Power(monkeypatch)
    power.left = 8
    with pytest.raises(Crash):
        transaction.commit(project, edition(project, 10.2))
    power.left = -1
    assert claims("data", "rollback", TABLE).exit_code == 0
    assert repaired_maximum(project) == 9.9


def test_two_refreshes_at_once(project):
    code = (
        "import sys; from pathlib import Path; from analysis.project import Project\n"
        "from analysis.refresh.transaction import locked\n"
        f"with locked(Project(Path({str(project.root)!r}))):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        result = claims("data", "refresh")
        assert result.exit_code == 1
        assert "another refresh is at work; nothing is changed" in result.stderr
        other.kill()  # a lock must end with its process
        other.wait()
    with transaction.locked(project):
        pass


def test_a_full_disk_changes_nothing(project):
    """A limit on the size of files: what writes more is refused by the system."""
    before, files = pinned(project), edition(project, 10.2)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ProjectError, match="cannot be written: File too large"):
            transaction.commit(project, files)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert pinned(project) == before


@pytest.mark.usefixtures("project")
def test_a_read_only_tree_is_reported(monkeypatch):
    """Root may write anywhere, so the system's answer is given in its place."""

    def refused(*_):
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr(transaction.os, "open", refused)
    result = claims("data", "rollback", TABLE)
    assert result.exit_code == 1
    assert "Read-only file system; nothing is changed" in result.stderr


def test_a_damaged_catalog_is_put_back_and_the_damaged_one_kept(project):
    transaction.commit(project, edition(project, 10.2))
    project.catalog.write_text("tables: [")
    result = claims("doctor")
    assert result.exit_code == 1
    assert "the catalog is damaged" in result.stdout
    assert repaired_maximum(project) == 10.2
    assert (project.data / "catalog.yaml.damaged").read_text() == "tables: ["


def test_a_damaged_catalog_without_a_copy_is_left_to_git(project):
    project.catalog.write_text("tables: [")
    result = claims("doctor", "--repair")
    assert result.exit_code == 1
    assert "restore data/catalog.yaml from version control" in result.stdout


def test_a_damaged_table_is_put_back_where_its_bytes_are_kept(project):
    transaction.commit(project, edition(project, 10.2))
    claims("data", "rollback", TABLE)
    project.table(TABLE).write_text("rubbish")
    assert "expected sha256" in claims("doctor").stdout
    assert repaired_maximum(project) == 9.9


def test_a_damaged_earlier_state_is_reported(project):
    transaction.commit(project, edition(project, 10.2))
    (kept,) = vintages.read_ledger(project)[TABLE]
    (project.root / kept.file(TABLE)).write_text("rubbish")
    result = claims("doctor")
    assert result.exit_code == 1
    assert f"{kept.file(TABLE)}: expected sha256" in result.stdout


def test_a_journal_cannot_write_outside_the_data(project):
    staging = project.root / transaction.STAGING
    staging.mkdir()
    (staging / "journal.json").write_text('{"data/../claims.yaml": "00"}')
    result = claims("doctor", "--repair")
    assert result.exit_code == 1
    assert "outside data/" in result.stdout
    assert "T1" in project.claims.read_text()


def test_a_half_written_file_is_removed(project):
    (project.data / "trade" / ".flows.csv.1234.tmp").write_text("cou")
    assert "half-written" in claims("doctor").stdout
    assert repaired_maximum(project) == 9.9


class Histories(RuleBasedStateMachine):
    """Any order of accepting, rolling back, crashing: the store is what a plain list says."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.project = audit(Path(self.folder.name))
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("CLAIMS_PROJECT", self.folder.name)
        self.power = Power(self.patch)
        self.now, self.seen, self.day = 9.9, [9.9], 0

    def teardown(self):
        self.patch.undo()
        self.folder.cleanup()

    def files(self, value):
        self.day += 1
        return edition(self.project, value, day=f"2026-01-{self.day % 28 + 1:02d}")

    @rule(value=st.sampled_from([10.1, 10.2, 10.3]))
    def accept(self, value):
        transaction.commit(self.project, self.files(value))
        self.now = value
        self.seen.append(value)

    @precondition(lambda self: len(set(self.seen)) > 1)
    @rule()
    def roll_back(self):
        ledger = vintages.read_ledger(self.project)
        result = claims("data", "rollback", TABLE)
        value = (self.project.root / ledger[TABLE][-1].file(TABLE)).read_bytes()
        if result.exit_code == 0:
            assert self.project.table(TABLE).read_bytes() == value
            self.now = Archive.read(self.project).load(TABLE).frame["value"].max()
        else:
            assert "in the state" in result.stderr

    @rule(value=st.sampled_from([10.1, 10.2, 10.3]), writes=st.integers(0, 11))
    def crash(self, value, writes):
        files = self.files(value)
        self.power.left = writes
        try:
            with suppress(Crash):
                transaction.commit(self.project, files)
        finally:
            self.power.left = -1
        found = repaired_maximum(self.project)
        assert found in (self.now, value)
        self.now = found
        if found == value:
            self.seen.append(value)

    @invariant()
    def sound(self):
        info = Catalog.read(self.project)[TABLE]
        checksums.verify(checksums.read_file(self.project, info), info)
        assert Archive.read(self.project).load(TABLE).frame["value"].max() == self.now

    @invariant()
    def nothing_is_lost(self):
        """Every state that ever was accepted can be loaded."""
        ledger = vintages.read_ledger(self.project).get(TABLE, ())
        archive = Archive.read(self.project)
        kept = {archive.load(TABLE, vintage=each.label).frame["value"].max() for each in ledger}
        assert set(self.seen) <= kept | {self.now}


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
