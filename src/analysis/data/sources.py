"""Read data/sources.csv, strictly: where the rows of the tables come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.data.catalog import SLUG, SLUG_FORM, ColumnInfo
from analysis.data.csvfile import parse
from analysis.errors import DataError
from analysis.project import Project

if TYPE_CHECKING:
    import pandas as pd

# The start of the certainty ladder: see the method's "certainty of evidence"
GRADES = {"official": 4, "report": 3, "tabulation": 2, "unnamed": 2, "aggregator": 1}
COLUMNS = {
    "source_id": ColumnInfo(type="string", meaning="its name in the tables"),
    "publisher": ColumnInfo(type="string", meaning="who put it out"),
    "title": ColumnInfo(type="string", meaning="its title"),
    "url": ColumnInfo(type="string", meaning="where it is", nullable=True),
    "published": ColumnInfo(type="partial_date", meaning="when it came out", nullable=True),
    "retrieved": ColumnInfo(type="partial_date", meaning="when it was read", nullable=True),
    "licence": ColumnInfo(type="string", meaning="the terms in a few words", nullable=True),
    "quality": ColumnInfo(
        type="category", values=tuple(GRADES), meaning="what kind of evidence it is"
    ),
    "family": ColumnInfo(
        type="string", meaning="slug of who first produced the numbers or statements"
    ),
    "note": ColumnInfo(type="string", meaning="anything to know", nullable=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place where rows were read; dates are partial ISO dates, None where unknown."""

    source_id: str
    publisher: str
    title: str
    url: str | None
    published: str | None
    retrieved: str | None
    licence: str | None
    quality: str
    family: str
    note: str | None

    @property
    def grade(self) -> int:
        """How strong such evidence is to begin with, 4 (official) to 1 (aggregator)."""
        return GRADES[self.quality]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources(Mapping[str, Source]):
    """All sources of an audit by source_id."""

    entries: Mapping[str, Source]

    @classmethod
    def read(cls, project: Project) -> "Sources":
        """The sources of this audit. Raises DataError: columns, cells, slugs, repeats."""
        file = project.show(project.sources)
        try:
            data = project.sources.read_bytes()
        except OSError as fault:
            raise DataError(f"cannot be read: {fault.strerror}", file=file) from fault
        cells = parse(data, COLUMNS, file)
        _check(cells.columns, cells.lines, file)
        rows = zip(*(cells.columns[name] for name in COLUMNS), strict=True)
        found = (Source(**dict(zip(COLUMNS, row, strict=True))) for row in rows)
        return cls(entries={source.source_id: source for source in found})

    @property
    def frame(self) -> "pd.DataFrame":
        """The same as a table, indexed by source_id, with `grade`."""
        import pandas as pd  # reading sources must stay light

        names = [name for name in COLUMNS if name != "source_id"] + ["grade"]
        rows = [[getattr(source, name) for name in names] for source in self.entries.values()]
        return pd.DataFrame(
            rows, index=pd.Index(list(self.entries), name="source_id"), columns=names
        )

    def __getitem__(self, source_id: str) -> Source:
        return self.entries[source_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def _check(columns: Mapping[str, Sequence[Any]], lines: Sequence[int], file: str) -> None:
    faults: list[DataError] = []
    first: dict[str, int] = {}
    for source_id, family, line in zip(columns["source_id"], columns["family"], lines, strict=True):
        if source_id in first:
            message = f"the source '{source_id}' is listed twice, first in line {first[source_id]}"
            faults.append(DataError(message, file=file, line=line))
        first.setdefault(source_id, line)
        for what, slug in (("source_id", source_id), ("family", family)):
            if not SLUG.fullmatch(slug):
                message = f"{what} = {slug!r}: {SLUG_FORM}"
                faults.append(DataError(message, file=file, line=line))
    if faults:
        raise DataError.of(faults)
