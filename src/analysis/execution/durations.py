"""How long each claim took the last time: the longest goes first, so that no worker ends late."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import inf
from typing import TYPE_CHECKING

from analysis.project import Project, write_atomically

if TYPE_CHECKING:
    from analysis.execution.plan import Job
    from analysis.execution.worker import Result

FILE = "log/durations.json"


def longest_first(jobs: Iterable[Job], seconds: Mapping[str, float]) -> list[Job]:
    """The jobs in the order of starting: the unknown, then by falling duration."""
    return sorted(jobs, key=lambda job: -seconds.get(job.claim, inf))


def read(project: Project) -> dict[str, float]:
    """Seconds by claim. They only order the work: an unreadable file is as good as none."""
    try:
        found = json.loads((project.build / FILE).read_text(encoding="utf-8"))
        return {str(claim): float(seconds) for claim, seconds in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(project: Project, results: Iterable[Result]) -> None:
    """Add what these claims took."""
    took = {result.job.claim: result.seconds for result in results}
    text = json.dumps(read(project) | took, indent=1, sort_keys=True)
    write_atomically(project.build / FILE, text + "\n")
