"""Move the outputs of a run from a staging folder into place, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.execution import manifests
from analysis.project import writing
from analysis.verdicts import results

if TYPE_CHECKING:
    from analysis.execution.worker import Result
    from analysis.project import Project

EARLIER = ".earlier.json"  # the record of the last run that succeeded
FOLDERS = {".ipynb": "notebooks", ".json": "records", ".trials.json": "trials"}


def keep(result: Result, staged: Path) -> Result:
    """Move the outputs into place: the record after the other files, the manifest last.

    So a manifest proves that everything else is there. Of a failure, only the partial notebook and
    the diagnosis are kept, in a folder of their own; outputs of an earlier run with the same inputs
    stay.
    """
    job, failed = result.job, result.job.folder / "failures"
    if result.failure:
        if not manifests.covers(job):
            # A record of other inputs cannot be made again: it is moved out of the results.
            manifests.place(job).unlink(missing_ok=True)
            record = job.folder / "records" / f"{job.claim}.json"
            if record.exists():
                _move(record, failed / f"{job.claim}{EARLIER}")
        for notebook in staged.glob("*.ipynb"):
            _move(notebook, failed / notebook.name)
        failure = replace(result.failure, when=datetime.now(UTC).isoformat(timespec="seconds"))
        results.write(failed / f"{job.claim}.json", failure.as_dict())
        return replace(result, failure=failure)
    manifests.place(job).unlink(missing_ok=True)
    hashes = {}
    for output in sorted(staged.iterdir(), key=lambda path: (path.suffixes == [".json"], path)):
        name = _place(output)
        hashes[name] = manifests.sha256(output)
        _move(output, job.folder / name)
    manifests.write(job, job.inputs, hashes)
    for stale in failed.glob(f"{job.claim}.*"):
        stale.unlink()
    return result


def _place(output: Path) -> str:
    """The path of an output under the job's folder."""
    kind = "".join(output.suffixes)
    if kind in FOLDERS:
        return f"{FOLDERS[kind]}/{output.name.removesuffix(kind)}{output.suffix}"
    return f"figures/{output.name}"


def _move(output: Path, place: Path) -> None:
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        output.replace(place)


@contextmanager
def staging(project: Project) -> Iterator[Path]:
    """A folder for partial outputs, removed on exit."""
    folder = project.build / ".staging"
    with writing(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
