"""Check a downloaded file before it is parsed: empty, a web page, another hash, a bad archive."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.data.checksums import digest
from analysis.errors import DataError
from analysis.refresh.registry import Remote
from analysis.refresh.responses import Fetched

_HTML_STARTS = (b"<!doctype html", b"<html")
_ZIP_START = b"PK\x03\x04"
_HTML_CONNECTOR = "bulletins"  # the one connector whose files are pages


def inspect(found: Fetched, remote: Remote) -> None:
    """Raises DataError for an empty file, a page instead of data, another hash, a bad archive."""
    for message in _faults(found, remote):
        raise DataError(message, file=found.url)


def _faults(found: Fetched, remote: Remote) -> Iterator[str]:
    if not found.raw.strip():
        yield "an empty file came: fetch again later"
    if remote.connector != _HTML_CONNECTOR and _is_page(found):
        yield (
            "a web page came instead of data, perhaps a sign-in page:"
            " open the address in a browser, and correct its url in data/connectors.yaml"
        )
    if remote.sha256 and (hash_ := digest(found.raw)) != remote.sha256:
        yield (
            f"expected sha256 {remote.sha256}, found {hash_}: the file is not the one that the"
            " publisher announced; compare with its page before you change sha256"
        )
    if found.raw.startswith(_ZIP_START):
        yield from _archive_faults(found.raw, remote.max_bytes)


def _is_page(found: Fetched) -> bool:
    start = found.raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:64].lower()
    return found.content_type == "text/html" or start.startswith(_HTML_STARTS)


def _archive_faults(raw: bytes, max_bytes: int) -> Iterator[str]:
    try:
        members = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except zipfile.BadZipFile as fault:
        yield f"an archive that cannot be opened: {fault}; is it cut off? fetch again"
        return
    size = sum(member.file_size for member in members)
    if size > max_bytes:
        yield (
            f"an archive that unpacks to {size:,} bytes, expected {max_bytes:,} at most:"
            " not unpacked; if it has grown, raise its max_megabytes"
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            yield f"an archive with a member outside its folder, '{member.filename}': not unpacked"
