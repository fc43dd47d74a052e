"""The chunks of a sweep on disk: each whole or absent, trusted by its hash, joined at the end."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.project import write_atomically, writing

if TYPE_CHECKING:
    import polars as pl

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Parts:
    """A folder of parts, named by what they are made of, so that no other sweep meets them."""

    folder: Path

    def keep(self, start: int, data: bytes) -> None:
        """Put a part in its place."""
        write_atomically(self.folder / f"{start:012d}-{_hash(data)}.parquet", data)

    def starts(self) -> set[int]:
        """The first numbers of the parts that are there and undamaged; a damaged one is removed."""
        found = set()
        for path in self._paths():
            if _hash(path.read_bytes()) == path.stem.partition("-")[2]:
                found.add(int(path.stem.partition("-")[0]))
            else:
                path.unlink()
        return found

    def rows(self) -> pl.LazyFrame:
        """All parts as one table, in the order of their numbers, read as it is asked for."""
        import polars as pl

        return pl.scan_parquet([*self._paths()], low_memory=True)

    def join(self, place: Path) -> None:
        """Stream all parts into one file, whole or not at all, and remove them."""
        temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
        try:
            with writing(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                self.rows().sink_parquet(temporary, compression="zstd", statistics=True)
                temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
        self.discard()

    def discard(self) -> None:
        """Remove all parts."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _paths(self) -> Iterator[Path]:
        yield from sorted(self.folder.glob("*.parquet"))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGITS]
