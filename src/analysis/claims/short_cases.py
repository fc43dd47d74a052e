"""The short form for some choices of the grid: `cases` become one recipe for each combination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from analysis.claims.sentence import Draft, Entry, Sentence, ShortFormError, named_measure
from analysis.claims.short_verbs import draft
from analysis.errors import suggest
from analysis.methods.composition_recipes import RankingChoices
from analysis.methods.level import LEVEL_FACETS
from analysis.methods.measured_series import FACETS as TREND

if TYPE_CHECKING:
    from analysis.yamlfile import Path_

CHOICES = {"level": LEVEL_FACETS, "ranking": tuple(RankingChoices.__annotations__), "trend": TREND}
RECIPES = {"level": "measures", "ranking": "lists", "trend": "indices"}


def draft_of_cases(sentence: Sentence) -> Draft:
    """The method and the parameters of a sentence, with a recipe for each case.

    Raises ShortFormError for a case of a choice that the claim does not have, and for one that
    changes more than which rows are read.
    """
    usual, cases = draft(sentence), sentence.entry.get("cases", ())
    if not cases:
        return usual
    options = dict(_options(sentence, usual.method))
    recipes: list[Mapping[str, Any]] = []
    origins = {key: own for key, own in usual.origins.items() if len(key) < 2}  # noqa: PLR2004
    name = RECIPES[usual.method]
    for choices in map(dict, product(*options.values())):
        met = [i for i, case in enumerate(cases) if _applies(case["for"], choices)]
        own = draft(_changed(sentence, met)) if met else usual
        _same_question(usual, own, name, met)
        (recipe,) = own.parameters[name]
        here: Path_ = (name, len(recipes))
        if met:
            origins[here] = ("cases", met[-1])
        else:
            found = {key: at for key, at in own.origins.items() if key[:2] == (name, 0)}
            origins |= {(*here, *key[2:]): at for key, at in found.items()}
        recipes.append(_for(recipe, choices, usual.method))
    parameters = {**usual.parameters, name: recipes}
    return replace(usual, parameters=parameters, origins=origins)


@dataclass(frozen=True, slots=True)
class _Rest:
    """The options of a choice that no case names."""

    options: tuple[Any, ...]


def _options(sentence: Sentence, method: str) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """For each choice that cases name: each option that they name, and the others together."""
    entry, cases = sentence.entry, sentence.entry["cases"]
    if method not in CHOICES:
        message = f"'cases' are for the methods {', '.join(CHOICES)}, not for {sentence.verb!r}"
        raise ShortFormError(("cases",), message)
    named: dict[str, dict[Any, None]] = {}
    for index, case in enumerate(cases):
        for choice, option in case["for"].items():
            at: Path_ = ("cases", index, "for", choice)
            if choice not in CHOICES[method]:
                known = f"{suggest(choice, CHOICES[method])}; known: {', '.join(CHOICES[method])}"
                raise ShortFormError(at, f"{choice!r} is no choice of rows of {method}{known}")
            if option not in (known_options := _known(entry, choice)):
                hint = suggest(str(option), [str(each) for each in known_options])
                message = f"{option!r} is no option of {choice!r} in `grid` or a reading{hint}"
                raise ShortFormError(at, message)
            named.setdefault(choice, {})[option] = None
    for choice, own in named.items():
        rest = tuple(each for each in _known(entry, choice) if each not in own)
        groups = [*own, *([_Rest(rest)] if rest else [])]
        yield choice, [(choice, group) for group in groups]


def _known(entry: Entry, choice: str) -> list[Any]:
    """All values that the grid, the parameters or a reading give to a choice."""
    readings = [each for each in entry.get("readings", {}).values() if isinstance(each, Mapping)]
    single = [entry, *readings]
    given = [each["parameters"][choice] for each in single if choice in each.get("parameters", {})]
    return list(dict.fromkeys([*entry.get("grid", {}).get(choice, ()), *given]))


def _applies(wanted: Mapping[str, Any], choices: Mapping[str, Any]) -> bool:
    return all(choices[choice] == option for choice, option in wanted.items())


def _changed(sentence: Sentence, met: list[int]) -> Sentence:
    """The sentence with the keys of cases in the place of its own; `where` is merged by column."""
    entry, measure = dict(sentence.entry), sentence.measure
    for index in met:
        case = sentence.entry["cases"][index]
        where = {**entry.get("where", {}), **case.get("where", {})}
        entry |= {**{key: own for key, own in case.items() if key != "for"}, "where": where}
        if "measure" in case:
            key: Path_ = ("cases", index, "measure")
            for word in ("per", "minus"):
                if isinstance(entry.get(word), Mapping) and "measure" not in entry[word]:
                    message = f"of which measure {word!r} is, is open here: say `measure` in it"
                    raise ShortFormError(key, message)
            measure = named_measure(case["measure"], key, sentence.measures)
    return replace(sentence, entry=entry, measure=measure)


def _same_question(usual: Draft, own: Draft, name: str, met: list[int]) -> None:
    """Raise ShortFormError for a case in which something else than the recipe differs."""
    for key, value in own.parameters.items():
        if key != name and value != usual.parameters[key]:
            message = f"a case changes only the rows; here {key!r} would be {value!r}"
            raise ShortFormError(("cases", met[-1]), f"{message}, not {usual.parameters[key]!r}")


def _for(recipe: Mapping[str, Any], choices: Mapping[str, Any], method: str) -> dict[str, Any]:
    """The recipe, for these choices only."""
    own = {
        choice: list(option.options) if isinstance(option, _Rest) else option
        for choice, option in choices.items()
    }
    return {**({"for": own} if method == "ranking" else own), **recipe}
