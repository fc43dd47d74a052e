"""Whether a bundle is what its MANIFEST says, found out without unpacking it."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.errors import BundleError
from analysis.exports import manifest

LARGEST = 4 * 2**30  # bytes unpacked; an audit is some tens of millions
RATIO = 1000  # how often smaller a file can be packed by deflate at most, about
MANIFEST_LIMIT = 2**24
_BLOCK = 2**20
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How the files of a bundle differ from its MANIFEST; `stamp` is the sha256 of that."""

    files: int
    stamp: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.extra or self.changed)


def verify(path: Path) -> Verification:
    """Compare every file of a bundle with its hash.

    Raises BundleError for what is no bundle, or one that would be dangerous to unpack: names that
    lead out of the folder, or that occur twice, links, and contents out of all proportion.
    """
    try:
        with zipfile.ZipFile(path) as zipped:
            _refuse(zipped.infolist(), str(path))
            return _compare(zipped, str(path))
    except FileNotFoundError:
        raise BundleError("no such file", file=str(path)) from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as fault:
        message = f"not a bundle, or a damaged one: {fault}; get it again"
        raise BundleError(message, file=str(path)) from None


def _refuse(entries: list[zipfile.ZipInfo], file: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        if why := danger(entry) or (entry.filename.casefold() in seen and "a name that is taken"):
            message = f"refused for {entry.filename!r}: {why}; do not unpack it"
            raise BundleError(message, file=file)
        seen.add(entry.filename.casefold())  # file systems that ignore case treat them as one
    if (total := sum(entry.file_size for entry in entries)) > LARGEST:
        message = f"refused: {total} bytes when unpacked, more than {LARGEST}; do not unpack it"
        raise BundleError(message, file=file)


def danger(entry: zipfile.ZipInfo) -> str:
    """Why an entry must not be unpacked; empty if it may."""
    name, parts = entry.filename, PurePosixPath(entry.filename).parts
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not parts or name.startswith("/") or ".." in parts or set(name) & set("\\:\0\n\r"):
        return "a name that leads out of the folder, or is none"
    if str(PurePosixPath(name)) != name:
        return "a folder, or a name that is not in its plain form"
    if kind not in (0, stat.S_IFREG):
        return "no plain file"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if entry.file_size > RATIO * max(entry.compress_size, 1) + _BLOCK:
        return f"{entry.compress_size} bytes that would unpack to {entry.file_size}"
    return ""


def _compare(zipped: zipfile.ZipFile, file: str) -> Verification:
    names = set(zipped.namelist())
    if manifest.FILE not in names:
        raise BundleError(f"not a bundle: there is no {manifest.FILE} in it", file=file)
    if zipped.getinfo(manifest.FILE).file_size > MANIFEST_LIMIT:
        raise BundleError(f"refused: {manifest.FILE} is too large", file=file)
    text = zipped.read(manifest.FILE)
    wanted = _parsed(text, file)
    found = {name: _digest(zipped, name) for name in sorted(names - {manifest.FILE})}
    return differences(wanted, found, hashlib.sha256(text).hexdigest())


def _parsed(text: bytes, file: str) -> dict[str, str]:
    try:
        return manifest.parse(text.decode())
    except UnicodeDecodeError:
        raise BundleError(f"not a bundle: {manifest.FILE} is not UTF-8", file=file) from None


def _digest(zipped: zipfile.ZipFile, name: str) -> str:
    sha = hashlib.sha256()
    with zipped.open(name) as stream:
        while block := stream.read(_BLOCK):
            sha.update(block)
    return sha.hexdigest()


def differences(wanted: Mapping[str, str], found: Mapping[str, str], stamp: str) -> Verification:
    """What is missing, extra and changed, each by name."""
    both = wanted.keys() & found.keys()
    return Verification(
        files=len(found),
        stamp=stamp,
        missing=tuple(sorted(wanted.keys() - found.keys())),
        extra=tuple(sorted(found.keys() - wanted.keys())),
        changed=tuple(sorted(name for name in both if wanted[name] != found[name])),
    )
