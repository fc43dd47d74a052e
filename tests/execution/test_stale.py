"""A run forgets no ingredient and no product: what is flipped runs again, and nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.claims import registry
from analysis.execution import imports, inputs, manifests, references
from analysis.execution.inputs import InputHashes, changed_inputs, key
from analysis.execution.plan import plan
from analysis.execution.stale import find_stale
from analysis.project import Project

ROOT = Path(__file__).parents[2]
TABLE = "trade/bilateral_trade_annual"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The article's audit, with notes as if every claim had run, and a library of its own."""
    root = tmp_path_factory.mktemp("kept") / "audit"
    root.mkdir()
    for name in ("claims", "claims.yaml", "data", "notebooks", "requirements.lock"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, root / name)
    package = root / "library" / "analysis"
    shutil.copytree(ROOT / "src" / "analysis", package)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "PACKAGE", package)
        for job in looked_at(root).jobs:
            product = root / "build" / "figures" / f"{job.claim}.csv"
            product.parent.mkdir(parents=True, exist_ok=True)
            product.write_text(job.claim)
            products = {f"figures/{product.name}": manifests.sha256(product)}
            manifests.write(job, job.inputs, products)
        assert looked_at(root).jobs == ()
        yield root


def looked_at(root: Path):
    project = Project(root)
    known = registry.read(project)
    return find_stale(plan(project, known), InputHashes(project, known))


def claims() -> dict:
    return registry.read(Project(ROOT)).claims


def of_method(*names: str) -> set[str]:
    """Claims that use one of these methods, if only for something beside their core."""
    return {
        name
        for name, claim in claims().items()
        if claim.testable
        and {claim.method, *(part.method for part in claim.side_assertions)} & {*names}
    }


def reading(*tables: str) -> set[str]:
    return {name for name, claim in claims().items() if {*claim.tables} & {*tables}}


EVERY = of_method(*{claim.method for claim in claims().values()})


def notebook(change):
    def act(text: str) -> str:
        made = json.loads(text)
        change(made["cells"])
        return json.dumps(made)

    return act


def code(cells) -> None:
    next(cell for cell in cells if cell["id"] == "load")["source"].append("\n1 + 1")


def tag(cells) -> None:
    next(cell for cell in cells if cell["id"] == "load")["metadata"]["tags"] = ["skip-execution"]


def words(cells) -> None:
    next(cell for cell in cells if cell["cell_type"] == "markdown")["source"] = ["Other words."]
    for cell in cells:
        cell["metadata"]["collapsed"] = True


def replaced(old: str, new: str):
    def act(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return act


def added(line: str):
    return lambda text: f"{text}{line}\n"


def in_entry(table: str):
    """The catalog with another title of this table."""
    return lambda text: re.sub(rf"(?m)(^  {table}:\n    title: ).*", r"\1Another title", text)


def correction(table: str) -> str:
    return f"- {{id: new, table: {table}}}".replace("{", "").replace("}", "").replace(", ", "\n  ")


FLIPS = {
    "code of a notebook": ("notebooks/share.ipynb", notebook(code), of_method("share")),
    "a tag of a cell": ("notebooks/share.ipynb", notebook(tag), of_method("share")),
    "words of a notebook": ("notebooks/share.ipynb", notebook(words), set()),
    "a claim's rule": ("claims/C.yaml", replaced("than 75 billion", "than 80 billion"), {"C2"}),
    "the article's day": ("claims.yaml", replaced("2024-12-10", "2024-12-11"), EVERY),
    "a comment in the register": ("claims/C.yaml", added("# a remark"), set()),
    "what a slug is called": ("claims/names.yaml", replaced("Abe Shinzo", "Abe"), EVERY),
    "a table": (f"data/{TABLE}.csv", added(""), reading(TABLE)),
    "a table's entry": ("data/catalog.yaml", in_entry(TABLE), reading(TABLE)),
    "a remark in the catalog": ("data/catalog.yaml", added("# a remark"), set()),
    "a correction": ("data/corrections.yaml", added(correction(TABLE)), reading(TABLE)),
    "a correction in flow style": (
        "data/corrections.yaml",
        added(f'- {{id: new, "table": "{TABLE}"}}'),
        reading(TABLE),
    ),
    "a remark on corrections": ("data/corrections.yaml", added("# a remark"), set()),
    "a new source": ("data/sources.csv", added("nobody_cites_it,,,,,,,,,"), set()),
    "the lock": ("requirements.lock", added("# other"), EVERY),
    "a method": ("library/analysis/methods/ranking.py", added("# other"), of_method("ranking")),
    "what a method uses": (
        "library/analysis/stats/geodesy.py",
        added("# other"),
        of_method("distance"),
    ),
    "a figure": ("library/analysis/figures/share.py", added("# other"), of_method("share")),
    "the style": ("library/analysis/figures/style.py", added("# other"), EVERY),
    "how verdicts are made": ("library/analysis/verdicts/rules.py", added("# other"), EVERY),
    "the kernels' environment": ("library/analysis/execution/environment.py", added("#"), EVERY),
    "the progress bar": ("library/analysis/execution/progress.py", added("# other"), set()),
    "a command": ("library/analysis/cli/data.py", added("# other"), set()),
}


@pytest.mark.parametrize("flip", FLIPS)
def test_exactly_the_right_claims_run_again(kept, flip):
    name, change, expected = FLIPS[flip]
    path = kept / name
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    try:
        assert {job.claim for job in looked_at(kept).jobs} == expected
    finally:
        path.write_text(before, encoding="utf-8")


def test_what_is_changed_back_runs_nothing(kept):
    """After all that the tests above have changed: each has put back what was there."""
    path = kept / "claims.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2024-12-10", "2024-12-11"), encoding="utf-8")
    assert looked_at(kept).jobs
    path.write_text(text, encoding="utf-8")
    assert looked_at(kept).jobs == ()


