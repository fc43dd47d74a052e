"""The verbs of the short form that compare a number: a level, a ratio, a difference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from analysis.claims.measures import ColumnMeasure, scale
from analysis.claims.sentence import (
    Draft,
    Parameters,
    Sentence,
    ShortFormError,
    conditions,
    named_measure,
    recipe,
    subject,
)
from analysis.formatting import is_percent
from analysis.methods.comparisons import COMPARISONS, Bound

if TYPE_CHECKING:
    from analysis.yamlfile import Path_

NUMBERS = {
    "at": f"is {COMPARISONS['equals'].words}",
    **{name: f"is {COMPARISONS[name].words}" for name in get_args(Bound)},
    "rounds_to": COMPARISONS["rounds_to"].words,
    "about": "is",
}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_ABOUT = re.compile(
    rf"(?P<number>-?{_NUMBER})\s*(?:\+-|±)\s*(?P<margin>{_NUMBER})\s*(?P<percent>%?)"
)


def compared(sentence: Sentence) -> Draft:
    """A level, with `per` a ratio, with `minus` a difference, against the stated number."""
    above = recipe(sentence, sentence.measure, sentence.where)
    if "rounding" in sentence.entry:
        above["rounding"] = sentence.entry["rounding"]
    measure: Parameters = {"terms": [above]}
    unit, factor, divisor = sentence.measure.unit, 1.0, ""
    origins: Mapping[Path_, Path_] = {}
    if "minus" in sentence.entry:
        other, where, origins = _other(sentence, "minus", ("measures", 0, "terms", 1))
        measure["terms"].append(_subtracted(sentence, other, where))
        _tell_apart(above, measure["terms"][1])
        divisor = f"less {subject(other, where)}"
        unit = "percentage points" if is_percent(unit) else unit
    if "per" in sentence.entry:
        other, where, origins = _other(sentence, "per", ("measures", 0, "over", 0))
        measure["over"] = [{**recipe(sentence, other, where), **_reduced(sentence, "per")}]
        _tell_apart(above, measure["over"][0])
        divisor = f"divided by {subject(other, where)}"
        same = unit == other.unit
        unit = "times" if same else f"{unit} per {other.unit}"
        if same and sentence.entry.get("unit") == "percent":
            unit, factor = "percent", 100.0
    unit, factor = _in_stated_unit(sentence, unit, factor)
    if factor != 1:
        measure["scale"] = factor
    comparison = _comparison(sentence)
    verb: Path_ = (sentence.verb,)
    rows: Path_ = ("where",) if sentence.where else ("measure",)
    return Draft(
        method="level",
        type="level",
        parameters={**comparison, "unit": unit, "measures": [measure]},
        predicate=f"{_number_words(sentence, comparison)} {unit}",
        divisor=divisor,
        origins={
            **{(key,): verb for key in comparison},
            ("unit",): ("unit",) if "unit" in sentence.entry else ("measure",),
            ("measures",): ("measure",),
            ("measures", 0, "terms", 0): rows,
            ("measures", 0, "terms", 0, "where"): rows,
            ("measures", 0, "terms", 0, "editions"): ("editions",),
            **origins,
        },
    )


def _other(
    sentence: Sentence, word: str, part: Path_
) -> tuple[ColumnMeasure, Mapping[str, Any], dict[Path_, Path_]]:
    """The measure and the conditions that `per` or `minus` means, and where each is written."""
    per = sentence.entry[word]
    conditions_at: Path_ = (*part, "where")
    named: Mapping[str, Any] = {"measure": per} if isinstance(per, str) else per
    if not {"measure", "where"} & set(named):
        raise ShortFormError((word,), "name a `measure` or conditions (`where`)")
    own, inherited_where = named.get("where", {}), dict(sentence.where)
    key: Path_ = (word,) if isinstance(per, str) else (word, "measure")
    measure = sentence.measure
    if "measure" in named:
        measure = named_measure(named["measure"], key, sentence.measures)
    if measure.table != sentence.measure.table:  # a column that this one lacks cannot be meant
        meant = measure.columns | (inherited_where.keys() - sentence.measure.columns)
        inherited_where = {each: v for each, v in inherited_where.items() if each in meant}
    where = {each: v for each, v in {**inherited_where, **own}.items() if v is not None}
    origins: dict[Path_, Path_] = {part: (word,), conditions_at: ("where",)}
    origins |= {(*conditions_at, each): (word, "where", each) for each in own}
    return measure, where, origins


def _subtracted(sentence: Sentence, other: ColumnMeasure, where: Mapping[str, Any]) -> Parameters:
    """The term that `minus` means."""
    if "per" in sentence.entry:
        raise ShortFormError(("minus",), "'minus' cannot stand beside 'per': use the long form")
    if other.unit != sentence.measure.unit:
        units = f"{sentence.measure.unit!r} less {other.unit!r}"
        raise ShortFormError(("minus",), f"{units} cannot be meant: both need the same unit")
    return {**recipe(sentence, other, where), **_reduced(sentence, "minus"), "scale": -1}


def _reduced(sentence: Sentence, word: str) -> Parameters:
    """What of several rows counts where `per` or `minus` says so itself."""
    own = sentence.entry[word]
    return {"reduce": own["reduce"]} if isinstance(own, Mapping) and "reduce" in own else {}


def _tell_apart(above: Parameters, beneath: Parameters) -> None:
    """Name the two sides of a ratio by the conditions in which they differ, else by columns."""
    if above["value"] != beneath["value"]:
        return
    for term, other in ((above, beneath), (beneath, above)):
        own = {key: v for key, v in term["where"].items() if v != other["where"].get(key)}
        if own:
            term["part"] = conditions(own, names=False)


def _in_stated_unit(sentence: Sentence, unit: str, factor: float) -> tuple[str, float]:
    """The unit of the sentence, and what a measured number is multiplied by to be in it."""
    given = sentence.where.get("unit")
    measured = given if isinstance(given, str) and "per" not in sentence.entry else unit
    stated: str = sentence.entry.get("unit", measured)
    if not stated:
        raise ShortFormError(
            ("measure",), f"the catalog has no unit of {sentence.measure}: give `unit`"
        )
    if not measured:
        return stated, factor
    found = scale(measured, stated)
    if found is None:
        message = f"{stated!r} is not the unit of {sentence.measure}, which is in {measured!r}"
        raise ShortFormError(("unit",), message)
    return stated, factor * found


def _comparison(sentence: Sentence) -> Parameters:
    """The stated number as parameters of a comparison."""
    if sentence.verb == "about":
        return _about(sentence)
    claimed: float = sentence.stated
    if sentence.verb != "rounds_to":
        comparison = "equals" if sentence.verb == "at" else sentence.verb
        return {"claimed": claimed, "comparison": comparison}
    whole = int(claimed) if float(claimed).is_integer() else claimed
    precision = last_digit(sentence.digits)
    return {"claimed": whole, "comparison": "rounds_to", "precision": precision}


def last_digit(number: str) -> float:
    """The size of the last digit of a number as it is written.

    >>> last_digit("3"), last_digit("3.0"), last_digit("1.0e3")
    (1.0, 0.1, 100.0)
    """
    digits, _, exponent = number.lower().partition("e")
    decimals = len(digits.partition(".")[2])
    return float(f"1e{int(exponent or 0) - decimals}")


def _about(sentence: Sentence) -> Parameters:
    found = _ABOUT.fullmatch(sentence.stated.strip())
    if not found:
        message = f"{sentence.stated!r}: expected a number and a margin, e.g. 8.5 +- 10%"
        raise ShortFormError(("about",), message)
    number, margin = float(found["number"]), float(found["margin"])
    if not margin or (found["percent"] and not number):
        message = "a margin of 0 admits nothing that is measured: write `at` or `rounds_to`"
        raise ShortFormError(("about",), message)
    key = "precision_pct" if found["percent"] else "precision"
    return {"claimed": number, "comparison": "within", key: margin}


def _number_words(sentence: Sentence, comparison: Parameters) -> str:
    words = NUMBERS[sentence.verb]
    if sentence.verb != "about":
        return f"{words} {sentence.digits}"
    claimed, share = comparison["claimed"], comparison.get("precision_pct")
    margin = abs(claimed) * share / 100 if share else comparison["precision"]
    return f"{words} {claimed:g} ± {margin:g}"
