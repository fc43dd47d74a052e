"""What of a notebook counts for its result: its code, and the metadata that decides how it runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from analysis.data.fingerprints import digest
from analysis.errors import AnalysisError, ParameterError, ProjectError
from analysis.project import write_atomically

TAG = "parameters"  # of the cell behind which papermill writes its values


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """The code of a notebook, and what it uses; words and outputs do not count.

    `metadata` is what papermill and nbclient read: the kernel, its language, and the tags of cells.
    `settable` are the names that the cell of parameters sets, None if there is no such cell. `used`
    are the dotted names of `references`, `texts` the strings that may name a table, `defaults`
    those in the cell of parameters. `body` is the digest of the code without that cell, None if
    the cell does more than assign plain values.
    """

    digest: str
    metadata: Mapping[str, Any]
    settable: Sequence[str] | None
    used: Sequence[str] = field(default_factory=list)
    texts: Sequence[str] = field(default_factory=list)
    defaults: Sequence[str] = field(default_factory=list)
    body: str | None = None

    @classmethod
    def read(cls, data: bytes, file: str, cache: Path, by: str) -> Self:
        """From its bytes; taken apart once by the code named `by`, and kept in the folder `cache`.

        ProjectError if these are no notebook.
        """
        kept = cache / f"notebook-{digest(data + by.encode())}.json"
        with suppress(OSError, ValueError, TypeError):  # missing or damaged: made again below
            return cls(**json.loads(kept.read_text(encoding="utf-8")))
        try:
            from analysis.execution import (
                notebook_code,  # a parser takes time, and is seldom needed
            )

            made = cls(**notebook_code.parts(json.loads(data)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProjectError(f"is not a notebook: {error!r}", file=file) from None
        with suppress(AnalysisError):  # a tree that cannot be written to: only slower
            write_atomically(kept, json.dumps(asdict(made)))
        return made

    def replaced(self, given: Mapping[str, Any]) -> bool:
        """Whether `given` replaces every default: the cell of parameters then changes nothing."""
        return self.body is not None and set(self.settable or ()) <= given.keys()

    def code(self, given: Mapping[str, Any]) -> str:
        """The digest of the code that counts for a run with these parameters."""
        return self.body if self.body is not None and self.replaced(given) else self.digest

    def tables(self, given: Mapping[str, Any]) -> set[str]:
        """The strings that may name a table in a run with these parameters."""
        return {*self.texts, *(() if self.replaced(given) else self.defaults)}

    def check(self, given: Mapping[str, Any], file: str) -> None:
        """ParameterError if the notebook would not hear of a parameter that it is given."""
        if not given:
            return
        if self.settable is None:
            names = ", ".join(given)
            message = f"no code cell has the tag '{TAG}', so that {names} would be ignored"
            raise ParameterError(f"{message}: give it to the cell that sets them", file=file)
        if ignored := [name for name in given if name not in self.settable]:
            known = ", ".join(self.settable) or "nothing"
            message = (
                f"the cell with the tag '{TAG}' does not set {', '.join(ignored)}, only {known}"
            )
            raise ParameterError(f"{message}: add them there, with a default", file=file)
