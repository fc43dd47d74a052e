"""Which jobs of a plan must run, and why; all others have products that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.execution import durations, manifests
from analysis.execution.manifests import Reason

if TYPE_CHECKING:
    from analysis.execution.inputs import Pantry
    from analysis.execution.plan import Job, Plan
    from analysis.project import Project

FORCED = Reason(word="asked for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The jobs that must run, each with its ingredients; for each the reason.

    `installed` are the libraries that are not as locked and that any job of the plan needs, whether
    it must run or not.
    """

    jobs: tuple[Job, ...]
    reasons: Mapping[str, Reason]
    installed: Mapping[str, str] = field(default_factory=dict)

    def seconds(self, project: Project, workers: int) -> float | None:
        """About how long they will take, by what each took the last time; None if one is new."""
        known = durations.read(project)
        took = [known.get(job.claim) for job in self.jobs]
        if not took or None in took:
            return None
        return max(sum(took) / workers, *took)


def due(plan: Plan, pantry: Pantry, *, force: bool = False) -> Due:
    """Hold every job of the plan against the note of its last run."""
    jobs = [replace(job, ingredients=pantry.of(job)) for job in plan.jobs]
    reasons = {}
    for job in jobs:
        if found := FORCED if force else manifests.reason(job, job.ingredients, pantry.project):
            reasons[job.claim] = found
    needed = (job for job in jobs if job.claim in reasons)
    return Due(
        jobs=tuple(replace(job, inputs=pantry.inputs(job)) for job in needed),
        reasons=reasons,
        installed={
            name: told for job in jobs for name, told in job.ingredients["installed"].items()
        },
    )
