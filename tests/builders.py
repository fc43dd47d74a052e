"""Claims, tables and evidence in a few words, without a folder behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
from frames import INFO

from analysis.claims.model import Claim, Reading
from analysis.methods.estimate import Estimate
from analysis.verdicts import sweep

CUTOFFS = {"publication": date(2024, 12, 10), "latest": None}


def claim(method: str, parameters: Mapping[str, Any], **changes: Any) -> Claim:
    """A claim with a literal reading; `readings` may map further names to their parameters."""
    others = changes.pop("readings", {})
    literal = Reading(name="literal", kind="literal", statement="as it says")
    entry = {
        "id": "T1",
        "section": "T",
        "locator": "p1 s1",
        "title": "A made-up claim",
        "statement": "Something is as it is.",
        "type": "level",
        "checkable": "yes",
        "core": "That it is so.",
        "rule": "It must be so.",
        "method": method,
        "parameters": dict(parameters),
        "readings": (
            literal,
            *(
                Reading(name=name, kind="alternative", statement=name, parameters=own)
                for name, own in others.items()
            ),
        ),
    }
    return Claim(**{**entry, **changes})


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A table as it is after loading: what a row does not say is official, public and its own."""
    made = pd.DataFrame(list(rows))
    usual = {
        "row": range(2, len(made) + 2),
        "source_id": "s",
        "grade": 4,
        "later_edition": False,
        "public_on": "2024-01-01",
        "suspect": False,
    }
    for name, value in usual.items():
        given = made[name] if name in made else pd.Series(pd.NA, index=made.index, dtype="object")
        made[name] = given.where(given.notna(), pd.Series(value, index=made.index))
    made["row"] = made["row"].astype("int64")
    if "family" not in made:
        made["family"] = made["source_id"]
    return made


class evidence(dict):  # noqa: N801 - reads as a function: evidence(name=frame)
    """Tables by name, cut by date or family as the loaded ones are."""

    def table(self, name: str) -> SimpleNamespace:
        """The table as loading gives it; no practice ever changed in it."""
        return SimpleNamespace(frame=self[name], info=SimpleNamespace(**INFO))

    def revision(self, name: str) -> None:
        """The usual size of a revision of the table: none is declared."""

    def as_of(self, cutoff: date | None) -> evidence:
        """What was public by the cutoff."""
        last = cutoff.isoformat() if cutoff else "9999"
        return evidence({name: rows[rows["public_on"] <= last] for name, rows in self.items()})

    def drop_family(self, family: str) -> evidence:
        """Everything but the rows of this family."""
        return evidence({name: rows[rows["family"] != family] for name, rows in self.items()})


def run(
    made: Claim, known: evidence, vintage: str = "publication"
) -> tuple[Claim, Estimate, sweep.Curve, str]:
    """The arguments of a drawing function: the claim, its estimate, its curve, the vintage."""
    estimate = made.build().estimate(known.as_of(CUTOFFS[vintage]))
    return made, estimate, sweep.sweep(made, known, CUTOFFS), vintage
