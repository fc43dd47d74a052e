"""Which extra of this library brings a package that not every audit needs."""

MODULES = {
    "bs4": "refresh",
    "dask": "cluster",
    "distributed": "cluster",
    "openpyxl": "refresh",
    "polars": "parquet",
    "pyreadr": "refresh",
    "requests": "refresh",
    "rocrate": "archive",
    "sdmx": "refresh",
    "soupsieve": "refresh",
}


def remedy(fault: ImportError) -> str | None:
    """What is missing and how it is installed; None of a module that belongs to no extra.

    >>> remedy(ImportError(name="polars.io"))
    "polars is not installed here: in the library's checkout, pip install -e '.[parquet]'"
    """
    package = (fault.name or "").partition(".")[0]
    if package not in MODULES:
        return None
    told = f"{package} is not installed here: in the library's checkout"
    return f"{told}, pip install -e '.[{MODULES[package]}]'"
