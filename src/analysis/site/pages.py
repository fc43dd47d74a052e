"""What each page says, as plain values; no file is written here."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.claims.model import REASONS, Claim
from analysis.exports.citation import reference
from analysis.exports.claimreview import review
from analysis.figures.captions import chosen, searched
from analysis.figures.palette import VERDICTS
from analysis.formatting import number, plain
from analysis.site import explorer
from analysis.site.context import Material
from analysis.verdicts.code_table import WORDS
from analysis.verdicts.wording import FLAGS, certainty, conclusion, finding, word

VINTAGES = {"publication": "at publication", "latest": "on the latest evidence"}
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its place in the site, its template and the values that fill it."""

    path: str
    template: str
    title: str
    context: Mapping[str, Any]
    jsonld: Mapping[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The way from this page to the site's folder."""
        return "../" * self.path.count("/")


def badge(code: str, rule: str = "") -> dict[str, str]:
    """A verdict as a page shows it: its code, word and mark, never colour alone."""
    return {"code": code, "word": word(code, rule), "marker": VERDICTS[code].marker}


def verdict_line(side: Mapping[str, Any] | None) -> str:
    """A claim's verdicts and estimate before or after a change, in a line.

    >>> verdict = {"publication": {"code": "SUPPORTED"}, "latest": {"code": "CONTRADICTED"}}
    >>> verdict_line({"verdict": verdict, "estimate": {"value": 75.78, "unit": "t"}})
    'supported, latest contradicted; 75.78 t'
    >>> verdict_line(None)
    'not listed'
    """
    if side is None:
        return "not listed"
    head, latest = (badge(side["verdict"][name]["code"])["word"] for name in VINTAGES)
    estimate = side.get("estimate") or {}
    value = "" if estimate.get("value") is None else f"; {number(estimate['value'])}"
    unit = f" {estimate['unit']}" if value and estimate.get("unit") else ""
    return f"{head}{'' if head == latest else f', latest {latest}'}{value}{unit}"


def cards(material: Material) -> list[dict[str, Any]]:
    """Every claim in a few words, in the article's order."""
    return [_card(material, claim) for claim in material.register.claims.values()]


def _card(material: Material, claim: Claim) -> dict[str, Any]:
    entry = material.entries[claim.id]
    head, latest = (entry["verdict"][vintage] for vintage in VINTAGES)
    rules = [entry["detail"].get(vintage, {}).get("rule", "") for vintage in VINTAGES]
    return {
        "id": claim.id,
        "title": claim.title,
        "statement": claim.statement,
        "section": claim.section,
        "locator": claim.locator,
        "type": claim.type,
        "verdict": badge(head["code"], rules[0]),
        "latest": badge(latest["code"], rules[1]),
        "moved": head["code"] != latest["code"],
        "certainty": certainty(head["certainty"]),
        "finding": finding(entry),
        "failed": material.failures.get(claim.id),
        "figure": entry.get("figure") and material.figure(f"{claim.id}.svg").exists(),
    }


def tally(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many claims have each verdict, the most frequent first."""
    counts = Counter(card["verdict"]["code"] for card in shown)
    return [
        {**badge(code), "count": n}
        for code, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))
    ]


def claim_page(material: Material, claim: Claim, around: tuple[str, str]) -> Page:
    """The page of one claim; `around` names the claims before and after it."""
    entry, trials = material.entries[claim.id], material.trials(claim.id)
    authors = material.publisher.authors if material.publisher else ()
    context = {
        "claim": claim,
        "card": _card(material, claim),
        "conclusion": conclusion(entry),
        "failed": material.failures.get(claim.id),
        "entry": entry,
        "around": around,
        "section": material.register.sections[claim.section],
        "undecided": any(
            entry["verdict"][name]["code"] == "INSUFFICIENT" for name in entry["verdict"]
        ),
        "reason": REASONS.get(claim.reason, ""),
        "flag": FLAGS.get(entry["vintage_flag"], plain(entry["vintage_flag"]).lower()),
        "vintages": list(
            _vintages(
                entry, claim, explorer.scale(trials, claim.literal.name) if claim.testable else ()
            )
        ),
        "figure": _figure(material, claim.id),
        "curve": material.figure(f"{claim.id}-curve.svg").exists(),
        "sources": [
            material.sources[name] for name in entry["sources"] if name in material.sources
        ],
        "rows": _rows(entry["rows"]),
        "explorer": explorer.packed(trials, claim) if trials and trials["trials"] else None,
        "left_out": explorer.left_out(trials) if trials else [],
        "notebook": material.notebook(claim.id).exists(),
        "citation": reference(material.publisher),
    }
    return Page(
        path=f"claims/{claim.id}.html",
        template="claim.html",
        title=f"{claim.id}. {claim.title}",
        context=context,
        jsonld=review(entry, material.register.article, authors=authors) or {},
    )


def _vintages(entry: Entry, claim: Claim, scale: Sequence[str]) -> Iterator[dict[str, Any]]:
    for vintage, label in VINTAGES.items():
        brief, detail = entry["verdict"][vintage], entry["detail"].get(vintage, {})
        grade = detail.get("certainty") or {}
        yield {
            "label": label,
            "verdict": badge(brief["code"], detail.get("rule", "")),
            "rule": WORDS.get(detail.get("rule", ""), ""),
            "certainty": certainty(brief["certainty"]),
            "value": _found(detail, (entry.get("estimate") or {}).get("unit", ""), claim, scale),
            "tags": detail.get("tags", []),
            "reasons": [searched(why, claim.called) for why in detail.get("reasons", [])],
            "graded": [searched(why, claim.called) for why in grade.get("reasons", [])],
            "counterexample": _counterexample(detail.get("nearest_counterexample"), claim, scale),
            "sensitivity": sorted(
                (pair for pair in detail.get("sensitivity", {}).items() if pair[1]),
                key=lambda pair: -pair[1],
            ),
            "pivotal_sources": detail.get("pivotal_sources", []),
        }


def _counterexample(
    found: Entry | None, claim: Claim, scale: Sequence[str]
) -> dict[str, Any] | None:
    """The nearest counterexample in words: which choices change, and the value that they give."""
    if not found:
        return None
    changes = [
        (name, *(chosen(each, claim.grid.get(name, pair), claim.called) for each in pair))
        for name, pair in found["changes"].items()
    ]
    return {**found, "changes": changes, "value": _value(found["value"], claim, scale)}


def _found(detail: Entry, unit: str, claim: Claim, scale: Sequence[str]) -> str:
    if detail.get("value") is None:
        return "none"
    value, low, high = (_value(detail[key], claim, scale) for key in ("value", "low", "high"))
    exact = low == high or "missing" in (low, high)
    within = "" if exact else f" ({low} to {high})"
    return (value if scale else f"{value} {unit}".strip()) + within


def _value(value: float | None, claim: Claim, scale: Sequence[str]) -> str:
    if value is None:
        return "missing"
    return explorer.stage(value, scale, claim) if scale else number(value)


def _figure(material: Material, name: str) -> dict[str, Any] | None:
    data = material.figure(f"{name}.csv")
    if not data.exists() or not material.figure(f"{name}.svg").exists():
        return None
    with data.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    alt = material.entries[name].get("alt") or f"Figure of claim {name}; its data follow."
    return {
        "alt": alt,
        "header": rows[0],
        "rows": rows[1 : 1 + MAX_ROWS],
        "more": len(rows) - 1 - MAX_ROWS,
    }


MAX_ROWS = 40  # rows of a figure's data on the page; the CSV has them all


def _rows(rows: list[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        table, _, line = row.rpartition(":")
        found.setdefault(table, []).append(line)
    return [(table, sorted(lines, key=int)) for table, lines in sorted(found.items())]
