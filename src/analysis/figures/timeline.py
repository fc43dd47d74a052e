"""Dated events, stages and firsts: what the record has, against what the article says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis import formatting
from analysis.figures import alt_text, captions, numbers, stages, strip, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.style import MARGIN
from analysis.figures.timeline_layout import LAYOUTS, record_days, styles
from analysis.methods.timeline import Timeline, interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.figures.timeline_layout import TimelineLayout
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.sweep import Curve

NAMED = {"date": "The article's day", "lag": "The article's number"}  # else what is needed


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The records behind `estimate`: in time, as a ladder, or as a track for each case."""
    method = build_method(claim, Timeline)
    layout = _called(LAYOUTS[method.asks](method, estimate), claim)
    data = _with_said_days(layout.data, claim)
    latest = max(record_days(estimate), default=None)
    heading = style.Heading(
        title=headline(claim, curve, vintage),
        claim=claim.statement,
        subtitle=f"{layout.finding} {_asserted(method, layout.claimed)}.",
        source=captions.sources(estimate.families, vintage, latest, call=claim.called),
    )
    words = f"{'the needed' if method.asks not in NAMED else 'the claimed'} {layout.claimed}"
    return Drawing(
        figure=plot(data, heading),
        data=data,
        title=heading.title,
        summary=heading.subtitle,
        alt=alt_text.timeline(_without_stages(data), layout.what, words, layout.finding),
    )


def plot(data: pd.DataFrame, heading: style.Heading = style.NO_HEADING) -> Figure:
    """The figure of a tidy frame; the `group` of its row marked `claimed` is the kind of question.

    `rung` draws a ladder, `count` a track of stages for each case, the others a strip in time or,
    for one lag, two numbers.

    Example: `figures.timeline(drawing.data.query("family != 'nhk'"))`
    """
    with style.styled():
        asks = data.loc[data["mark"] == "claimed", "group"].iloc[0]
        found = data[data["mark"].isin(["record", "other"])]
        if found.empty and asks != "rung":
            return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
        if asks in ("rung", "count"):
            return {"rung": stages.ladder, "count": stages.tracks}[asks](data, heading)
        if asks == "lag" and len(set(found["value"])) == 1:
            return _two_numbers(data, found, heading)
        return strip.draw(data, found, heading)


def _asserted(method: Timeline, claimed: str) -> str:
    """What the claim states, or needs, in words."""
    if method.asks == "none_before":
        return "The claim holds only if there is none"
    return f"{NAMED.get(method.asks, 'Needed')}: {claimed}"


def _without_stages(data: pd.DataFrame) -> pd.DataFrame:
    """The marks that the alternative text names; a record of a stage with its stage."""
    shown = data[data["mark"] != "stage"]
    if not (data["mark"] == "stage").any():
        return shown
    staged = (shown["mark"] == "record") & shown["group"].isin(data["label"])
    return shown.assign(text=shown["text"].where(~staged, shown["group"] + ", " + shown["text"]))


def _called(layout: TimelineLayout, claim: Claim) -> TimelineLayout:
    """The same with names in the place of slugs."""
    return replace(layout, data=layout.data.assign(label=layout.data["label"].map(claim.called)))


def _with_said_days(data: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """With the days that a side assertion gives, at the stage that the claim needs."""
    said = [
        interval(str(each.parameters["claimed_from"]))[0:1]
        + interval(str(each.parameters.get("claimed_to", each.parameters["claimed_from"])))[1:]
        for each in claim.side_assertions
        if "claimed_from" in each.parameters and each.method in ("", claim.method)
    ]
    at = (data["mark"] == "stage") & (data["outcome"] == "claimed")
    if said and at.any():
        data = data.astype({"text": "object"})
        data.loc[at, "text"] = f"the article: {formatting.days(said[0])}"
    return data


def _two_numbers(data: pd.DataFrame, found: pd.DataFrame, heading: style.Heading) -> Figure:
    """One lag beside the article's."""
    claimed = data[data["mark"] == "claimed"].iloc[0]
    kinds = {each.word: each for each in styles("lag").values()}
    record = found.iloc[0]
    days = formatting.number(record["value"])
    would_do = formatting.bounds(claimed["low"], claimed["high"]).strip(" ()")
    return numbers.beside(
        heading,
        numbers.Labelled(label="The article says", value=formatting.number(claimed["value"]),
                         unit="days", note=f"{would_do} days would do" if would_do else ""),
        numbers.Labelled(label="On record", value=days, unit="days",
                         note=f"{record['label']}: {record['text']}",
                         colour=kinds[record["outcome"]].colour),
    )  # fmt: skip
