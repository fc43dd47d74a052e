"""Decompress bytes and refuse a truncated stream."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Mapping
from typing import Any

MAX_UNPACKED_BYTES = 300_000_000  # the largest file of a known publisher has a tenth
_OPENERS: Mapping[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}


def unpacked(raw: bytes, max_bytes: int = MAX_UNPACKED_BYTES) -> bytes:
    """Bytes decompressed from gzip, bzip2 or xz; other bytes unchanged.

    Raises ValueError for a stream without its end, with another checksum or above `max_bytes`.

    >>> unpacked(gzip.compress(b"4.5"))
    b'4.5'
    >>> unpacked(gzip.compress(b"4.5")[:-3])
    Traceback (most recent call last):
    ValueError: a packed stream that is cut off or damaged
    """
    opener = next((each for start, each in _OPENERS.items() if raw.startswith(start)), None)
    if opener is None:
        return raw
    try:
        with opener(io.BytesIO(raw)) as packed:
            found: bytes = packed.read(max_bytes + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise ValueError("a packed stream that is cut off or damaged") from error
    if len(found) > max_bytes:
        raise ValueError(f"a packed stream of more than {max_bytes:,} bytes")
    return found
