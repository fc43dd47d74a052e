"""The article as a whole: counts of verdicts, and what they depend on.

Every function takes a results file as `results` writes it, and returns Markdown. There are counts
by verdict and never a score: claims differ in weight, and a verdict is about a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.stats.multiple_testing import q_values
from analysis.verdicts.code_table import ALTERNATIVES, CODES, STANDARD
from analysis.verdicts.sweep import PUBLICATION, VINTAGES
from analysis.verdicts.tally import Results, code, pass_shares, type_counts
from analysis.verdicts.wording import FLAGS, WORDS, Text

if TYPE_CHECKING:
    from analysis.claims.registry import Register

LEVEL = 0.05  # of the tests that are counted; it decides nothing
BANDS = ((0.0, 0.0), (0.0, 0.33), (0.33, 0.67), (0.67, 0.90), (0.90, 1.0))  # (above, up to]


def totals(results: Results) -> Text:
    """How many claims have each verdict at each vintage, and how many moved between them."""
    entries = results["claims"]
    counts = {v: Counter(code(entry, v) for entry in entries) for v in VINTAGES}
    rows = [
        (f"{name}: {WORDS[name]}", *(counts[v][name] for v in VINTAGES))
        for name in CODES
        if any(counts[v][name] for v in VINTAGES)
    ]
    table = _table(("verdict", "at publication", "latest"), rows)
    flags = Counter(entry["vintage_flag"] for entry in entries if _decided(entry))
    counted = ", ".join(f"{flag} {flags[flag]}" for flag in FLAGS if flags[flag])
    return Text(f"{table}\n\nBetween the two vintages, of the claims with a verdict: {counted}.")


def by_type(results: Results, vintage: str = PUBLICATION) -> Text:
    """How the kinds of claims came out."""
    counts = type_counts(results, vintage)
    names = [name for name in CODES if any(found[name] for found in counts.values())]
    rows = [
        (kind, *(found[name] or "" for name in names), sum(found.values()))
        for kind, found in counts.items()
    ]
    return Text(_table(("type", *(WORDS[name] for name in names), "all"), rows))


def robustness(results: Results) -> Text:
    """In which share of the weighted specifications each claim passes, at publication."""
    shares = pass_shares(results)
    rows = []
    for above, most in BANDS:
        inside = [name for name, share in shares.items() if _inside(share, above, most)]
        label = f"{most:.0%}" if above == most else f"over {above:.0%}, up to {most:.0%}"
        rows.append((label, len(inside), ", ".join(inside)))
    total = f"Claims with at least one specification that has evidence: {len(shares)}."
    return Text(f"{_table(('pass', 'claims', 'which'), rows)}\n\n{total}")


def single_source(
    results: Results, vintage: str = PUBLICATION, names: Mapping[str, str] | None = None
) -> Text:
    """The verdicts that would change without one source family, which `names` may name."""
    called = names or {}
    rows = [
        (
            entry["id"],
            code(entry, vintage),
            ", ".join(called.get(each, each) for each in detail.get("pivotal_sources", ())),
        )
        for entry, detail in _details(results, vintage)
        if detail.get("pivotal_sources", ())
    ]
    if not rows:
        return Text("No verdict depends on a single source family.")
    return Text(_table(("claim", "verdict", "would change without any one of"), rows))


def moved(results: Results, vintage: str = PUBLICATION) -> Text:
    """The verdicts that would differ under other thresholds."""
    keys = [str(thresholds) for thresholds in ALTERNATIVES]
    rows = []
    for entry, detail in _details(results, vintage):
        own = code(entry, vintage)
        others = [detail.get("alternatives", {}).get(key, own) for key in keys]
        if set(others) != {own}:
            changed = ("same" if other == own else f"**{other}**" for other in others)
            rows.append((entry["id"], own, *changed))
    if not rows:
        return Text(f"No verdict moves under the thresholds {' or '.join(keys)}.")
    return Text(_table(("claim", f"at {STANDARD}", *(f"at {key}" for key in keys)), rows))


def tests(results: Results, vintage: str = PUBLICATION) -> Text:  # noqa: PT028 - no test
    """The p of each statistical test behind a verdict, and q, as all of them were made.

    Those of the baseline specification; a vote has a test for each index.
    """
    made = [
        (entry["id"], name.replace("_", " "), p)
        for entry, detail in _details(results, vintage)
        for name, p in detail.get("tests", ())
    ]
    if not made:
        return Text("No verdict rests on a statistical test.")
    q = q_values([p for *_, p in made])
    rows = [(*test, f"{p:.3g}", f"{each:.3g}") for (*test, p), each in zip(made, q, strict=True)]
    return Text(f"{_table(('claim', 'test', 'p', 'q'), rows)}\n\n{_discovered(made, q)}")


def _discovered(made: Sequence[tuple[str, str, float]], q: Sequence[float | None]) -> str:
    claims = len({name for name, *_ in made})
    by_p = sum(p < LEVEL for *_, p in made)
    by_q = sum(each is not None and each < LEVEL for each in q)
    return (
        f"{len(made)} tests of {claims} claims. At {LEVEL:g}, {by_p} are rejected by p and {by_q} "
        "by q, the share of false ones that is to be expected among them (Benjamini and "
        "Hochberg). No verdict rests on q, and none on p alone: the effect is held against the "
        "threshold of the claim."
    )


def deviations(register: Register) -> Text:
    """What was changed after the rules were fixed, when, for which claims and why."""
    if not register.deviations:
        return Text("Nothing was changed after the rules were fixed.")
    rows = [
        (each["date"], ", ".join(each["claims"]), each["what"], each["why"])
        for each in register.deviations
    ]
    return Text(_table(("date", "claims", "what", "why"), rows))


def _decided(entry: Mapping[str, Any]) -> bool:
    return code(entry, PUBLICATION) not in ("NOT_TESTABLE", "PENDING")


def _details(
    results: Results, vintage: str
) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The claims that were run, each with what its record says of the vintage."""
    return [
        (entry, entry["detail"][vintage])
        for entry in results["claims"]
        if vintage in entry["detail"]
    ]


def _inside(share: float, above: float, most: float) -> bool:
    return share == most if above == most else above < share <= most


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_one_line(value) for value in line)} |" for line in lines)


def _one_line(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "/")
