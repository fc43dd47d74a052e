"""Which tables can be refreshed, from where and how: data/connectors.yaml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from analysis.data.catalog import Catalog
from analysis.data.editions import original
from analysis.data.loading import GIVEN_NAME, Checked, Misfit, load, report
from analysis.errors import DataError, suggest
from analysis.project import Project
from analysis.refresh import addresses
from analysis.yamlfile import Marks, Path_, read

FILE = "data/connectors.yaml"
CONNECTORS = "analysis.refresh.connectors.registry"  # imported when used: it brings libraries
MEGABYTE = 1 << 20
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote(Checked):
    """One file of a publisher and the connector that reads it; `sha256` where one is published.

    `${NAME}` in its address names a secret in the environment: only the request has its value.
    """

    url: str
    connector: str
    options: Mapping[str, Any] = field(default_factory=dict)
    max_megabytes: float = 50
    sha256: str | None = None

    def _misfits(self) -> Iterator[Misfit]:
        for message in addresses.faults(self.url):
            yield Misfit(message, "url")
        if self.max_megabytes <= 0:
            yield Misfit("expected a size above zero", "max_megabytes")
        if self.sha256 is not None and not _SHA256.fullmatch(self.sha256):
            yield Misfit("expected 64 hexadecimal digits", "sha256")

    @property
    def max_bytes(self) -> int:
        """The largest file that is taken, packed or unpacked."""
        return int(self.max_megabytes * MEGABYTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshable(Checked):
    """How one table is fetched and what a new edition of it may change.

    An edition is all of `files` together. `source` is the source_id that its rows cite; rows of an
    accepted edition cite `<source>__<YYYYMMDD>`. `value` is the column that is compared,
    `tolerance` the largest relative revision, `may_vanish` the number of rows that an edition may
    lack. A `rolling` edition begins later each time: pinned rows from before
    its first period stay as they are, and do not count as vanished.
    """

    name: str = field(metadata=GIVEN_NAME)
    files: tuple[Remote, ...]
    source: str
    value: str
    tolerance: float = 0.0
    may_vanish: int = 0
    rolling: bool = False

    def _misfits(self) -> Iterator[Misfit]:
        if not self.files:
            yield Misfit("expected at least one file", "files")
        if self.tolerance < 0 or self.may_vanish < 0:
            yield Misfit("tolerance and may_vanish cannot be negative")

    def cites(self, source_id: str) -> bool:
        """Whether a row with this source is one that the edition may replace."""
        return original(source_id) == self.source


Connectors = dict[str, Refreshable]


def read_registry(project: Project) -> Connectors:
    """The refreshable tables of this audit by name; empty without the file. Raises DataError."""
    path = project.root / FILE
    if not path.exists():
        return {}
    value, marks = read(path, shown=FILE, error=DataError)
    found = load(Connectors, value, marks)
    tables = Catalog.read(project).tables
    strangers = (name for name in found if name not in tables)
    faults = (((n,), f"no table '{n}' in the catalog{suggest(n, tables)}") for n in strangers)
    report(faults, marks)
    return found


def check_options(project: Project, entries: Sequence[Refreshable]) -> None:
    """Raise one DataError for all options of these entries that their connectors do not know.

    A connector whose library is missing here is passed over: who uses it says what to install.
    """
    value, marks = read(project.root / FILE, shown=FILE, error=DataError)
    failures: list[DataError] = []
    for entry in entries:
        for position, written in enumerate(value[entry.name]["files"]):
            try:
                _check_file(written, marks, (entry.name, "files", position))
            except DataError as error:
                failures += error.failures
    if failures:
        raise DataError.of(failures)


def _check_file(written: Mapping[str, Any], marks: Marks, path: Path_) -> None:
    connectors = import_module(CONNECTORS)
    name = written["connector"]
    if name not in connectors.MODULES:
        raise DataError(connectors.unknown(name), **marks.at((*path, "connector")))
    with suppress(ModuleNotFoundError):
        options = connectors.connector(name).Options
        load(options, written.get("options", {}), marks, (*path, "options"))


def select(registry: Mapping[str, Refreshable], names: tuple[str, ...]) -> list[Refreshable]:
    """The named entries, or all of them. DataError for a name that is not there."""
    for name in names:
        if name not in registry:
            known = ", ".join(sorted(registry)) or "none"
            message = f"'{name}' has no entry{suggest(name, registry)}; refreshable are: {known}"
            raise DataError(message, file=FILE)
    return [registry[name] for name in names or sorted(registry)]
