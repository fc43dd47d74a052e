"""Large sweeps on real data: the same rows in every way, and nothing lost by a crash."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from pathlib import Path

import executions
import polars as pl
import pytest
from click.testing import CliRunner

from analysis.claims import registry
from analysis.cli import main
from analysis.errors import AnalysisError
from analysis.execution.bulk import flow
from analysis.execution.bulk.chunk import plain, schema
from analysis.execution.bulk.parts import Parts
from analysis.execution.bulk.summary import summarize
from analysis.notebook import api
from analysis.project import Project
from analysis.verdicts import sweep
from analysis.verdicts.grid import expanded_grid

ROOT = Path(__file__).parents[2]
NAME = "C2"
FACTORS = {"claimed": tuple(float(value) for value in range(60, 90))}
CLAIMS = [sys.executable, "-m", "analysis"]


class Here(Executor):
    """Does everything at once in this process, and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, function, /, *args, **kwargs):
        self.calls += 1
        told: Future = Future()
        told.set_result(function(*args, **kwargs))
        return told


@pytest.fixture(scope="module")
def wanted():
    return expanded_grid(registry.read(Project(ROOT)).claims[NAME], "literal", FACTORS)


def planned(wanted, folder: Path, size: int = 100):
    found = flow.plan(wanted, "latest", Project(ROOT), {}, size=size, here=True)
    return flow.SweepPlan(chunks=found.chunks, parts=Parts(folder / found.parts.folder.name))


def done(wanted, folder: Path, size: int = 100) -> Path:
    plan = planned(wanted, folder, size)
    flow.run(plan.missing(), plan.parts, Here(), 2)
    plan.parts.join(folder / f"{size}.parquet")
    return folder / f"{size}.parquet"


@pytest.fixture(scope="module")
def whole(wanted, tmp_path_factory):
    return done(wanted, tmp_path_factory.mktemp("whole"))


def test_each_row_is_what_a_sweep_of_the_library_gives(wanted, whole):
    rows = pl.read_parquet(whole)
    claim = wanted.claim
    evidence = api.load(claim, "latest", project=Project(ROOT))
    numbered = list(wanted.specifications(0, len(wanted)))
    assert rows["number"].to_list() == [number for number, _ in numbered]
    assert 0 < len(rows) < len(wanted)  # some combinations make no sense
    for row, (_, specification) in zip(rows.iter_rows(named=True), numbered, strict=True):
        trial = sweep.attempt(specification, evidence, "latest")
        assert row["value"] == trial.estimate.value
        assert row["outcome"] == trial.outcome.name.lower()
        assert {name: row[f"choices.{name}"] for name in wanted.factors} == {
            name: specification.choices[name] for name in wanted.factors
        }


@pytest.mark.parametrize("size", [1440, 7])
def test_the_size_of_chunks_changes_no_row(wanted, whole, tmp_path, size):
    assert pl.read_parquet(done(wanted, tmp_path, size)).equals(pl.read_parquet(whole))


def test_a_second_sweep_gives_the_same_bytes(wanted, whole, tmp_path):
    assert digest(done(wanted, tmp_path)) == digest(whole)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_only_parts_that_are_missing_or_damaged_are_computed_again(wanted, whole, tmp_path, damage):
    plan = planned(wanted, tmp_path)
    flow.run(plan.missing(), plan.parts, Here(), 2)
    assert plan.missing() == []
    damage(sorted(plan.parts.folder.iterdir())[3])
    again = Here()
    flow.run(plan.missing(), plan.parts, again, 2)
    assert again.calls == 1
    plan.parts.join(tmp_path / "all.parquet")
    assert digest(tmp_path / "all.parquet") == digest(whole)


def test_parts_of_another_sweep_are_not_met(wanted):
    def folder(made_of, vintage="latest", size=100):
        return flow.plan(wanted, vintage, Project(ROOT), made_of, size=size, here=True).parts

    assert folder({"lock": "a"}) == folder({"lock": "a"})
    others = [folder({"lock": "b"}), folder({"lock": "a"}, "publication")]
    assert folder({"lock": "a"}) not in [*others, folder({"lock": "a"}, size=10)]


def test_few_chunks_are_under_way_at_a_time(wanted, tmp_path):
    """Memory is bounded by what waits, not by the size of the grid."""

    class Late(Here):
        """Holds back until as much is asked for as will ever be."""

        def __init__(self) -> None:
            super().__init__()
            self.waiting: list = []
            self.most = 0

        def submit(self, function, /, *args):
            told: Future = Future()
            self.waiting.append((told, function, args))
            self.most = max(self.most, len(self.waiting))
            if len(self.waiting) == 2 * flow.CHUNKS_PER_WORKER:
                for future, act, given in self.waiting:
                    future.set_result(act(*given))
                self.waiting.clear()
            return told

    plan = planned(wanted, tmp_path, size=120)
    late = Late()
    flow.run(plan.missing(), plan.parts, late, 2)
    assert late.most == 2 * flow.CHUNKS_PER_WORKER
    assert plan.missing() == []


