"""The only module that knows the file tree of an audit."""

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ProjectError

VARIABLE = "CLAIMS_PROJECT"
OUTPUT = "CLAIMS_OUTPUT"  # where the runner wants a notebook to leave its outputs
REGISTER = "claims.yaml"
CLAIMS_FOLDER = "claims"  # more files of the register, if one is too long
GLOSSARY, METHOD = "docs/glossary.md", "docs/method.md"  # for readers of the site
SHIPPED = Path(__file__).parent / "shipped"  # of a wheel; a checkout has the same files at its root
REMEDIES = {
    errno.ENOSPC: "free some space on that disk and run again",
    errno.EDQUOT: "free some of your quota and run again",
    errno.EFBIG: "no file may be so large here: raise the limit (`ulimit -f`) and run again",
    errno.EROFS: "the disk is mounted read-only: copy the audit to a place that can be written",
    errno.EACCES: "give yourself the right to write there, or copy the audit elsewhere",
    errno.EPERM: "give yourself the right to write there, or copy the audit elsewhere",
}


@dataclass(frozen=True)
class Project:
    """An audit: the folder that holds claims.yaml, with the places of everything beside it."""

    root: Path

    @property
    def claims(self) -> Path:
        """The register of claims, or the part of it that names the article."""
        return self.root / REGISTER

    @property
    def claims_files(self) -> list[Path]:
        """Every file of the register: claims.yaml, then those of claims/ by their names."""
        parts = sorted(self.root.glob(f"{CLAIMS_FOLDER}/*.yaml"))
        return [self.claims, *(path for path in parts if not path.name.startswith("."))]

    @property
    def data(self) -> Path:
        """The tables, one folder a topic."""
        return self.root / "data"

    @property
    def catalog(self) -> Path:
        """What each table is, column by column, and its checksum."""
        return self.data / "catalog.yaml"

    @property
    def sources(self) -> Path:
        """Where each row was read."""
        return self.data / "sources.csv"

    @property
    def corrections(self) -> Path:
        """Declared departures from the tables as collected."""
        return self.data / "corrections.yaml"

    @property
    def notebooks(self) -> Path:
        """The audit's own notebooks; they replace those of the library that have the same name."""
        return self.root / "notebooks"

    def notebook(self, name: str) -> Path:
        """The notebook of a method, or another one that the library ships: the audit's own first.

        Where there is neither, the path at which the audit may have its own.
        """
        own, ours = self.notebooks / f"{name}.ipynb", shipped(f"notebooks/{name}.ipynb")
        return ours if ours.exists() and not own.exists() else own

    def document(self, name: str) -> Path:
        """A text for readers by its name from the root, e.g. docs/method.md: own, else shipped."""
        own = self.root / name
        return own if own.exists() else shipped(name)

    @property
    def glossary(self) -> Path:
        """The words of the audit's own subject, if it has any; the library has those of all."""
        return self.root / GLOSSARY

    @property
    def results(self) -> Path:
        """What came out last time, committed."""
        return self.root / "results"

    @property
    def published(self) -> Path:
        """The verdicts as published."""
        return self.results / "published.json"

    @property
    def replayed(self) -> Path:
        """The verdicts of past days, as `claims replay` left them."""
        return self.results / "evolution.json"

    @property
    def build(self) -> Path:
        """Everything that can be made again; never committed."""
        return self.root / "build"

    @property
    def fresh(self) -> Path:
        """The verdicts of the last whole run."""
        return self.build / "results.json"

    @property
    def lock(self) -> Path:
        """The exact versions of the libraries."""
        return self.root / "requirements.lock"

    @property
    def shadows(self) -> list[Path]:
        """Files that a notebook beside them would import in place of this library."""
        own = Path(__file__).parent
        names = (f"{own.name}.py", f"{own.name}/__init__.py")
        found = (folder / name for folder in (self.root, self.notebooks) for name in names)
        return [path for path in found if path.is_file() and path.parent != own]

    def table(self, name: str) -> Path:
        """The file of a table by its name in the catalog, `<topic>/<table>`."""
        return self.data / f"{name}.csv"

    def show(self, path: Path) -> str:
        """A path as messages name it: from the root, with slashes on every system."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    @classmethod
    def find(
        cls, start: Path | None = None, *, environ: Mapping[str, str] = os.environ
    ) -> "Project":
        """The audit: $CLAIMS_PROJECT, else the nearest folder above `start` (or here) that is one.

        Never the library's own checkout, unless one stands in it. Raises ProjectError that says
        where it looked.
        """
        if stated := environ.get(VARIABLE):
            return cls(_stated_root(Path(stated)))
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if os.path.lexists(folder / REGISTER):
                return cls(_readable(folder))
        raise ProjectError(
            f"no audit found: {VARIABLE} is not set, and there is no {REGISTER} in {here}"
            f" or above it. An audit is a folder with {REGISTER} and data/:"
            f" go to one, set {VARIABLE} to it (in Python: import os;"
            f" os.environ['{VARIABLE}'] = 'path/to/it'), or make one by `claims new DIR`"
        )


def shipped(name: str) -> Path:
    """A file that comes with the library, by its name from the root of the repository.

    A wheel has it beside the modules, an editable installation and a bundle have it at their root.
    """
    inside = SHIPPED / name
    return inside if inside.exists() else Path(__file__).parents[2] / name


def _stated_root(folder: Path) -> Path:
    if not os.path.lexists(folder / REGISTER):
        raise ProjectError(
            f"{VARIABLE} says {folder}, where there is no {REGISTER}:"
            " set it to the folder that holds one, or unset it"
        )
    return _readable(folder).resolve()


def _readable(folder: Path) -> Path:
    """The folder, if its register is a file that can be read; a parent must not stand in for it."""
    register = folder / REGISTER
    if not register.is_file():
        message = "expected a file; restore it, or go to the folder that holds one"
        raise ProjectError(message, file=str(register))
    if not os.access(register, os.R_OK):
        raise ProjectError("cannot be read: give yourself the right to", file=str(register))
    return folder


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a file so that a reader sees the old or the new whole, never a part.

    Text is written as UTF-8 with the line ends it has. Missing folders are made. Whatever stops the
    writing, the old file stays and no temporary one is left; a fault of the disk is a ProjectError.
    """
    content = data.encode() if isinstance(data, str) else data
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_through(beside, content)
            beside.replace(path)
    finally:
        with suppress(OSError):  # gone already where all went well
            beside.unlink()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Report a fault of the disk during a write, with its place and what to do.

    Raises ProjectError in place of OSError.
    """
    try:
        yield
    except OSError as fault:
        raise ProjectError(unwritable(fault), file=str(path)) from fault


@contextmanager
def all_or_nothing(*paths: Path) -> Iterator[None]:
    """Put these files back as they were, or away, if anything fails inside."""
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_atomically(path, content)
        raise


def unwritable(fault: OSError) -> str:
    """Why something cannot be written, and what to do."""
    remedy = REMEDIES.get(fault.errno or 0, "see to the disk or choose another place")
    return f"cannot be written: {fault.strerror or fault}; {remedy}"


def _write_through(path: Path, content: bytes) -> None:
    """A new file, on the disk and not only in the cache when this returns."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
