"""What each verb of the short form means: a method and its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analysis.claims.sentence import Draft, Sentence, ShortFormError, recipe
from analysis.claims.short_numbers import NUMBERS, compared
from analysis.data.periods import is_form
from analysis.formatting import plain

MOST_NAMED = 12  # members that a rule names one by one
RANKS = ("rank", "rank_at_most")
KEYS_OF = {  # verbs that a key can stand beside
    "among": RANKS,
    "per": tuple(NUMBERS),
    "minus": tuple(NUMBERS),
    "reduce": tuple(NUMBERS),
    "rounding": tuple(NUMBERS),
    "pooled": RANKS,
    "unit": tuple(NUMBERS),
    "editions": (*NUMBERS, *RANKS, "rose", "fell"),
}


def draft(sentence: Sentence) -> Draft:
    """The method and the parameters of a sentence. Raises ShortFormError."""
    drafts: Mapping[str, Callable[[Sentence], Draft]] = {
        "rank": _ranked,
        "rank_at_most": _ranked,
        "rose": _moved,
        "fell": _moved,
        "happened": _dated,
    }
    for key, verbs in KEYS_OF.items():
        if key in sentence.entry and sentence.verb not in verbs:
            message = f"{key!r} is for: {', '.join(verbs)}, not for {sentence.verb!r}"
            raise ShortFormError((key,), message)
    return drafts.get(sentence.verb, compared)(sentence)


def _ranked(sentence: Sentence) -> Draft:
    """The place of a member in a closed set, counted from values."""
    where, among = dict(sentence.where), sentence.entry.get("among")
    if not among:
        message = "missing key 'among': a column, and the values of it that are ranked"
        raise ShortFormError((sentence.verb,), message)
    ((column, named),) = among.items()
    ranked_years = isinstance(named, Mapping)
    members = [
        str(each) for each in (range(named["min"], named["max"] + 1) if ranked_years else named)
    ]
    member = str(where.pop(column, ""))
    if member not in members:
        message = f"`where` must say which {column} is meant, one of: {', '.join(members)}"
        raise ShortFormError(("where",) if "where" in sentence.entry else ("among",), message)
    part = sentence.measure.column
    ranked = {
        **recipe(sentence, sentence.measure, where),
        "part": part,
        "by": column,
        "members": members,
    }
    exact = sentence.verb == "rank"
    largest = f"{'number' if exact else 'among the first'} {sentence.stated}"
    return Draft(
        method="ranking",
        type="ranking",
        parameters={
            "claimed": sentence.stated,
            "comparison": "equals" if exact else "at_most",
            "pairs": [{"part": member, "of": member}],
            "lists": [ranked],
        },
        predicate=f"is {largest}, from the largest down, of {_members(column, members)}",
        origins={
            ("claimed",): (sentence.verb,),
            ("comparison",): (sentence.verb,),
            ("pairs",): ("where", column),
            ("lists",): ("measure",),
            ("lists", 0): ("where",),
            ("lists", 0, "by"): ("among",),
            ("lists", 0, "members"): ("among", column),
        },
    )


def _members(column: str, members: Sequence[str]) -> str:
    """The members by name; of many the first, the last and how many.

    >>> _members("year", [str(year) for year in range(1975, 2025)])
    'the 50 values of year from 1975 to 2024'
    """
    if len(members) <= MOST_NAMED:
        return ", ".join(members)
    return f"the {len(members)} values of {plain(column)} from {members[0]} to {members[-1]}"


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
    index = {
        **recipe(sentence, measure, sentence.where),
        "index": measure.column,
        "time": measure.time,
        **({"sampled": True} if years.get("sampled") else {}),
    }
    span = f"from {years['since']} to {until}" if until else f"since {years['since']}"
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
        predicate=f"{_movement(sentence)} {span}",
        origins={
            ("indices",): ("measure",),
            ("indices", 0): ("where",) if sentence.where else ("measure",),
            ("indices", 0, "where"): ("where",),
            ("start",): (sentence.verb, "since"),
            ("last_year",): (sentence.verb, "until"),
        },
    )


def _movement(sentence: Sentence) -> str:
    """The verb in words: that of the long form, where `parameters` give another one."""
    rises = sentence.verb == "rose"
    words = {
        "never_falls": f"never {'fell' if rises else 'rose'}",
        "keeps_growing": f"kept {'rising' if rises else 'falling'}",
    }
    return words.get(sentence.entry.get("parameters", {}).get("verb", ""), sentence.verb)


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
