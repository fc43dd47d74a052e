"""Every page of the site: which there are, and what each shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.exports import bibtex
from analysis.exports.citation import reference
from analysis.formatting import quantity
from analysis.site import article, documents, glossary, notebooks, prose, search, words
from analysis.site.cards import UNTESTED, answer, cards, groups, tally
from analysis.site.claims import claim_page
from analysis.site.context import Material
from analysis.site.page import Page
from analysis.site.tables import data_page, table_pages
from analysis.site.words import VINTAGES
from analysis.verdicts.certainty import LEVELS
from analysis.verdicts.wording import WORDS, certainty


def pages(material: Material) -> Iterator[Page]:
    """Every page of the site."""
    yield _overview(material)
    yield article.page(material)
    yield from _claims(material)
    yield from table_pages(material)
    yield data_page(material)
    yield _page(
        "method.html",
        "prose.html",
        "Method",
        {"body": prose.rendered(words.in_words(material.document("docs/method.md")))},
    )
    yield glossary.page(material)
    deviations = {"deviations": material.register.deviations}
    yield _page("deviations.html", "deviations.html", "Deviations", deviations)
    yield _page("cite.html", "cite.html", "How to cite", _cited(material))
    yield _page("changes.html", "changes.html", "Changes", {"history": material.history()})
    yield search.page(material)
    yield from documents.pages(material)
    yield _page("404.html", "404.html", "Page not found", {})


def _page(path: str, template: str, title: str, context: Mapping[str, Any]) -> Page:
    return Page(path=path, template=template, title=title, context=context)


def _overview(material: Material) -> Page:
    shown = cards(material)
    codes = [each["verdict"]["code"] for each in shown]
    levels = [certainty(level) for _, level in sorted(LEVELS.items(), reverse=True)]
    found = {each["certainty"] for each in shown}
    context = {
        "answer": answer(shown),
        "cards": shown,
        "tally": tally(shown),
        "groups": list(groups(shown)),
        "sections": material.register.sections,
        "untested": sum(code in UNTESTED for code in codes),
        "certainties": [each for each in (*levels, certainty(None)) if each in found],
    }
    return Page(
        path="index.html",
        template="overview.html",
        title=answer(shown),
        description=f"{answer(shown)}: an audit of “{material.register.article.title}”.",
        context=context,
    )


def _claims(material: Material) -> Iterator[Page]:
    names = list(material.register.claims)
    for before, name, after in zip(["", *names], names, [*names[1:], ""], strict=False):
        yield claim_page(material, material.register.claims[name], (before, after))
        if material.notebook(name).exists():
            context = {
                "name": name,
                "body": notebooks.body(material.notebook(name), material.pieces),
            }
            yield _page(f"notebooks/{name}.html", "notebook.html", f"Notebook of {name}", context)


def _cited(material: Material) -> dict[str, Any]:
    by = material.publisher
    return {"citation": reference(by), "bibtex": bibtex.audit(by) if by else ""}


def verdict_line(side: Mapping[str, Any] | None) -> str:
    """A claim's verdicts and estimate before or after a change, in a line.

    >>> verdict = {"publication": {"code": "SUPPORTED", "certainty": "LOW"}}
    >>> verdict |= {"latest": {"code": "CONTRADICTED", "certainty": "LOW"}}
    >>> verdict_line({"verdict": verdict, "estimate": {"value": 75.78, "unit": "t"}})
    'supported, certainty low; latest contradicted, certainty low; 75.78 t'
    >>> verdict_line(None)
    'not listed'
    """
    if side is None:
        return "not listed"
    head, latest = (_graded(side["verdict"][name]) for name in VINTAGES)
    shown = _measured(side.get("estimate") or {})
    return f"{head}{'' if head == latest else f'; latest {latest}'}{shown}"


def _measured(estimate: Mapping[str, Any]) -> str:
    """The value of an estimate after a semicolon; the number of a stage says nothing."""
    value = estimate.get("value")
    if value is None or estimate["unit"] == "rung":
        return ""
    return f"; {quantity(value, value, value, estimate['unit'])}"


def _graded(verdict: Mapping[str, Any]) -> str:
    grade = verdict.get("certainty")
    return WORDS[verdict["code"]] + (f", certainty {certainty(grade)}" if grade else "")


def moved(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """What moved between two states of a claim: the coarsest that did.

    >>> one, two = ({"verdict": {"latest": {"code": "SUPPORTED", "certainty": grade}}}
    ...             for grade in ("LOW", "HIGH"))
    >>> moved(one, two), moved(None, one), moved(one, one)
    ('certainty', 'claim', 'estimate')
    """
    if before is None or after is None:
        return "claim"
    for key, called in (("code", "verdict"), ("certainty", "certainty")):
        if any(
            found.get(key) != after["verdict"].get(vintage, {}).get(key)
            for vintage, found in before["verdict"].items()
        ):
            return called
    return "estimate"
