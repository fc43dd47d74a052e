"""A made-up audit whose one notebook behaves or misbehaves as the claim's number says."""

from __future__ import annotations

from pathlib import Path

import nbformat

CLAIM = """\
  {name}:
    section: T
    locator: p1
    title: Made-up claim {name}
    statement: Something is more than 10.
    type: level
    checkable: "yes"
    core: It is more.
    rule: More than 10.
    readings:
      literal: {{kind: literal, statement: more than 10}}
    method: level
    parameters: {{measures: [{{terms: []}}], claimed: 10, unit: t}}
    tables: [trade/flows]
"""
HEADER = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {T: Things}
claims:
"""
CATALOG = """\
tables:
  trade/flows:
    title: Flows
    description: Made-up flows that no notebook reads.
    row: One flow.
    licence: {terms: open, commercial: true}
    key: [source_id]
    vintage: {source: published}
    columns:
      source_id: {type: source, meaning: where it was read}
    sha256: "0000000000000000000000000000000000000000000000000000000000000000"
"""
PARAMETERS = """\
claim_id = 'T1'
vintage = 'publication'
reading = ''
parameters = {}"""
BEHAVIOUR = """\
import json, os, pathlib, sys, time
recorded = True
folder = pathlib.Path(os.environ["CLAIMS_OUTPUT"])
print("working on", claim_id, "in", folder)
"""
OVERVIEW = "source = 'build'\nvintage = 'publication'"
ENDINGS = {
    "T1": "",
    "T2": "raise ValueError('the sum does not add up')",
    "T3": "os._exit(1)",
    "T4": "time.sleep(600)",
    "T5": "recorded = False",
    "T6": "hoard = bytearray(3 << 30)",
    "T7": "os.kill(os.getpid(), 11)",
}
RECORD = """\
verdict = {"code": "SUPPORTED", "certainty": "HIGH"}
if recorded:
    (folder / f"{claim_id}.csv").write_text("value\\n12\\n")
    (folder / f"{claim_id}.json").write_text(json.dumps(
        {"id": claim_id, "verdict": {"publication": verdict, "latest": verdict},
         **dict.fromkeys(["section", "statement", "type", "method", "vintage_flag", "reason"], ""),
         **dict.fromkeys(["tags", "sources", "rows"], []), "robustness": {}, "detail": {}}))
"""


def notebook() -> nbformat.NotebookNode:
    """Three cells: parameters, behaviour by claim, record."""
    branches = "\n".join(
        f"if claim_id == {name!r}:\n    {act or 'pass'}" for name, act in ENDINGS.items()
    )
    return _of({"parameters": PARAMETERS, "behave": BEHAVIOUR + branches, "record": RECORD})


def _of(sources: dict[str, str]) -> nbformat.NotebookNode:
    """A notebook of these cells of code, the first one that of parameters."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    for name, source in sources.items():
        cell = nbformat.v4.new_code_cell(source)
        cell["id"] = name
        made.cells.append(cell)
    made.cells[0].metadata["tags"] = ["parameters"]
    return made


def audit(root: Path, names: list[str]) -> Path:
    """Write the audit with these claims under `root`."""
    (root / "notebooks").mkdir(parents=True)
    (root / "data").mkdir()
    text = HEADER + "".join(CLAIM.format(name=name) for name in names)
    (root / "claims.yaml").write_text(text)
    (root / "data" / "catalog.yaml").write_text(CATALOG)
    nbformat.write(notebook(), root / "notebooks" / "level.ipynb")
    # In place of the library's, whose figure would take longer than all that is tested here.
    nbformat.write(_of({"parameters": OVERVIEW}), root / "notebooks" / "overview.ipynb")
    return root
