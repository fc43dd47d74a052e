"""The inputs of an audit as one archive, for workers that cannot read its folder."""

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
from analysis.execution.plan import notebooks

if TYPE_CHECKING:
    from analysis.project import Project


def pack(project: Project) -> bytes:
    """Everything that a notebook may read; the same inputs give the same bytes."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=6) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, path in _inputs(project):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                archive.addfile(entry, file)
    return buffer.getvalue()


def _inputs(project: Project) -> Iterator[tuple[str, Path]]:
    """The files by their names in the audit; the library's notebooks are sent as the audit's."""
    lock = [project.lock] if project.lock.exists() else []
    data = sorted(path for path in project.data.rglob("*") if path.is_file())
    for path in (*project.claims_files, *lock, *data):
        yield project.show(path), path
    yield from notebooks(project).items()


def archive_name(packed: bytes) -> str:
    """The name of an archive, from its content."""
    return hashlib.sha256(packed).hexdigest()[:16]


def unpack(packed: bytes, expected: str, within: Path) -> Path:
    """The folder with the archive's content, unpacked once under its name.

    Raises DataError if the bytes are not the ones that were sent.
    """
    if (found := archive_name(packed)) != expected:
        raise DataError(f"the inputs were damaged on their way: {found} is not {expected}")
    place = within / f"audit-{expected}"
    if place.exists():
        return place
    temporary = within / f".audit-{secrets.token_hex(4)}"
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        archive.extractall(temporary, filter="data")
    try:
        os.replace(temporary, place)  # noqa: PTH105 - a folder, whole or not at all
    except OSError:  # another worker was faster
        shutil.rmtree(temporary, ignore_errors=True)
    return place
