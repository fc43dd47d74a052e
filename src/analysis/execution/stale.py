"""Which jobs of a plan must run, and why; the outputs of all others are up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.execution import durations, manifests
from analysis.execution.manifests import Reason

if TYPE_CHECKING:
    from analysis.execution.inputs import InputHashes
    from analysis.execution.plan import Job, Plan
    from analysis.project import Project

FORCED = Reason(word="asked for")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleJobs:
    """The jobs that must run, each with its inputs and the reason.

    `installed` are libraries in another version than the locked one that any job of the plan needs,
    stale or not.
    """

    jobs: tuple[Job, ...]
    reasons: Mapping[str, Reason]
    installed: Mapping[str, str] = field(default_factory=dict)

    def seconds(self, project: Project, workers: int) -> float | None:
        """Estimated duration, from the last run of each job; None if one is new."""
        known = durations.read(project)
        if not self.jobs or any(job.claim not in known for job in self.jobs):
            return None
        took = [known[job.claim] for job in self.jobs]
        return max(sum(took) / workers, *took)


def find_stale(plan: Plan, hashes: InputHashes, *, force: bool = False) -> StaleJobs:
    """Compare every job of the plan with the manifest of its last run."""
    jobs = [replace(job, inputs=hashes.of(job)) for job in plan.jobs]
    reasons = {}
    for job in jobs:
        if found := FORCED if force else manifests.reason(job, job.inputs, hashes.project):
            reasons[job.claim] = found
    needed = (job for job in jobs if job.claim in reasons)
    return StaleJobs(
        jobs=tuple(replace(job, stamps=hashes.stamps(job)) for job in needed),
        reasons=reasons,
        installed={
            name: version for job in jobs for name, version in job.inputs["installed"].items()
        },
    )
