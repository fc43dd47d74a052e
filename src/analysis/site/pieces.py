"""Costly parts of pages, kept by the hash of what they are made from and of what makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from importlib import metadata
from pathlib import Path

from analysis.errors import ProjectError
from analysis.project import Project, write_atomically

MAKERS = ("site", "data")  # packages whose code makes the parts
LIBRARIES = ("beautifulsoup4", "bleach", "mistune", "nbconvert", "nh3", "pandas", "pillow")


class Pieces:
    """The parts of an audit's site that the last build made; only what has changed is made anew.

    Example: `Pieces(project).get("notebook", [path.read_bytes()], lambda: body(path))`
    """

    def __init__(self, project: Project) -> None:
        self.folder = project.build / "cache" / "site"
        self._used: set[str] = set()

    def get(self, kind: str, sources: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
        """The part that `make` gives; as kept, if its sources and its makers are the same."""
        digest = hashlib.sha256(self._makers)
        for each in (kind.encode(), *sources):
            digest.update(hashlib.sha256(each).digest())
        name = f"{kind}-{digest.hexdigest()[:32]}"
        self._used.add(name)
        with suppress(OSError):
            return (self.folder / name).read_bytes()
        made = make()
        with suppress(OSError, ProjectError):  # one that cannot be kept is made again
            write_atomically(self.folder / name, made)
        return made

    def prune(self) -> None:
        """Remove what this build did not use."""
        for path in self.folder.glob("*") if self.folder.exists() else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)

    @cached_property
    def _makers(self) -> bytes:
        digest = hashlib.sha256()
        for package in MAKERS:
            for path in sorted((Path(__file__).parents[1] / package).glob("*.py")):
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        for library in LIBRARIES:
            with suppress(metadata.PackageNotFoundError):
                digest.update(f"{library} {metadata.version(library)}".encode())
        return digest.digest()
