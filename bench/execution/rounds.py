"""Who is measured when: one contender after the other, round after round, in a turning order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .contenders import Command, Contender
from .meter import CommandError, Cost, measure
from .workspace import Workspace

PRODUCTS = ("notebooks", "figures", "records", "trials")


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Contenders over one workspace, so many rounds; `clean`: from nothing each time."""

    name: str
    space: Workspace
    contenders: Sequence[Contender]
    rounds: int
    clean: bool = True
    memory: bool = False

    def run(self, peers: Path) -> Iterator[dict[str, object]]:
        """A row a measurement; a contender that fails is dropped, and its row says so."""
        failed: set[str] = set()
        if not self.clean:
            failed = {each.name for each in self.contenders if not self._prepared(each, peers)}
        for turn in range(self.rounds):
            start = turn % len(self.contenders)
            for contender in (*self.contenders[start:], *self.contenders[:start]):
                if contender.name in failed:
                    continue
                try:
                    cost = self._cost(contender, peers)
                except CommandError as error:
                    failed.add(contender.name)
                    print(f"{self.name}: {contender.name} FAILED: {error}", flush=True)
                    continue
                told = f"{cost.wall:8.2f} s {cost.cpu:8.2f} s CPU"
                print(f"{self.name:10} {turn + 1}  {told}  {contender.name}", flush=True)
                yield {
                    "race": self.name,
                    "notebooks": len(self.space.claims),
                    "contender": contender.name,
                    "round": turn + 1,
                    "wall": round(cost.wall, 4),
                    "cpu": round(cost.cpu, 4),
                    "mib": cost.mib and round(cost.mib, 1),
                }

    def _cost(self, contender: Contender, peers: Path) -> Cost:
        if self.clean:
            self._prepare(contender, peers)
        return self._measure(contender.command, peers, memory=self.memory)

    def _prepared(self, contender: Contender, peers: Path) -> bool:
        try:
            self._prepare(contender, peers)
        except CommandError as error:
            print(f"{self.name}: {contender.name} FAILED: {error}", flush=True)
            return False
        return True

    def _prepare(self, contender: Contender, peers: Path) -> None:
        self.space.clear()
        if contender.before:
            self._measure(contender.before, peers)

    def _measure(self, command: Command, peers: Path, *, memory: bool = False) -> Cost:
        space = self.space
        log = space.root / "last.log"
        return measure(command(space, peers), space.audit, space.environ, log, memory=memory)


def compare(rows: pd.DataFrame, race: str, reference: str) -> pd.DataFrame:
    """Median of each contender, and the median over rounds of its ratio to the reference."""
    own = rows[rows["race"] == race]
    base = own[own["contender"] == reference].set_index("round")
    grouped = {}
    for name, found in own.groupby("contender", sort=False):
        by_round = found.set_index("round")
        grouped[name] = {
            "n": len(found),
            **{
                f"{what}{suffix}": value
                for what in ("wall", "cpu", "mib")
                for suffix, value in (
                    ("", by_round[what].median()),
                    ("_ratio", (by_round[what] / base[what]).median()),
                )
            },
        }
    return pd.DataFrame.from_dict(grouped, orient="index")


def digests(build: Path) -> dict[str, str]:
    """What a run has made, by name and hash."""
    return {
        path.relative_to(build).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in PRODUCTS
        for path in sorted((build / folder).glob("*"))
    }
