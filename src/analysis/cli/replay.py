"""`claims replay` and `claims run --as-of`: every verdict as of another day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from analysis.cli import audit, selection

if TYPE_CHECKING:
    from analysis.verdicts.as_of import Standing

FIRST = 2022  # the year with whose quarters the evolution begins
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--since", type=int, default=FIRST, show_default=True, help="The first year.")
@click.option("--until", type=DAY, help="The last day [today].")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Number of parallel workers [cores]."
)
def replay(since: int, until: datetime | None, jobs: int | None) -> None:
    """Judge every claim at the end of each quarter, and keep it as results/evolution.json.

    Takes a minute or two. The notebook `evolution` draws what is kept. For one
    day, with what stood otherwise then: `claims run --as-of DAY`.

    \b
    claims replay
    claims replay --since 2024 --until 2026-06-30
    """
    from analysis.execution import replay as replays
    from analysis.verdicts import evolution, results

    project, register = audit.register()
    last = until.date() if until else date.today()  # noqa: DTZ011 - the user's own day
    days = evolution.days(since, register.article.published, last)
    found = replays.replay(project, days, workers=jobs)
    path = project.replayed
    results.write(path, evolution.kept(project, register, days, found))
    click.echo(f"{len(found)} verdicts on {len(days)} days: {project.show(path)}")


def as_of(words: tuple[str, ...], day: date, jobs: int | None, filters: selection.Filters) -> None:
    """Print the verdicts on a day, and which of them differ from the published ones."""
    from analysis.execution import replay as replays

    project, register = audit.register()
    names = selection.chosen(project, register, words, filters)
    found = replays.replay(project, [day], names, workers=jobs)
    published = {
        name: entry["verdict"]["publication"]["code"]
        for name, entry in audit.published(project).items()
    }
    publication = register.article.published
    click.echo(f"With what was public by {day}:")
    for each in found:
        click.echo(_line(each, published, publication))
    differ = sum(published.get(each.claim, each.code) != each.code for each in found)
    click.echo(f"{differ} of {len(found)} differ from the published verdicts of {publication}")


def _line(standing: Standing, published: dict[str, str], publication: date) -> str:
    """The verdict on the day and, where it is another, that at publication with its day."""
    other = published.get(standing.claim, standing.code)
    moved = "" if other == standing.code else f"  on {publication} {other}"
    certainty = standing.certainty or ""
    return f"{standing.claim:<4} {standing.code:<20} {certainty:<9}{moved}".rstrip()
