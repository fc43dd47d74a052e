"""The inputs of an audit as one parcel of bytes, for workers that do not see its folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import DataError

if TYPE_CHECKING:
    from analysis.project import Project


def pack(project: Project) -> bytes:
    """Everything that a notebook may read; the same inputs give the same bytes."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=6) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in _inputs(project):
            entry = tarfile.TarInfo(project.show(path))
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                archive.addfile(entry, file)
    return packed.getvalue()


def _inputs(project: Project) -> Iterator[Path]:
    yield project.claims
    if project.lock.exists():
        yield project.lock
    yield from sorted(path for path in project.data.rglob("*") if path.is_file())
    yield from sorted(project.notebooks.glob("*.ipynb"))


def name(parcel: bytes) -> str:
    """What a parcel is called: by its content."""
    return hashlib.sha256(parcel).hexdigest()[:16]


def unpack(parcel: bytes, expected: str, within: Path) -> Path:
    """The folder with the parcel's content, unpacked once under its name.

    Raises DataError if the bytes are not the ones that were sent.
    """
    if name(parcel) != expected:
        raise DataError(f"the inputs were damaged on their way: {name(parcel)} is not {expected}")
    place = within / f"audit-{expected}"
    if place.exists():
        return place
    beside = within / f".audit-{secrets.token_hex(4)}"
    with tarfile.open(fileobj=io.BytesIO(parcel), mode="r:gz") as archive:
        archive.extractall(beside, filter="data")
    try:
        os.replace(beside, place)  # noqa: PTH105 - a folder, whole or not at all
    except OSError:  # another worker was faster
        shutil.rmtree(beside, ignore_errors=True)
    return place
