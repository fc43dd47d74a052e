"""The error of a connector for a file that differs from what its options describe."""

from analysis.errors import DataError

DEFAULT_REMEDY = (
    "if the publisher has changed the layout, correct the connector's options; else fetch again"
)


def fault(
    place: str, *, expected: object, found: object, remedy: str = DEFAULT_REMEDY
) -> DataError:
    """An error with its place inside the raw file.

    >>> str(fault("row 3", expected="a year", found="'n/a'", remedy="fetch again"))
    "row 3: expected a year, found 'n/a': fetch again"
    """
    return DataError(f"{place}: expected {expected}, found {found}: {remedy}")


def listed(names: object, max_names: int = 12) -> str:
    """Names for a message, the first of them if there are many.

    >>> listed(["a", "b", "c"], max_names=2)
    "'a', 'b' and 1 more"
    """
    words = [repr(str(name)) for name in names]  # type: ignore[attr-defined]
    more = f" and {len(words) - max_names} more" if len(words) > max_names else ""
    return (", ".join(words[:max_names]) or "nothing") + more
