"""Where a command may write: a new file, or one that it has written before."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from analysis.data.checksums import digest
from analysis.errors import BundleError, ProjectError
from analysis.exports import manifest

PAGE = '<meta name="generator" content="claims drift">'
GRAPH = 'data-generator="claims graph"'
_HEAD = 4096  # bytes of a file in which its generator is named


def free(path: Path, kind: str, own: Callable[[Path], bool]) -> Path:
    """The path, if nothing is lost by writing there: it is new, or a file that is `own`.

    Raises ProjectError for a folder, a device, and any file that is no `kind`.
    """
    if not path.exists():
        return path
    if not path.is_file():
        message = f"is no plain file, so no {kind} is written there; choose another name"
        raise ProjectError(message, file=str(path))
    if not own(path):
        message = f"is there already and is no {kind}: move it away, or choose another name"
        raise ProjectError(message, file=str(path))
    return path


def bundle(path: Path) -> bool:
    """Whether this is a bundle: a ZIP archive with a MANIFEST."""
    try:
        with zipfile.ZipFile(path) as zipped:
            return manifest.FILE in zipped.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def page(path: Path) -> bool:
    """Whether this is a page of `claims drift`."""
    with path.open("rb") as file:
        return PAGE.encode() in file.read(_HEAD)


def graph(path: Path) -> bool:
    """Whether this is a picture of `claims graph`."""
    with path.open("rb") as file:
        return GRAPH.encode() in file.read(_HEAD)


def sweep(path: Path) -> bool:
    """Whether this is the table of a sweep."""
    import polars as pl

    try:
        return {"number", "outcome", "families"} <= set(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError):
        return False


def exported(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The hashes of what was exported to a folder; its files of these names are among them.

    Raises ProjectError for one that is not, or was changed since: it is somebody else's.
    """
    known = _known(folder / manifest.FILE)

    def own(path: Path) -> bool:
        return digest(path.read_bytes()) == known.get(path.relative_to(folder).as_posix())

    for name in names:
        free(folder / name, "exported file", own)
    return known


def _known(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return manifest.parse(path.read_text(encoding="utf-8"))
    except (BundleError, OSError, ValueError):
        message = "is there already and lists no exported files: choose another folder"
        raise ProjectError(message, file=str(path)) from None
