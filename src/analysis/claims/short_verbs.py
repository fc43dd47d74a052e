"""What each verb of the short form means: a method and its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.claims.sentence import Draft, Sentence, ShortFormError, recipe
from analysis.claims.short_numbers import NUMBERS, compared
from analysis.data.periods import is_form


def draft(sentence: Sentence) -> Draft:
    """The method and the parameters of a sentence. Raises ShortFormError."""
    drafts: Mapping[str, Callable[[Sentence], Draft]] = {
        "rank_at_most": _ranked,
        "rose": _moved,
        "fell": _moved,
        "happened": _dated,
    }
    for key, verbs in {"among": ("rank_at_most",), "per": NUMBERS, "unit": NUMBERS}.items():
        if key in sentence.entry and sentence.verb not in verbs:
            message = f"{key!r} is for: {', '.join(verbs)}, not for {sentence.verb!r}"
            raise ShortFormError((key,), message)
    return drafts.get(sentence.verb, compared)(sentence)


def _ranked(sentence: Sentence) -> Draft:
    """The place of a member among those that a column tells apart, counted from values."""
    entry, where = sentence.entry, dict(sentence.where)
    column = entry.get("among")
    if not column:
        message = "missing key 'among': the column that tells apart what is ranked"
        raise ShortFormError((sentence.verb,), message)
    member = where.pop(column, None)
    if not isinstance(member, str):
        message = f"`where` must say which {column} is meant, e.g. `{column}: NAME`"
        raise ShortFormError(("where",) if "where" in entry else ("among",), message)
    counted = {**recipe(sentence.measure, where), "part": sentence.measure.column, "by": column}
    return Draft(
        method="ranking",
        type="ranking",
        parameters={
            "claimed": sentence.stated,
            "pairs": [{"part": member, "of": member}],
            "lists": [counted],
        },
        predicate=f"is among the {sentence.stated} largest by {column}",
        origins={
            ("claimed",): (sentence.verb,),
            ("pairs",): ("where", column),
            ("lists",): ("measure",),
            ("lists", 0, "by"): ("among",),
            ("lists", 0, "where"): ("where",),
        },
    )


def _moved(sentence: Sentence) -> Draft:
    """A yearly series that is higher, or lower, at its end."""
    measure, years = sentence.measure, sentence.stated
    if not measure.time:
        raise ShortFormError(("measure",), f"the catalog has no `time` of {measure.table}")
    if measure.time in sentence.where:
        message = f"{sentence.verb!r} reads all years: leave {measure.time!r} out of `where`"
        raise ShortFormError(("where", measure.time), message)
    until = years.get("until")
    if until is not None and until <= years["since"]:
        raise ShortFormError((sentence.verb, "until"), "must be after `since`")
    index = {**recipe(measure, sentence.where), "index": measure.column, "time": measure.time}
    end = f" to {until}" if until else ""
    return Draft(
        method="trend",
        type="trend",
        parameters={
            "verb": "has_grown",
            "direction": "rise" if sentence.verb == "rose" else "fall",
            "start": years["since"],
            **({"last_year": until} if until else {}),
            "indices": [index],
        },
        predicate=f"{sentence.verb} from {years['since']}{end}",
        origins={
            ("indices",): ("measure",),
            ("indices", 0, "where"): ("where",),
            ("start",): (sentence.verb, "since"),
            ("last_year",): (sentence.verb, "until"),
        },
    )


def _dated(sentence: Sentence) -> Draft:
    """The day of an event against the stated one."""
    stated, measure = str(sentence.stated), sentence.measure
    ends = stated.split("/", 1)
    if not is_form("period", stated) or not all(is_form("partial_date", each) for each in ends):
        message = f"{stated!r} is no date: expected YYYY, YYYY-MM, YYYY-MM-DD, or two with '/'"
        raise ShortFormError((sentence.verb,), message)
    places = {"table": measure.table, "start": measure.column, "end": measure.column}
    columns = places if "measure" in sentence.entry else {}
    return Draft(
        method="timeline",
        type="event",
        parameters={"where": dict(sentence.where), "claimed_from": stated, **columns},
        predicate=f"is {stated.replace('/', ' to ')}",
        origins={("where",): ("where",), **{(key,): ("measure",) for key in columns}},
    )
