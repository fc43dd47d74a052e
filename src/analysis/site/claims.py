"""The page of a claim, as plain values; no file is written here."""

from __future__ import annotations

import csv
import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.claims.model import REASONS, Claim
from analysis.exports.citation import reference
from analysis.exports.claimreview import review
from analysis.figures.captions import chosen, searched
from analysis.formatting import number, plain, quantity
from analysis.site import explorer, words
from analysis.site.cards import badge, card
from analysis.site.context import Material, finding
from analysis.site.page import Page
from analysis.site.words import VINTAGES
from analysis.verdicts.certainty import LEVELS
from analysis.verdicts.code_table import RULE_WORDS
from analysis.verdicts.wording import FLAGS, certainty

if TYPE_CHECKING:
    from analysis.data.sources import Source

Entry = Mapping[str, Any]
MAX_ROWS = 40  # rows of a figure's data on the page; the CSV has them all
FOR_MACHINES = ("mark", "group", "source_id", "row")  # columns that only the CSV needs


def claim_page(material: Material, claim: Claim, around: tuple[str, str]) -> Page:
    """The page of one claim; `around` names the claims before and after it."""
    entry, trials = material.entries[claim.id], material.trials(claim.id)
    found = finding(material, claim)
    context = {
        "claim": claim,
        "card": card(material, claim),
        "failed": material.failures.get(claim.id),
        "around": around,
        "section": material.register.sections[claim.section],
        "today": finding(material, claim, "latest"),
        "reason": REASONS.get(claim.reason, ""),
        "notebook": material.notebook(claim.id).exists(),
        "citation": reference(material.publisher),
        **(_tested(material, claim, entry, trials) if claim.testable else {}),
    }
    drawn = material.figure(f"{claim.id}.png").exists()
    return Page(
        path=f"claims/{claim.id}.html",
        template="claim.html",
        title=found,
        description=f"{found} The article says: {claim.statement}",
        image=f"claims/{claim.id}.png" if drawn else "",
        context=context,
        jsonld=_review(material, entry),
    )


def _review(material: Material, entry: Entry) -> Mapping[str, Any]:
    authors = material.publisher.authors if material.publisher else ()
    page = f"{material.site}claims/{entry['id']}.html" if material.site else ""
    day = material.judged(entry["id"])
    article = material.register.article
    return review(entry, article, authors=authors, page=page, published=day) or {}


