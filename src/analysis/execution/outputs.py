"""Where products go: from a staging folder to their places, whole or not at all."""

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

EARLIER = ".earlier.json"  # what the last run that succeeded had recorded
FOLDERS = {".ipynb": "notebooks", ".json": "records", ".trials.json": "trials"}


def keep(result: Result, made: Path) -> Result:
    """Move the products to their places; the record and then the note vouch for the others.

    Of a failure, only the notebook as far as it came and the diagnosis are kept, apart; what an
    earlier run has made of the same ingredients stays.
    """
    job, failed = result.job, result.job.folder / "failures"
    if result.failure:
        if not manifests.covers(job):
            # A record of other ingredients vouches for what can no longer be made: it is kept
            # where none looks for it.
            manifests.place(job).unlink(missing_ok=True)
            record = job.folder / "records" / f"{job.claim}.json"
            if record.exists():
                _move(record, failed / f"{job.claim}{EARLIER}")
        for notebook in made.glob("*.ipynb"):
            _move(notebook, failed / notebook.name)
        failure = replace(result.failure, when=datetime.now(UTC).isoformat(timespec="seconds"))
        results.write(failed / f"{job.claim}.json", failure.as_dict())
        return replace(result, failure=failure)
    manifests.place(job).unlink(missing_ok=True)
    hashes = {}
    for product in sorted(made.iterdir(), key=lambda path: (path.suffixes == [".json"], path)):
        name = _place(product)
        hashes[name] = manifests.sha256(product)
        _move(product, job.folder / name)
    manifests.write(job, job.ingredients, hashes)
    for stale in failed.glob(f"{job.claim}.*"):
        stale.unlink()
    return result


def _place(product: Path) -> str:
    """Where a product belongs, under the job's folder."""
    kind = "".join(product.suffixes)
    if kind in FOLDERS:
        return f"{FOLDERS[kind]}/{product.name.removesuffix(kind)}{product.suffix}"
    return f"figures/{product.name}"


def _move(product: Path, place: Path) -> None:
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        product.replace(place)


@contextmanager
def staging(project: Project) -> Iterator[Path]:
    """A folder for half-made products, gone afterwards whatever happens."""
    folder = project.build / ".staging"
    with writing(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
