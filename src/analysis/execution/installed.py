"""Which versions of libraries are installed where the lock says others."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from analysis.data.fingerprints import digest
from analysis.errors import AnalysisError
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.project import Project

ALWAYS_NEEDED = ("papermill", "nbclient", "nbformat", "ipykernel")  # whatever a notebook imports
NOT_COMPARED = ("analysis", "pip", "setuptools", "wheel")  # this library, and what installs
# Compiled where they are used, which is seldom: a start of the command need not wait for them.
_LOCKED = r"([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)"
_FOLDER = r"(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info"
_NAME = r"[A-Za-z0-9][\w.-]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The distributions that are not as locked, and which of them code needs.

    `differing` gives each with its versions. `providers` are the distributions behind the first
    name of an import, `requirements` what a distribution requires; both are empty where nothing
    differs.
    """

    differing: Mapping[str, str] = field(default_factory=dict)
    unlocked: tuple[str, ...] = ()
    providers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requirements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, project: Project, lock: bytes) -> Self:
        """As it is in this environment; taken apart once, and kept under build/cache."""
        names = folders(sys.path)
        code = Path(__file__).read_bytes()
        stamp = digest(json.dumps([digest(lock), digest(code), sys.version, names]))
        cache = project.build / "cache" / f"installed-{stamp}.json"
        with suppress(OSError, ValueError, TypeError):  # missing or damaged: made again below
            return cls(**json.loads(cache.read_text(encoding="utf-8")))
        made = cls._made(versions(names), locked(lock.decode(errors="replace")))
        with suppress(AnalysisError):  # a tree that cannot be written to: only slower
            write_atomically(cache, json.dumps(asdict(made)))
        return made

    @classmethod
    def _made(cls, present: Mapping[str, str], allowed: Mapping[str, Collection[str]]) -> Self:
        differs = differing(present, allowed)
        if not differs:
            return cls()
        from importlib.metadata import packages_distributions

        return cls(
            differing=differs,
            unlocked=tuple(each for each in differs if allowed and each not in allowed),
            providers={
                top: tuple(sorted({*each})) for top, each in packages_distributions().items()
            },
            requirements={each: tuple(_required(each)) for each in present},
        )

    def of(self, imported: Iterable[str]) -> dict[str, str]:
        """Those that code needs which imports these; an unlocked one may change any other.

        (As pandas takes pyarrow as soon as it is there.)
        """
        if not self.differing:
            return {}
        needed = {*self._needed(imported), *self.unlocked}
        return {each: versions for each, versions in self.differing.items() if each in needed}

    def _needed(self, imported: Iterable[str]) -> set[str]:
        waiting = [
            *ALWAYS_NEEDED,
            *(each for top in imported for each in self.providers.get(top, ())),
        ]
        found: set[str] = set()
        while waiting:
            each = name(waiting.pop())
            if each not in found:
                found.add(each)
                waiting += self.requirements.get(each, ())
        return found


def name(text: str) -> str:
    """The name of a distribution as the index spells it.

    >>> name("Pandas_Stubs.X")
    'pandas-stubs-x'
    """
    return re.sub(r"[-_.]+", "-", text).lower()


def folders(places: Iterable[str]) -> list[str]:
    """The folders that hold the metadata of distributions, in the order of imports."""
    found: list[str] = []
    for place in places:
        with suppress(OSError):  # no folder, or a zip
            names = (entry.name for entry in os.scandir(place or "."))
            found += sorted(each for each in names if each.endswith("-info"))
    return found


def versions(names: Iterable[str]) -> dict[str, str]:
    """The version of every distribution, by the names of those folders; the first one counts.

    >>> versions(["Py_YAML-6.0.dist-info", "py_yaml-5.0.dist-info"])
    {'py-yaml': '6.0'}
    """
    found: dict[str, str] = {}
    for each in names:
        if parts := re.fullmatch(_FOLDER, each):
            found.setdefault(name(parts[1]), parts[2])
    return found


def locked(text: str) -> dict[str, set[str]]:
    r"""The versions that a lock allows of each distribution; several where Pythons differ.

    >>> sorted(locked("a-b==1.0 ; python_version < '3.12'\n    --hash=x\nA_b==2.0\n")["a-b"])
    ['1.0', '2.0']
    """
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if match := re.match(_LOCKED, line):
            found.setdefault(name(match[1]), set()).add(match[2])
    return found


def differing(present: Mapping[str, str], allowed: Mapping[str, Collection[str]]) -> dict[str, str]:
    """What is installed in another version than the locked one, or is not locked.

    >>> differing({"a": "1", "b": "2", "c": "3"}, {"a": ["1"], "b": ["1"]})
    {'b': '2, locked 1', 'c': '3, not locked'}
    """
    found = {}
    for each, version in present.items():
        expected = (
            f"locked {' or '.join(sorted(allowed[each]))}" if each in allowed else "not locked"
        )
        if each not in NOT_COMPARED and version not in allowed.get(each, ()):
            found[each] = f"{version}, {expected}"
    return found


def _required(distribution: str) -> Iterator[str]:
    """The names of what a distribution requires without an extra."""
    from importlib.metadata import PackageNotFoundError, requires

    with suppress(PackageNotFoundError):
        for each in requires(distribution) or ():
            if "extra ==" not in each and (match := re.match(_NAME, each)):
                yield match[0]
