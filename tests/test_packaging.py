"""What the packaging files promise: one hashed lock, one set of bounds, no trace of a machine.

Each promise is a function from text to a list of faults, tried on the project's own
files and on files that break it.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

import analysis
from analysis.execution.plan import OVERVIEWS
from analysis.methods import METHODS
from analysis.project import SHIPPED as SHIPPED_FOLDER

ROOT = Path(__file__).parents[1]

# PyPI's name -> the name on the conda channel, where they differ.
CONDA_NAMES = {
    "matplotlib": "matplotlib-base",  # `matplotlib` there brings Qt
}
NOT_ON_CONDA = {"matplotlib-fontja"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def project():
    return tomllib.loads(read("pyproject.toml"))["project"]


def requirements(*, extras=True):
    """All that pyproject.toml asks for, in the core and in the extras."""
    further = project()["optional-dependencies"].values() if extras else ()
    texts = [*project()["dependencies"], *(text for some in further for text in some)]
    return [Requirement(text) for text in texts]


# ------------------------------------------------------------------ no trace of a machine

TRACES = {
    "an address": re.compile(r"://"),
    "an index option": re.compile(
        r"--(?:extra-)?index(?:-url)?\b|--default-index|--find-links|--trusted-host"
    ),
    "a machine's path": re.compile(r"(?<![\w.*/-])/(?:work|root|home|tmp|Users)\b"),
}
SHIPPED = [
    "requirements.lock",
    "requirements-validators.lock",
    "pyproject.toml",
    "environment.yml",
    "Makefile",
    ".ci/run",
]


def traces(text):
    return [name for name, pattern in TRACES.items() if pattern.search(text)]


@pytest.mark.parametrize("name", SHIPPED)
def test_no_file_names_an_address_an_index_or_a_machine(name):
    assert traces(read(name)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("pandas @ https" + "://example.org/pandas.whl", "an address"),
        ("--index-url mirror", "an index option"),
        ("  --extra-index-url mirror", "an index option"),
        ("uv pip sync --default-index mirror", "an index option"),
        ("--find-links wheels", "an index option"),
        ("-e /home/ann/audit", "a machine's path"),
        ("PYTHON=/home/ann/python3", "a machine's path"),
        ('cd "/Users/ann"', "a machine's path"),
    ],
)
def test_a_trace_is_found(text, fault):
    assert traces(f"pandas==3.1.1\n{text}\n") == [fault]


# ------------------------------------------------------------------ the lock

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?P<more> \\)?")


def pins(lock):
    return {match["name"]: Version(match["version"]) for match in PIN.finditer(lock)}


def lock_faults(lock):
    """Each line is a pin or a hash of the pin above it; each package is pinned once."""
    faults, seen, hash_due = [], set(), False
    for line in lock.splitlines():
        if pin := PIN.fullmatch(line):
            if hash_due:
                faults.append(f"no hash before {line!r}")
            if pin["name"] in seen:
                faults.append(f"pinned twice: {pin['name']}")
            seen.add(pin["name"])
            hash_due = True
        elif hash_due and (digest := HASH.fullmatch(line)):
            hash_due = digest["more"] is not None
        else:
            faults.append(f"neither a pin nor a hash of one: {line!r}")
    return faults + ["no hash at the end"] * hash_due


def unlocked(wanted, locked):
    """Requirements that the locked versions do not satisfy."""
    return [
        str(requirement)
        for requirement in wanted
        if (version := locked.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]


def test_the_validators_have_a_lock_of_their_own_that_satisfies_them():
    lock = read("requirements-validators.lock")
    groups = tomllib.loads(read("pyproject.toml"))["dependency-groups"]
    assert lock_faults(lock) == []
    assert unlocked(map(Requirement, groups["validators"]), pins(lock)) == []


def test_every_pin_of_the_lock_has_a_hash_and_is_the_only_one():
    assert lock_faults(read("requirements.lock")) == []


def test_the_lock_satisfies_every_bound():
    assert unlocked(requirements(), pins(read("requirements.lock"))) == []


GOOD_HASH = "    --hash=sha256:" + 64 * "a"


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        (f"six==1.17.0 \\\n{GOOD_HASH} \\\n{GOOD_HASH}\n", None),
        (f"six==1.17.0 ; os_name == 'nt' \\\n{GOOD_HASH}\n", None),
        ("six==1.17.0\n", "neither a pin"),
        ("six==1.17.0 \\\n", "no hash at the end"),
        (f"six==1.17.0 \\\ntoml==0.10.2 \\\n{GOOD_HASH}\n", "no hash before"),
        (f"six==1.17.0 \\\n{GOOD_HASH} \\\n", "no hash at the end"),
        (f"six==1.17.0 \\\n{GOOD_HASH[:-1]}\n", "neither a pin"),
        (2 * f"six==1.17.0 \\\n{GOOD_HASH}\n", "pinned twice"),
        (f"six>=1.17.0 \\\n{GOOD_HASH}\n", "neither a pin"),
        (f"--no-binary six\nsix==1.17.0 \\\n{GOOD_HASH}\n", "neither a pin"),
        (f"{GOOD_HASH}\n", "neither a pin"),
    ],
)
def test_a_fault_of_the_lock_is_found(lock, fault):
    faults = lock_faults(lock)
    assert faults == [] if fault is None else fault in faults[0]


@pytest.mark.parametrize("wanted", ["numpy", "six>=1.18", "six>=1,<1.17"])
def test_a_bound_that_the_lock_misses_is_found(wanted):
    locked = pins(f"six==1.17.0 \\\n{GOOD_HASH}\n")
    assert unlocked([Requirement(wanted)], locked) == [str(Requirement(wanted))]
    assert unlocked([Requirement("six>=1.17,<2")], locked) == []


# ------------------------------------------------------------------ environment.yml


def bounds(specifier):
    return frozenset(str(specifier).split(",")) - {"", "None"}


def conda_bounds():
    """What environment.yml must ask for beside Python: {name: bounds} of conda and of pip."""
    conda, pip = {"pip": frozenset()}, {}
    for requirement in requirements(extras=False):
        chosen = pip if requirement.name in NOT_ON_CONDA else conda
        name = CONDA_NAMES.get(requirement.name, requirement.name)
        chosen[name] = bounds(requirement.specifier)
    return conda, pip


def differences(kind, wanted, found):
    return [
        f"{kind}: {name} {sorted(found.get(name, ['missing']))} for {sorted(wanted.get(name, []))}"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def minors():
    """The supported versions of Python, as 3.12."""
    classifiers = "\n".join(project()["classifiers"])
    return re.findall(r"Python :: (3\.\d+)", classifiers)


def environment_faults(text):
    """Where environment.yml is malformed or says something else than pyproject.toml."""
    environment, faults, conda, pip = yaml.safe_load(text), [], {}, {}
    *specs, by_pip = environment["dependencies"]
    for spec in specs:
        try:
            match = MatchSpec(spec, strict=True)
        except InvalidMatchSpecError as error:
            faults.append(f"not a conda spec: {spec!r}: {error}")
        else:
            conda[match.name.normalized] = bounds(match.version)
    for spec in by_pip["pip"][:-1]:
        try:
            requirement = Requirement(spec)
        except InvalidRequirement as error:
            faults.append(f"not a pip spec: {spec!r}: {error}")
        else:
            pip[requirement.name] = bounds(requirement.specifier)
    if environment["channels"] != ["conda-forge"]:
        faults.append(f"channels: {environment['channels']}")
    if by_pip["pip"][-1] != "-e .":
        faults.append("the project itself is not installed")
    if conda.pop("python", None) not in [{f"{minor}.*"} for minor in minors()]:
        faults.append("python: not pinned to one that is tested")
    wanted_conda, wanted_pip = conda_bounds()
    faults += differences("conda", wanted_conda, conda)
    return faults + differences("pip", wanted_pip, pip)


def test_environment_asks_for_what_pyproject_asks_for():
    assert environment_faults(read("environment.yml")) == []


def test_environment_begins_with_the_four_packages_that_readers_know():
    specs = yaml.safe_load(read("environment.yml"))["dependencies"]
    first = " ".join(spec.split()[0] for spec in specs[:5])
    assert first == "python jupyterlab pandas seaborn papermill"


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("pandas >=3.1,<4", "pandas >=3.0,<4", "conda: pandas"),
        ("pandas >=3.1,<4", "pandas >=3.1", "conda: pandas"),
        ("pandas >=3.1,<4", "pandas==>3", "not a conda spec: 'pandas==>3'"),
        ("pandas >=3.1,<4", "pandas>=3,,<4", "not a conda spec: 'pandas>=3,,<4'"),
        ("  - seaborn >=0.13\n", "", "conda: seaborn ['missing']"),
        ("seaborn >=0.13", "seabom >=0.13", "conda: seabom"),
        ("python =3.12", "python >=3.12", "python: not pinned"),
        ("python =3.12", "python =3.10", "python: not pinned"),
        ("matplotlib-fontja>=1.1", "matplotlib-fontja>1.1", "pip: matplotlib-fontja"),
        ("matplotlib-fontja>=1.1", "matplotlib fontja", "not a pip spec"),
        ("  - ipykernel >=7.4\n", "", "conda: ipykernel"),
        ("  - rich >=15.0\n", "  - rich >=15.0\n  - pytest >=9.2\n", "conda: pytest"),
        ("- -e .", "- pooch>=1.9", "the project itself"),
        ("conda-forge", "defaults", "channels"),
    ],
)
def test_a_fault_of_environment_is_found(good, bad, fault):
    text = read("environment.yml")
    assert good in text
    assert any(found.startswith(fault) for found in environment_faults(text.replace(good, bad)))


# ------------------------------------------------------------------ pyproject.toml


def python_faults(requires, classifiers, makefile):
    """Where the supported Pythons differ: bounds, classifiers, what make looks for."""
    allowed = {f"3.{minor}" for minor in range(50) if f"3.{minor}.1" in SpecifierSet(requires)}
    oldest, *_, newest = (str(python).replace(".", ", ") for python in sorted(allowed, key=Version))
    fits = f"({oldest}) <= sys.version_info[:2] <= ({newest})"
    (candidates,) = re.findall(r"^CANDIDATES .*", makefile, re.MULTILINE)
    said = {
        "classifiers": set(re.findall(r"Python :: (3\.\d+)", "\n".join(classifiers))),
        "Makefile's candidates": set(re.findall(r" python(3\.\d+)", candidates)),
        "Makefile's check": allowed if fits in makefile else set(),
    }
    return [where for where, pythons in said.items() if pythons != allowed]


def test_all_files_support_the_same_pythons():
    requires, classifiers = project()["requires-python"], project()["classifiers"]
    assert python_faults(requires, classifiers, read("Makefile")) == []


@pytest.mark.parametrize(
    ("requires", "classifiers", "candidate", "fault"),
    [
        (">=3.11,<3.15", "3.11 3.12 3.13", "python3.11", "classifiers"),
        (">=3.12,<3.14", "3.11 3.12 3.13", "python3.11", "classifiers"),
        (">=3.11,<3.14", "3.11 3.12", "python3.11", "classifiers"),
        (">=3.11,<3.14", "3.11 3.12 3.13", "", "Makefile's candidates"),
        (">=3.11,<3.14", "3.11 3.12 3.13", "python3.11 python3.14", "Makefile's candidates"),
        (">=3.12,<3.14", "3.12 3.13", "", "Makefile's check"),
    ],
)
def test_a_python_that_is_not_everywhere_is_found(requires, classifiers, candidate, fault):
    classifiers = [f"Programming Language :: Python :: {minor}" for minor in classifiers.split()]
    makefile = read("Makefile").replace("python3.11)", f"{candidate})")
    assert fault in python_faults(requires, classifiers, makefile)


def test_the_command_is_declared_and_installed():
    assert project()["scripts"] == {"claims": "analysis.cli:main"}
    (command,) = entry_points(group="console_scripts", name="claims")
    assert command.value == "analysis.cli:main"


def test_the_build_backend_is_in_the_lock():
    """Or the install without build isolation would fail."""
    requires = tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]
    assert set(requires) <= set(project()["optional-dependencies"]["build"])


def test_the_citation_agrees_with_the_package():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["version"] == analysis.__version__
    assert citation["license"] == project()["license"]


# ------------------------------------------------------------------ the Makefile


def undocumented(makefile):
    targets = re.search(r"^\.PHONY: (.+) FORCE$", makefile, re.MULTILINE)[1].split()
    return [name for name in targets if not re.search(rf"(?m)^{name}:.* ## \w", makefile)]


def test_help_lists_every_target():
    assert undocumented(read("Makefile")) == []
    assert undocumented(read("Makefile").replace("## Run the tests but", "but")) == ["test"]


@pytest.fixture
def checkout(tmp_path):
    """A folder with what the install reads, and an environment that looks finished."""
    for name in ["Makefile", "requirements.lock", "pyproject.toml"]:
        shutil.copy(ROOT / name, tmp_path)
        os.utime(tmp_path / name, (1, 1))
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/.installed").write_text(f"|{tmp_path}|python3|\n", encoding="utf-8")
    return tmp_path


def make(folder, *arguments):
    """Run make as a person would, not as a part of `make test`."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"ARGS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON"}
    }
    return subprocess.run(
        ["make", *arguments],  # noqa: S607 - whichever make the person has
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def planned(folder, *arguments):
    """Which of the two works make would do before the command: make .venv, install."""
    plan = make(folder, "--dry-run", "figures", *arguments).stdout
    assert ".venv/bin/claims run" in plan
    signs = {"make": "-m venv", "install": "pip sync"}
    return [work for work, sign in signs.items() if sign in plan]


def test_a_finished_environment_is_left_alone(checkout):
    assert planned(checkout) == []
    assert planned(checkout, "PYTHON=python3") == []


def test_a_changed_lock_is_installed_into_the_environment(checkout):
    os.utime(checkout / "requirements.lock")
    os.utime(checkout / ".venv/.installed", (2, 2))
    assert planned(checkout) == ["install"]


@pytest.mark.parametrize("stamp", [None, "", "|/elsewhere|python3|"])
def test_a_half_made_or_moved_environment_is_made_anew(checkout, stamp):
    (checkout / ".venv/.installed").unlink()
    if stamp is not None:
        (checkout / ".venv/.installed").write_text(stamp, encoding="utf-8")
    assert planned(checkout) == ["make", "install"]


def test_an_environment_of_another_python_is_made_anew(checkout):
    assert planned(checkout, "PYTHON=python3.13") == ["make", "install"]


def fake_python(folder, script):
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return f"PYTHON={path}"


def test_an_old_python_is_refused_with_its_version(checkout):
    old = fake_python(checkout, 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    done = make(checkout, old, "figures")
    assert done.returncode != 0
    assert "This project needs Python 3.11, 3.12 or 3.13." in done.stderr
    assert "python: Python 3.9.2" in done.stderr
    assert "make PYTHON=/path/to/python3.13 figures" in done.stderr


CUT_OFF = """\
case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*"-m pip"*) echo "[Errno -3] Temporary failure in name resolution" >&2; exit 1 ;;
esac"""


def test_without_a_network_the_package_index_is_named(checkout):
    done = make(checkout, fake_python(checkout, CUT_OFF), "figures")
    assert done.returncode != 0
    assert "Cannot reach the package index." in done.stderr
    assert not (checkout / ".venv/.installed").exists()


def test_an_interrupted_update_leaves_no_stamp(checkout):
    cut_off = fake_python(checkout, CUT_OFF)
    stamp = checkout / ".venv/.installed"
    stamp.write_text(f"|{checkout}|{cut_off.removeprefix('PYTHON=')}|\n", encoding="utf-8")
    os.utime(stamp, (0, 0))
    assert planned(checkout, cut_off) == ["install"]
    assert make(checkout, cut_off, "figures").returncode != 0
    assert not stamp.exists()


# ------------------------------------------------------------------ the wheel


def test_every_notebook_of_a_method_is_shipped():
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    names = [f"notebooks/{name}.ipynb" for name in sorted({*METHODS, *OVERVIEWS})]
    assert wheel["force-include"] == {
        name: f"analysis/{SHIPPED_FOLDER.name}/{name}" for name in ["docs/method.md", *names]
    }


def test_a_wheel_makes_an_audit_that_runs_anywhere(tmp_path):
    """Of the library, nothing but the wheel is on the path; no folder above is a checkout."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(tmp_path / "installed")
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    environ.pop("CLAIMS_PROJECT", None)

    def claims(*words, at):
        command = [sys.executable, "-m", "analysis", *words]
        done = subprocess.run(
            command, cwd=at, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    claims("new", "audit", "made", at=tmp_path)
    made = tmp_path / "made"
    assert "1 of 1 claims ran to a verdict" in claims("run", at=made)
    claims("report", at=made)
    first = next(
        cell
        for cell in nbformat.read(made / "build/notebooks/A1.ipynb", as_version=4).cells
        if "claim_id" in cell.source
    )
    assert 'claim_id = "A1"' in first.source
    method = (made / "build/site/method.html").read_text(encoding="utf-8")
    assert "From specifications to a code" in method
    claims("bundle", "--out", str(tmp_path / "made.zip"), at=made)
    with zipfile.ZipFile(tmp_path / "made.zip") as zipped:
        zipped.extractall(tmp_path / "unpacked")
    unpacked = tmp_path / "unpacked"
    assert (unpacked / "notebooks/level.ipynb").exists()
    environ["PYTHONPATH"] = str(unpacked / "src")
    shutil.rmtree(tmp_path / "installed")
    outputs = [unpacked / "build" / name for name in ("records/A1.json", "notebooks/A1.ipynb")]
    before = [path.read_bytes() for path in outputs]
    assert "1 of 1 claims ran to a verdict" in claims("run", "A1", at=unpacked)
    assert [path.read_bytes() for path in outputs] == before