def test_a_source_is_an_ingredient_of_the_claims_whose_tables_cite_it(kept):
    frame = pd.read_csv(ROOT / "data" / f"{TABLE}.csv", dtype=str)
    source = frame["source_id"].iloc[0]
    citing = {
        str(path.relative_to(ROOT / "data").with_suffix(""))
        for path in (ROOT / "data").glob("*/*.csv")
        if re.search(rf"(?m)(^|[,;\"]){source}($|[,;\"])", path.read_text(encoding="utf-8"))
    }
    path = kept / "data" / "sources.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"(?m)^{source},", f"{source},Another ", before), encoding="utf-8")
    try:
        found = {job.claim for job in looked_at(kept).jobs}
    finally:
        path.write_text(before, encoding="utf-8")
    assert reading(TABLE) <= found <= reading(*citing)


def test_another_python_runs_everything_again(kept, monkeypatch):
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    found = looked_at(kept)
    assert {job.claim for job in found.jobs} == EVERY
    assert str(found.reasons["C2"]) == "changed: python"


def test_touching_files_without_changing_them_runs_nothing(kept):
    for path in kept.rglob("*"):
        os.utime(path, (0, 0))
    assert looked_at(kept).jobs == ()


def test_other_parameters_are_another_run(kept):
    project = Project(kept)
    known = registry.read(project)
    variant = plan(project, known, ["C2"], {"reporter": "Japan"})
    (job,) = find_stale(variant, InputHashes(project, known)).jobs
    assert job.folder.parent.name == "variants"


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda path: path.write_text("another number"), "was edited since it was made"),
        (lambda path: path.write_bytes(path.read_bytes()[:1]), "was edited since it was made"),
        (Path.unlink, "is missing"),
    ],
    ids=["edited", "cut off", "gone"],
)
def test_a_product_is_not_trusted_because_it_is_there(kept, damage, word):
    path = kept / "build" / "figures" / "C2.csv"
    before = path.read_bytes()
    damage(path)
    try:
        found = looked_at(kept)
    finally:
        path.write_bytes(before)
    assert {name: str(why) for name, why in found.reasons.items()} == {
        "C2": f"build/figures/C2.csv {word}"
    }


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"inputs": {}}'])
def test_a_damaged_note_vouches_for_nothing(kept, damage):
    path = kept / "build" / "manifest" / "C2.json"
    before = path.read_text()
    path.write_text(damage)
    try:
        assert {job.claim for job in looked_at(kept).jobs} == {"C2"}
    finally:
        path.write_text(before)


# ------------------------------------------------------------- nothing forgotten, seen from below

