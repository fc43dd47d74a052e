"""How a connector tells that a file is not what it was said to be."""

from analysis.errors import DataError

MEND = "if the publisher has changed the layout, mend the connector's options; else fetch again"


def fault(place: str, *, expected: object, found: object, mend: str = MEND) -> DataError:
    """An error with its place inside the raw file.

    >>> str(fault("row 3", expected="a year", found="'n/a'", mend="fetch again"))
    "row 3: expected a year, found 'n/a': fetch again"
    """
    return DataError(f"{place}: expected {expected}, found {found}: {mend}")


def listed(names: object, most: int = 12) -> str:
    """Names for a message, the first of them if there are many.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    words = [repr(str(name)) for name in names]  # type: ignore[attr-defined]
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return (", ".join(words[:most]) or "nothing") + more
