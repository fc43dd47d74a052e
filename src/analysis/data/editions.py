"""Names of the later editions of a source: the source, two underscores, a day.

Apart from `sources`, which reads a file: methods need the names and do no I/O.
"""

EDITION_MARK = "__"


def edition(source_id: str, day: str) -> str:
    """The name of the edition of a source that was read on an ISO day.

    >>> edition("desk", "2025-06-02")
    'desk__20250602'
    """
    return f"{original(source_id)}{EDITION_MARK}{day.replace('-', '')}"


def original(source_id: str) -> str:
    """The source that an edition is one of; any other source is its own.

    >>> original("desk__20250602"), original("desk")
    ('desk', 'desk')
    """
    return source_id.partition(EDITION_MARK)[0]
