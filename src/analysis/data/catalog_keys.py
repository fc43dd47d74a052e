"""What the keys of data/catalog.yaml mean: for the JSON Schema of editors, and for the reference.

By the dataclass of `catalog` that has the key; a test holds that none is missing.
"""

from collections.abc import Mapping

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "TableInfo": {
        "title": "Its name for readers, under 70 characters.",
        "description": "What it counts, by whom, and what is known to be missing.",
        "row": "What one row is.",
        "licence": "The terms under which it may be passed on.",
        "key": "The columns whose values no two rows share.",
        "columns": "Its columns by name; one is `source_id`, of type `source`.",
        "time": "The column that dates the observation.",
        "vintage": "When a row became public; if left out, on the day of its source.",
        "revised": "How far a later edition may move a value: `never`, or a percentage as `2 %`.",
        "family": "Who first produced a row's number, where that is not the source.",
        "breaks": "Changes of practice or definition inside the series.",
        "gaps": "Periods that are known to be missing.",
        "checks": "Named checks, see below.",
        "sha256": "Checksum of the file, written by `claims data pin`.",
        "rows": "Number of rows, written by `claims data pin`.",
        "span": "First and last period, written by `claims data pin`.",
    },
    "ColumnInfo": {
        "type": "What its cells are; `partial_date` is a date as far as known.",
        "meaning": "What a cell says.",
        "unit": "Unit of a number, e.g. `USD million`; a `number` needs one.",
        "values": "The values that a `category` may have.",
        "nullable": "Whether cells may be empty.",
        "minimum": "The least value that is possible.",
        "maximum": "The largest value that is possible.",
    },
    "Licence": {
        "terms": "The licence by its name.",
        "commercial": "Whether it allows commercial use.",
        "cap": "How much of it may be passed on, if not all.",
    },
    "Time": {
        "column": "The column that dates the observation.",
        "frequency": "How long a period a cell of it names.",
    },
    "Vintage": {
        "column": "A column with the day on which the row became public.",
        "replaced": "A column with the day from which a later edition of the row's text holds.",
        "source": "`published`: the day of the source in sources.csv.",
        "lag_days": "So many days after the end of each period.",
        "editions": "Whether rows that differ only in `column` and source are editions of one.",
    },
    "Family": {
        "column": "The column whose values say it.",
        "map": "The family for each of these values; for others, that of the source.",
    },
    "Break": {
        "at": "The first period under the new practice.",
        "what": "What changed.",
        "source_id": "Where that is said.",
    },
    "Gap": {
        "from": "The first missing period.",
        "to": "The last missing period.",
        "why": "Why it is missing.",
    },
    "LayerInfo": {
        "title": "Its name for readers.",
        "description": "What it outlines, by whom, and how exactly.",
        "licence": "The terms under which it may be passed on.",
        "source_ids": "Its sources.",
        "sha256": "Checksum of the file, written by `claims data pin`.",
    },
}
QUALITY: Mapping[str, str] = {
    "official": "An official record: the body that counts or decides says so itself.",
    "report": "A report of a named, reputable body.",
    "tabulation": "A third party's table of such numbers.",
    "unnamed": "Officials who are not named, as somebody quotes them.",
    "aggregator": "A collection of numbers of others.",
}
