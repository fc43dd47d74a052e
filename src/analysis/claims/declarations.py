"""What a claim declares of its evidence: reasons to move its certainty, and logged searches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Declared = str | Mapping[str, str]  # a sentence for the whole, or one for each part


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """Declared reasons to move the certainty of evidence; each is a sentence, empty if none.

    A proxy, a stake or a change of practice may be declared for parts of the estimate: a mapping
    from an ingredient (a term, an index) or a table to the sentence.
    """

    proxy: Declared = ""
    stake: Declared = ""
    practice: Declared = ""
    admission: str = ""
    cap: str = ""

    @property
    def lowering(self) -> tuple[Declared, ...]:
        """What lowers the grade of a part, or of the whole."""
        return self.proxy, self.practice, self.stake


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A logged search: what was looked for and where, on which day, and what was found.

    `grade` is the class of the best source that was searched, as of a citation (1 to 4).
    """

    claims: tuple[str, ...]
    looked_for: str
    where: str
    day: str
    found: str
    grade: int
