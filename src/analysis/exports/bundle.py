"""One archive of the whole audit: the same bytes from the same files.

The archive is an RO-Crate and a Data Package at once; MANIFEST has the hash of every other file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.data.checksums import digest
from analysis.exports import contents, datapackage, kinds, manifest, rocrate
from analysis.project import write_atomically

if TYPE_CHECKING:
    from analysis.project import Project

README = "BUNDLE.md"
BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP archive can name
MODE = 0o100644 << 16  # a plain file that its owner may write and all may read
UNIX = 3  # the system that MODE is of, whatever system writes
TEXT = """\
# A bundle of an audit

`claims.yaml` and `claims/` say what was claimed and by what rule it was tested; `data/` has the
tables, `notebooks/` the notebooks, `src/` the library, `build/` the executed notebooks, figures,
records and every specification, `results/` the published verdicts, `exports/` the same for other
tools.
`ro-crate-metadata.json` describes these files as an RO-Crate, `datapackage.json` the tables.

Is it whole? `claims verify BUNDLE.zip`, or after unpacking `sha256sum --check --quiet MANIFEST`.
Hashes show that nothing was changed by accident. Whoever changes files on purpose can write another
MANIFEST: compare its own sha256 with the one that the publisher names.

Run it again, offline once the packages of the lock are installed in your Python by
`pip install --no-deps -r requirements.lock`:

    cd <the unpacked folder>
    PYTHONPATH=src python -m analysis run
    PYTHONPATH=src python -m analysis check --no-run

`make figures` installs the packages itself, from the lock and by their hashes. The licences of the
tables are in `data/catalog.yaml`, some of them non-commercial.
"""


def files(project: Project) -> dict[str, bytes]:
    """Every file of the bundle by its name, in order, with MANIFEST."""
    found = {name: path.read_bytes() for name, path in contents.collect(project).items()}
    found |= {_place(name): data for name, data in kinds.made(project, kinds.KINDS).items()}
    found[README] = TEXT.encode()
    found[rocrate.FILE] = rocrate.metadata(project, found).encode()
    hashes = {name: digest(data) for name, data in found.items()}
    found[manifest.FILE] = manifest.dump(hashes).encode()
    return {name: found[name] for name in sorted(found)}


def _place(name: str) -> str:
    """A Data Package names its tables from where it lies, so it lies at the root."""
    at_root = name == datapackage.FILE or name.startswith("data/")
    return name if at_root else f"exports/{name}"


def archive(found: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP archive without times, owners or rights of this machine."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        for name in sorted(found):
            zipped.writestr(_entry(name), found[name])
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, BEGINNING)
    entry.create_system, entry.external_attr = UNIX, MODE
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def write(project: Project, path: Path) -> dict[str, bytes]:
    """Write the bundle, whole or not at all; what is in it."""
    found = files(project)
    write_atomically(path, archive(found))
    return found