def _tested(
    material: Material, claim: Claim, entry: Entry, trials: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What only a claim has that can be tested."""
    scale = explorer.scale(trials, claim.literal.name)
    vintages = [_vintage(material, name, entry, claim, scale) for name in VINTAGES]
    same = ("verdict", "certainty", "rule", "tags", "reasons", "graded")
    return {
        "vintages": vintages,
        "agree": all(vintages[0][key] == vintages[1][key] for key in same),
        "flag": FLAGS.get(entry["vintage_flag"], plain(entry["vintage_flag"]).lower()),
        "undecided": any(
            entry["verdict"][name]["code"] == "INSUFFICIENT" for name in entry["verdict"]
        ),
        "figure": _figure(material, claim.id),
        "curve": material.figure(f"{claim.id}-curve.svg").exists(),
        "embed": _embed(material, claim),
        "counts": explorer.counts(trials, claim) if trials else [],
        "readings": [_reading(claim, each) for each in claim.readings],
        "sources": _sources(material, entry, trials),
        "rows": _rows(entry["rows"]),
        "explorer": _explorer(material, claim, trials),
        "apart": list(_apart(trials, claim)),
        "left_out": explorer.left_out(trials, claim) if trials else [],
    }


def _apart(trials: Mapping[str, Any] | None, claim: Claim) -> Iterator[dict[str, Any]]:
    """The readings of which the preferred specification comes out otherwise than the literal's."""
    found = explorer.preferred(trials) if trials else {}
    literal = found.get(claim.literal.name, {}).get("outcome")
    for reading in claim.readings:
        trial = found.get(reading.name)
        if trial and trial["outcome"] not in (None, literal):
            scale = explorer.scale(trials, reading.name)
            value = _found(trial, trial["unit"], claim, scale)
            yield {
                **_reading(claim, reading),
                "value": value,
                "outcome": trial["outcome"],
                "votes": reading.votes,
            }


def _reading(claim: Claim, each: Any) -> dict[str, Any]:
    return {
        "name": words.reading(each.name, literal=each is claim.literal),
        "key": each.name,
        "statement": each.statement,
        "changes": "" if each.votes else " and ".join(each.changes),
    }


def _vintage(
    material: Material, vintage: str, entry: Entry, claim: Claim, scale: Sequence[str]
) -> dict[str, Any]:
    named = material.choice
    brief, detail = entry["verdict"][vintage], entry["detail"].get(vintage, {})
    graded = (detail.get("certainty") or {}).get("reasons", [])
    return {
        "label": VINTAGES[vintage],
        "verdict": badge(brief["code"], detail.get("rule", "")),
        "rule": RULE_WORDS.get(detail.get("rule", ""), ""),
        "certainty": certainty(brief["certainty"]),
        "value": _found(detail, (entry.get("estimate") or {}).get("unit", ""), claim, scale),
        "tags": [words.TAGS[tag] for tag in detail.get("tags", ()) if tag in words.TAGS],
        "reasons": list(_in_words(detail.get("reasons", ()), claim)),
        "graded": [*_start(detail.get("certainty")), *_in_words(graded, claim)],
        "counterexample": _counterexample(
            detail.get("nearest_counterexample"), claim, scale, named
        ),
        "sensitivity": sorted(
            (
                (named(name).word, share)
                for name, share in detail.get("sensitivity", {}).items()
                if share
            ),
            key=lambda pair: -pair[1],
        ),
        "pivotal_sources": [claim.called(each) for each in detail.get("pivotal_sources", ())],
    }


def _start(grade: Mapping[str, Any] | None) -> Iterator[str]:
    """Where the certainty starts, before anything raises or lowers it."""
    if grade and (start := LEVELS.get(grade["start"])):
        yield f"It starts at {certainty(start)}, the grade of the evidence that it rests on"


def _in_words(reasons: Iterable[str], claim: Claim) -> Iterator[str]:
    for why in reasons:
        yield words.reason(searched(why, claim.called))


def _counterexample(
    found: Entry | None, claim: Claim, scale: Sequence[str], named: Callable[[str], words.Word]
) -> dict[str, Any] | None:
    """The nearest counterexample in words: which choices change, and the value that they give."""
    if not found:
        return None
    changes = [
        (named(name).word, *(_option(claim, name, each, pair) for each in pair))
        for name, pair in found["changes"].items()
    ]
    return {**found, "changes": changes, "value": _value(found["value"], claim, scale)}


def _option(claim: Claim, name: str, value: Any, pair: Sequence[Any]) -> str:
    return words.option(name, chosen(value, claim.grid.get(name, pair), claim.called))


def _found(detail: Entry, unit: str, claim: Claim, scale: Sequence[str]) -> str:
    if detail.get("value") is None:
        return ""
    value, low, high = (detail[key] for key in ("value", "low", "high"))
    if not scale:
        ends = (value, value) if None in (low, high) else (low, high)
        return quantity(value, ends[0], ends[1], unit)
    stages = [_value(each, claim, scale) for each in (value, low, high)]
    exact = stages[1] == stages[2] or "missing" in stages[1:]
    return stages[0] + ("" if exact else f" ({stages[1]} to {stages[2]})")


def _value(value: float | None, claim: Claim, scale: Sequence[str]) -> str:
    if value is None:
        return "missing"
    return explorer.stage(value, scale, claim) if scale else number(value)


def _figure(material: Material, name: str) -> dict[str, Any] | None:
    data = material.figure(f"{name}.csv")
    if not data.exists() or not material.figure(f"{name}.svg").exists():
        return None
    with data.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    alt = material.entries[name].get("alt") or f"Figure of claim {name}; its data follow."
    kept = [place for place, each in enumerate(header) if each not in FOR_MACHINES]
    return {
        "alt": alt,
        "png": material.figure(f"{name}.png").exists(),
        "header": [plain(header[place]).capitalize() for place in kept],
        "rows": [[_cell(material, row[place]) for place in kept] for row in rows[:MAX_ROWS]],
        "more": len(rows) - MAX_ROWS,
    }


def _cell(material: Material, cell: str) -> str:
    """A cell of a figure's data, with slugs and lists of them as a reader says them."""
    shown = material.named(cell)
    return ", ".join(map(material.called, shown.split(";"))) if ";" in shown else shown


def _embed(material: Material, claim: Claim) -> str:
    """HTML that shows the figure elsewhere, with a link to this page if its address is known."""
    place, alt = f"{material.site}claims/{claim.id}", html.escape(finding(material, claim))
    if not material.site:
        return f'<img src="{claim.id}.svg" alt="{alt}">'
    return f'<a href="{place}.html"><img src="{place}.svg" alt="{alt}"></a>'


def _sources(material: Material, entry: Entry, trials: Mapping[str, Any] | None) -> list[Source]:
    """The sources of the number first, then those of all other specifications."""
    tried = (trials or {}).get("trials", ())
    others = (name for each in tried if not each["left_out"] for name in each["sources"])
    names = dict.fromkeys((*entry["sources"], *sorted(set(others))))
    return [material.sources[name] for name in names if name in material.sources]


def _rows(rows: list[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        table, _, line = row.rpartition(":")
        found.setdefault(table, []).append(line)
    return [(table, sorted(lines, key=int)) for table, lines in sorted(found.items())]


def _explorer(
    material: Material, claim: Claim, trials: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    if not trials or not trials["trials"]:
        return None
    titles = {name: info.title for name, info in material.catalog.tables.items()}
    return explorer.packed(trials, claim, titles, material.choice)