def test_the_summary_is_what_the_rows_say(wanted, whole):
    rows = pl.read_parquet(whole)
    told = summarize(pl.scan_parquet(whole), wanted)
    assert told.counts == dict(rows.group_by("outcome").len().iter_rows())
    assert told.sensitivity["claimed"] == 1.0  # nothing exceeds 89, everything exceeds 60
    assert told.preferred == "pass"
    assert told.nearest_counterexample["changes"] == {"claimed": (75, 76.0)}
    assert told.nearest_counterexample["outcome"] == "fail"


def test_the_nearest_counterexample_takes_the_smallest_step_in_whatever_order(wanted, tmp_path):
    down = expanded_grid(wanted.claim, "literal", {"claimed": tuple(reversed(FACTORS["claimed"]))})
    told = summarize(pl.scan_parquet(done(down, tmp_path)), down)
    assert told.nearest_counterexample["changes"] == {"claimed": (75, 76.0)}


@pytest.mark.parametrize("name", ["C2", pytest.param("B4", marks=pytest.mark.slow), "B13", "E12"])
def test_shares_and_influence_are_those_of_a_verdict(tmp_path, name):
    claim = registry.read(Project(ROOT)).claims[name]
    registered = expanded_grid(claim, claim.literal.name, {})
    told = summarize(pl.scan_parquet(done(registered, tmp_path)), registered)
    evidence = api.load(claim, "latest", project=Project(ROOT))
    trials = [
        sweep.attempt(each, evidence, "latest")
        for _, each in registered.specifications(0, len(registered))
    ]
    expected = sweep.shares(trials)
    assert told.shares.get("pass", 0) == pytest.approx(expected.passing)
    assert told.shares.get("fail", 0) == pytest.approx(expected.failing)
    moved = sweep.sensitivity(trials)
    assert told.sensitivity == pytest.approx({each: moved[each] for each in told.sensitivity})


def test_a_factor_may_be_called_like_a_result(tmp_path):
    claim = registry.read(Project(ROOT)).claims["B14"]
    one = {factor: tuple(options[:1]) for factor, options in claim.grid.items()}
    rows = pl.read_parquet(done(expanded_grid(claim, claim.literal.name, one), tmp_path))
    assert rows["choices.outcome"].to_list() == list(one["outcome"])
    assert set(rows["outcome"]) <= {"pass", "fail", "unclear", "no evidence"}


def test_a_factor_of_numbers_and_words_is_text_and_a_whole_number_stays_whole(tmp_path):
    claim = registry.read(Project(ROOT)).claims["B4"]
    rows = pl.read_parquet(done(expanded_grid(claim, claim.literal.name, {}), tmp_path))
    assert rows["choices.least_segment"].dtype == pl.Int64
    assert rows["choices.drift"].dtype == pl.Boolean
    assert schema({"year": (2020, "all")})["choices.year"] == pl.String
    assert plain(2020, pl.String) == "2020"


# ------------------------------------------------------------------------------ the command


@pytest.fixture
def audit(tmp_path, executed):
    for name in ("claims", "claims.yaml", "data", "notebooks", "requirements.lock"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tmp_path / name)
    executions.remember(executed, tmp_path)
    return tmp_path


def command(root: Path, *words: str, **changes):
    return subprocess.run(
        [*CLAIMS, "sweep", NAME, *words],
        cwd=root,
        env={**os.environ, "CLAIMS_PROJECT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        **changes,
    )


def test_a_killed_sweep_goes_on_where_it_was(audit):
    words = ("-g", "claimed=60:90:101", "--chunk", "100", "--jobs", "2")
    started = subprocess.Popen(
        [*CLAIMS, "sweep", NAME, *words],
        cwd=audit,
        env={**os.environ, "CLAIMS_PROJECT": str(audit)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    parts = audit / "build" / "sweeps" / "parts"
    while len(list(parts.glob("*/*.parquet"))) < 3:
        assert started.poll() is None
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    started.wait()
    assert not (audit / "build/sweeps/C2.parquet").exists()
    again = command(audit, *words)
    assert again.returncode == 0, again.stderr
    assert "were computed before" in again.stderr
    one = digest(audit / "build/sweeps/C2.parquet")
    assert not list(parts.glob("*/*"))
    assert command(audit, *words, "--out", "other.parquet").returncode == 0
    assert digest(audit / "other.parquet") == one


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-g", "claimd=1"], "did you mean 'claimed'"),
        (["--reading", "litral"], "did you mean 'literal'"),
        (["-g", "reporter=Nobody", "-j", "1"], "reporter=Nobody; one of: Taiwan, Japan, mirror"),
        pytest.param(
            ["--cluster", "tcp://127.0.0.1:9"],
            "no scheduler answers at tcp://127.0.0.1:9",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_cannot_be_swept_is_told(audit, words, told, monkeypatch):
    monkeypatch.setenv("CLAIMS_PROJECT", str(audit))
    answer = CliRunner().invoke(main, ["sweep", NAME, *words])
    assert (answer.return_value or answer.exit_code) in (1, 2)
    assert told in answer.stderr


def test_an_impossible_specification_is_told_with_its_choices(tmp_path, wanted):
    odd = expanded_grid(wanted.claim, "literal", {"reporter": ("Nobody",)})
    with pytest.raises(AnalysisError, match=r"no measure is defined for .*reporter=Nobody"):
        done(odd, tmp_path)
