"""Other people's validators, which cannot live in our environment, in one of their own."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import rocrate

from analysis.data.sources import Sources
from analysis.exports import bibtex, bundle, claimreview
from analysis.project import Project

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "validators"
CONTEXT = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"
REQUIRED = os.environ.get("CLAIMS_VALIDATORS") == "required"
UNREACHABLE = "name resolution|not known|dns error|connect|unreachable|timed out|offline"
# What we leave open on purpose: who ran a notebook and when, and addresses that nobody has given.
OPEN = (
    "The Action SHOULD have an agent that is a Person or Organization",
    "The Action SHOULD have an endTime in ISO 8601 format",
    "The Application SHOULD have a url",
    "The SoftwareApplication id SHOULD be an absolute URI",
    "The organization SHOULD have a URL.",
)

pytestmark = pytest.mark.slow

CFFCONVERT = "import sys; from cffconvert.cli.cli import cli; sys.argv[1:] = ['--validate']; cli()"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python with the validators. Skips where the package index cannot be reached."""
    place = tmp_path_factory.mktemp("validators") / "env"
    found = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    lock = str(ROOT / "requirements-validators.lock")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    for words in (
        ["venv", "--python", sys.executable, str(place)],
        ["pip", "sync", "--require-hashes", "--python", str(found), lock],
    ):
        done = subprocess.run([uv, "--quiet", *words], capture_output=True, text=True, check=False)
        if done.returncode and re.search(UNREACHABLE, done.stderr, re.IGNORECASE) and not REQUIRED:
            told = "NOT VALIDATED by roc-validator, pybtex and cffconvert: no package index"
            pytest.skip(f"{told}; CLAIMS_VALIDATORS=required makes this a failure")
        assert done.returncode == 0, done.stderr
    return str(found)


def run(python, *words, cwd=ROOT):
    """What a program of theirs prints."""
    done = subprocess.run([python, *map(str, words)], cwd=cwd, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def unpacked(ran, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crate")
    bundle.write(ran, folder / "audit.zip")
    with zipfile.ZipFile(folder / "audit.zip") as zipped:
        zipped.extractall(folder / "audit")
    return folder / "audit"


def test_roc_validator_accepts_a_bundle_but_for_what_we_leave_open(python, unpacked):
    found = run(python, PROGRAMS / "crate.py", unpacked, CONTEXT).splitlines()
    assert [line for line in found if not line.endswith(OPEN)] == []


def test_roc_validator_misses_an_instrument_and_a_file(python, unpacked, tmp_path):
    wrong = shutil.copytree(unpacked, tmp_path / "wrong")
    (wrong / "claims.yaml").unlink()
    path = wrong / "ro-crate-metadata.json"
    path.write_text(path.read_text().replace('"instrument":', '"instrumental":'))
    found = run(python, PROGRAMS / "crate.py", wrong, CONTEXT)
    assert "REQUIRED" in found
    assert "MUST have an instrument" in found
    assert "claims.yaml" in found


def test_pybtex_reads_every_source(python, tmp_path):
    project = Project(ROOT)
    path = tmp_path / bibtex.FILE
    path.write_bytes(bibtex.files(project)[bibtex.FILE])
    code = (
        "import sys; from pybtex.database import parse_file\n"
        "for key, each in parse_file(sys.argv[1]).entries.items():\n"
        "    print(key, *sorted(each.fields), len(each.persons['author']))"
    )
    found = run(python, "-W", "error", "-c", code, path).splitlines()
    assert [line.split()[0] for line in found] == sorted(Sources.read(project))
    assert {line.split()[-1] for line in found} == {"1"}


def test_cffconvert_accepts_the_citation(python):
    assert "valid according to schema" in run(python, "-c", CFFCONVERT)


def test_rdflib_reads_every_review_as_triples(python, tmp_path, ran):
    (tmp_path / "reviews.jsonld").write_bytes(claimreview.files(ran)[claimreview.FILE])
    found = run(python, PROGRAMS / "reviews.py", tmp_path / "reviews.jsonld").split()
    untestable_and_ran = claimreview.files(ran)[claimreview.FILE].count(b'"ClaimReview"')
    assert found == [str(untestable_and_ran)] * 3
