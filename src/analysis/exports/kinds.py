"""The forms of export by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from analysis.data.checksums import digest
from analysis.errors import AnalysisError, suggest
from analysis.exports import (
    bibtex,
    claimreview,
    claims_json,
    datapackage,
    manifest,
    outputs,
    specifications,
)
from analysis.project import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.project import Project

# Each gives file names, relative to the folder of the export, with their bytes.
KINDS: Mapping[str, Callable[[Project], dict[str, bytes]]] = {
    "claims": claims_json.files,
    "claimreview": claimreview.files,
    "sweeps-csv": specifications.csv_files,
    "sweeps-parquet": specifications.parquet_files,
    "datapackage": datapackage.files,
    "bibtex": bibtex.files,
}


def chosen(names: Collection[str]) -> list[str]:
    """These kinds in the order of the table, all without a name. AnalysisError for an unknown."""
    for name in names:
        if name not in KINDS:
            message = f"no kind of export {name!r}{suggest(name, KINDS)}; one of: "
            raise AnalysisError(message + ", ".join(KINDS))
    return [name for name in KINDS if not names or name in names]


def made(project: Project, names: Iterable[str]) -> dict[str, bytes]:
    """The files of these kinds."""
    return {file: data for name in names for file, data in KINDS[name](project).items()}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files into a folder, each whole or not at all, with a MANIFEST of what is exported.

    Raises ProjectError, and writes nothing, where that would replace a file that is not exported.
    """
    known = outputs.exported(folder, files)
    for name, data in files.items():
        write_atomically(folder / name, data)
    hashes = {name: digest(data) for name, data in files.items()}
    write_atomically(folder / manifest.FILE, manifest.dump(known | hashes))
