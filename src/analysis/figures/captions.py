"""Choices, claims and sources in the words of a figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.formatting import Days, bounds, days, number, plain
from analysis.methods.estimate import interval_of
from analysis.verdicts.sweep import PUBLICATION

if TYPE_CHECKING:
    from analysis.methods.estimate import Criterion
    from analysis.verdicts.sweep import Trial

Namer = Callable[[str], str]
MIN_CLEAR_LETTERS = 4  # letters: a shorter value is shown with the name of its choice
GENERIC_VALUES = {"none", "other", "start", "lowest", "highest", "majority", "median", "reported"}
PUNCTUATION = re.compile(r"[{}\[\]\"]|(?<![A-Za-z])'|'(?![A-Za-z])")  # but not an apostrophe
SLUG = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
MAX_LISTED_ITEMS = 2  # of a list that a label names, where it has more than one beside
MAX_FAMILIES = 5  # source families that a source line names


def asserted(criterion: Criterion, unit: str = "") -> str:
    """The values that the claim admits, in words.

    >>> from analysis.methods.estimate import Criterion
    >>> asserted(Criterion(comparison="rounds_to", threshold=1.6, precision=0.1), "percent")
    '1.6 percent (1.55 to 1.65)'
    """
    threshold = number(criterion.threshold)
    low, high, *_ = criterion.region()
    if criterion.rule.precise:
        return f"{threshold} {unit}".strip() + bounds(low, high)
    return f"{criterion.rule.words} {threshold} {unit}".strip()


def chosen(value: Any, options: Sequence[Any], call: Namer = plain) -> str:
    """One alternative of a choice, by its difference from the others; `call` names a slug.

    >>> chosen({"id": "x", "place": "port"}, [{"id": "x", "place": "port"}, {"id": "x"}])
    'place port'
    >>> chosen({"id": "x"}, [{"id": "x", "place": "port"}, {"id": "x"}])
    'any place'
    """
    if isinstance(value, Mapping):
        others = [option for option in options if isinstance(option, Mapping)]
        return _distinct(value, others, call)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return _list([chosen(item, (), call) for item in value])
    if value is None or value == "":
        return "not stated"
    return number(value) if isinstance(value, (int, float)) else call(str(value))


def _distinct(value: Mapping[str, Any], options: Sequence[Mapping[str, Any]], call: Namer) -> str:
    names = dict.fromkeys(name for option in (value, *options) for name in option)
    parts = []
    for name in names:
        if len(options) > 1 and len({str(option.get(name)) for option in options}) == 1:
            continue  # all alternatives have it in common
        if name not in value:
            parts.append(f"any {call(name)}")
            continue
        parts.append(_own(name, value[name], [option.get(name) for option in options], call))
    return ", ".join(parts) or "all"


def _own(name: str, value: Any, others: Sequence[Any], call: Namer) -> str:
    """The items of one alternative that not all alternatives list."""
    shared = _common(others)
    own = [item for item in _listed(value) if item not in shared]
    if own:
        return f"{'also' if shared else call(name)} {chosen(own, (), call)}"
    return f"only {chosen(shared[:1], (), call)}" if len(shared) == 1 else "only what all have"


def _list(items: Sequence[str]) -> str:
    """The items, the last ones counted where there are many."""
    more = len(items) - MAX_LISTED_ITEMS
    shown = [*items[:MAX_LISTED_ITEMS], f"{more} more"] if more > 1 else items
    return ", ".join(shown) or "none"


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _common(values: Sequence[Any]) -> Sequence[Any]:
    """The items that all alternatives list; none if there are fewer than two alternatives."""
    if len(values) <= 1:
        return []
    first, *others = map(_listed, values)
    return [item for item in first if all(item in other for other in others)]


def choices(
    picked: Mapping[str, Any], options: Mapping[str, Sequence[Any]], call: Namer = plain
) -> str:
    """A combination of choices as a label; `options` has the choices that matter here.

    >>> choices({"reporter": "Norland", "coder": "a"}, {"reporter": [], "coder": []})
    'Norland, coder a'
    """
    parts = []
    for name, alternatives in options.items():
        value = picked.get(name)
        text = chosen(value, alternatives, call)
        self_explanatory = isinstance(value, Mapping) or (
            isinstance(value, str)
            and len(value) >= MIN_CLEAR_LETTERS
            and value not in GENERIC_VALUES
        )
        parts.append(text if self_explanatory else f"{call(name)} {text}")
    return ", ".join(parts)


def undecided(trials: Sequence[Trial]) -> str:
    """How many ways of counting leave so much open that it decides between pass and fail."""
    tried = [trial for trial in trials if trial.outcome is not None]
    between = [
        trial
        for trial in tried
        if len(set(map(trial.pass_criterion.admits, interval_of(trial.estimate)))) > 1
    ]
    if not between or len(tried) == 1:
        return ""
    return (
        f" {len(between)} of {len(tried)} ways of counting decide nothing: with what they leave "
        "open, the result may lie on either side of what is needed."
    )


def sources(
    families: Iterable[str],
    vintage: str,
    latest: Days | None = None,
    *,
    call: Namer = plain,
) -> str:
    """The source line: whose data, of which vintage, and the latest day in them.

    >>> from datetime import date
    >>> sources(["b_c", "a"], "latest", (date(2024, 9, 1), date(2024, 9, 30)))
    'Sources: a, b c. Latest evidence, last date Sep 2024.'
    """
    names = sorted({call(family) for family in families if family}, key=str.casefold)
    more = len(names) - MAX_FAMILIES
    if more > 1:
        names = [*names[:MAX_FAMILIES], f"{more} more"]
    whose = f"Sources: {', '.join(names)}. " if names else "Sources: none. "
    vintage_text = "Evidence known at publication" if vintage == PUBLICATION else "Latest evidence"
    return (
        f"{whose}{vintage_text}, last date {days(latest)}." if latest else f"{whose}{vintage_text}."
    )


def searched(note: str, call: Namer = plain) -> str:
    """A note without the punctuation of Python values; `call` names a slug.

    >>> searched("no row of d/e where {'event_id': ['a', 'b']}")
    'no row of d/e where event id: a, b'
    >>> searched("no row for Norland's exports")
    "no row for Norland's exports"
    """
    bare = SLUG.sub(lambda found: call(found[0]), PUNCTUATION.sub("", note))
    return " ".join(bare.split())