WATCH = """
import json, os, sys
import pandas, seaborn, matplotlib.pyplot, matplotlib.backends.backend_svg
opened = []
def hook(event, details):
    if event == "open" and isinstance(details[0], str):
        opened.append(os.path.abspath(details[0]))
sys.addaudithook(hook)
for claim in sys.argv[2:]:
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        del opened[:]
        path = f"{sys.argv[1]}/{claim}.py"
        exec(compile(open(path).read(), path, "exec"), {"__name__": "__main__"})
        loaded = [name for name in sys.modules if name.partition(".")[0] == "analysis"]
        os.write(writer, json.dumps([claim, sorted(set(opened)), sorted(loaded)]).encode() + b"\\n")
        os._exit(0)
    os.close(writer)
    told = b"".join(iter(lambda: os.read(reader, 1 << 16), b""))
    os.wait()
    print(told.decode().strip().splitlines()[-1])
"""


@pytest.mark.slow  # ten notebooks are executed
def test_what_a_notebook_opens_and_imports_is_among_its_inputs(tmp_path):
    """For the first claim of every method, with the files and modules as the system sees them."""
    project = Project(ROOT)
    known = registry.read(project)
    first = {}
    for job in plan(project, known).jobs:
        first.setdefault(job.notebook.stem, job)
    hashes = InputHashes(project, known)
    for job in first.values():
        cells = json.loads(job.notebook.read_text())["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        parts.insert(2, "\n".join(f"{name} = {value!r}" for name, value in job.parameters.items()))
        (tmp_path / f"{job.claim}.py").write_text("\n\n".join(parts))
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(tmp_path), *(job.claim for job in first.values())],
        env={**os.environ, "CLAIMS_PROJECT": str(ROOT), "CLAIMS_OUTPUT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('["')]
    assert [claim for claim, *_ in seen] == [job.claim for job in first.values()]
    for job, (_, opened, loaded) in zip(first.values(), seen, strict=True):
        made_of = hashes.of(job)
        assert set(loaded) <= set(made_of["modules"]), job.claim
        inside = {Path(path) for path in opened if path.startswith(f"{ROOT}/")}
        read = {
            str(path.relative_to(ROOT)) for path in inside if ROOT / "build" not in path.parents
        }
        tables = {f"data/{name}{end}" for name in made_of["tables"] for end in (".csv", ".geojson")}
        register = {project.show(path) for path in project.claims_files}
        declared = {*register, "data/catalog.yaml", "data/corrections.yaml", "data/sources.csv"}
        sources = {path for path in read if path.startswith("src/")}  # modules, held above
        environment = {path for path in read if path.startswith(".venv/")}  # the lock
        assert read - tables - declared - sources - environment == set(), job.claim


# ------------------------------------------------------------------------------- pure parts


def test_a_key_names_all_ingredients_and_not_their_order():
    assert key({"a": 1, "b": {"c": 2}}) == key({"b": {"c": 2}, "a": 1})
    assert key({"a": 1}) != key({"a": 2})
    assert key({"a": 1}) != key({"a": 1, "b": None})


def test_changes_name_the_innermost_ingredient_with_old_and_new():
    before = {"tables": {"t/a": {"data": "1"}}, "claim": {"grid": {"x": [1, 2]}}, "lock": "l"}
    after = {"tables": {"t/b": {"data": "1"}}, "claim": {"grid": {"x": [1, 3]}}, "lock": "l"}
    assert [str(change) for change in changed_inputs(before, after)] == [
        "claim grid x: [1, 2] -> [1, 3]",
        'tables t/a: {"data": "1"} -> none',
        'tables t/b: none -> {"data": "1"}',
    ]


def test_imports_are_found_wherever_they_stand_but_for_type_checkers():
    texts = {
        "p": "",
        "p.a": "from p import b\ndef f():\n    import p.c\n",
        "p.b": "from . import d\nfrom .s import e\n",
        "p.c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p import b\n",
        "p.d": "import os\n",
        "p.s": "from .e import x\n",
        "p.s.e": "from ..d import y\n",
    }
    found = references.graph(texts, {"p", "p.s"})
    assert found == {
        "p": [],
        "p.a": ["p", "p.b", "p.c"],
        "p.b": ["p", "p.d", "p.s", "p.s.e"],
        "p.c": [],
        "p.d": [],
        "p.s": ["p.s.e"],
        "p.s.e": ["p.d"],
    }
    assert imports.reach(found, ["p.s.e"]) == {"p", "p.s", "p.s.e", "p.d"}
