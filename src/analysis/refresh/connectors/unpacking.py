"""Packed bytes, unpacked to their very end: a stream that is cut off is no file."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Mapping
from typing import Any

LARGEST = 300_000_000  # unpacked bytes; the largest file of a known publisher has a tenth
_OPENERS: Mapping[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}


def unpacked(raw: bytes, most: int = LARGEST) -> bytes:
    """What gzip, bzip2 or xz has packed; other bytes as they are.

    Raises ValueError for a stream without its end, with another checksum, or of more than `most`.

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
            found: bytes = packed.read(most + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise ValueError("a packed stream that is cut off or damaged") from error
    if len(found) > most:
        raise ValueError(f"a packed stream of more than {most:,} bytes")
    return found
