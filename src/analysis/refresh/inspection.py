"""Whether the bytes that came are a file of the kind that was asked for. Nothing is parsed yet."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.data.checksums import digest
from analysis.errors import DataError
from analysis.refresh.registry import Remote
from analysis.refresh.responses import Fetched

_PAGES = (b"<!doctype html", b"<html")
_PACKED = b"PK\x03\x04"
_HTML = "bulletins"  # the one connector whose files are pages


def inspect(found: Fetched, remote: Remote) -> None:
    """Raises DataError for an empty file, a page instead of data, another hash, a bad archive."""
    for told in _faults(found, remote):
        raise DataError(told, file=found.url)


def _faults(found: Fetched, remote: Remote) -> Iterator[str]:
    if not found.raw.strip():
        yield "an empty file came: fetch again later"
    if remote.connector != _HTML and _is_page(found):
        yield (
            "a web page came instead of data, perhaps a sign-in page:"
            " open the address in a browser, and mend its url in data/connectors.yaml"
        )
    if remote.sha256 and (hash_ := digest(found.raw)) != remote.sha256:
        yield (
            f"expected sha256 {remote.sha256}, found {hash_}: the file is not the one that the"
            " publisher announced; compare with its page before you change sha256"
        )
    if found.raw.startswith(_PACKED):
        yield from _archive_faults(found.raw, remote.max_bytes)


def _is_page(found: Fetched) -> bool:
    start = found.raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:64].lower()
    return found.content_type == "text/html" or start.startswith(_PAGES)


def _archive_faults(raw: bytes, most: int) -> Iterator[str]:
    try:
        members = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except zipfile.BadZipFile as fault:
        yield f"an archive that cannot be opened: {fault}; is it cut off? fetch again"
        return
    size = sum(member.file_size for member in members)
    if size > most:
        yield (
            f"an archive that unpacks to {size:,} bytes, expected {most:,} at most: not unpacked;"
            " if it has grown, raise its max_megabytes"
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            yield f"an archive with a member outside its folder, '{member.filename}': not unpacked"
