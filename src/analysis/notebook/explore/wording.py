"""A finding, and the code behind it, as HTML. Pure."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from analysis.formatting import interval
from analysis.notebook.display.verdicts import reasons
from analysis.notebook.html import folded, outcome, text, verdict

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.notebook.explore.evaluator import Finding

COPY = (
    "var area=this.parentNode.querySelector('textarea');area.select();"
    "document.execCommand('copy');this.textContent='Copied'"
)
AREA = (
    "width:100%;box-sizing:border-box;font-family:monospace;color:inherit;"
    "background:transparent;border:1px solid color-mix(in srgb, currentColor 40%, transparent)"
)


# In command mode Lab takes arrows and letters for its own, even from a list with the focus, unless
# the list itself says that it may not. Widgets have no attributes of their own, so the page is
# asked to set one when the focus comes in; the picture is none, its fault is the only way to ask.
PANEL = "analysis-controls"
KEYS = (
    "if(!window.analysisControls){window.analysisControls=true;"
    "document.addEventListener('focusin',function(event){"
    f"if(event.target.closest('.{PANEL}'))"
    "event.target.setAttribute('data-lm-suppress-shortcuts','true')})}this.remove()"
)


def heading(claim: Claim) -> str:
    """The claim and its rule."""
    return (
        f"<p><strong>{text(claim.id)}. {text(claim.statement)}</strong></p>"
        f"<p><em>Rule:</em> {text(claim.rule)}</p>"
        f'<img alt="" src="data:," onerror="{KEYS}">'
    )


def finding(found: Finding) -> str:
    """Estimate, outcome, verdict and company of a specification."""
    lines = [_measured(found), _judged(found), _company(found)]
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f'<div role="status">{body}</div>{folded("Why this verdict", reasons(found.verdict))}'


def _measured(found: Finding) -> str:
    estimate, result = found.trial.estimate, outcome(found.trial.outcome)
    if estimate.value is None:
        return f"{result} {text(estimate.note)}"
    value = f"<strong>{text(interval(estimate))} {text(estimate.unit)}</strong>"
    return f"{value} {result} The claim asserts: {text(found.trial.pass_criterion)}."


def _judged(found: Finding) -> str:
    grade = found.verdict.certainty
    sure = f", certainty {grade.code.replace('_', ' ').lower()}" if grade else ""
    return f"Verdict if this were the preferred specification: {verdict(found.verdict.code)}{sure}"


def _company(found: Finding) -> str:
    """Whether the specification is registered, and how many of those come out as it does."""
    place = "is one of the registered" if found.registered else "is none of the registered"
    first = f"This specification {place} ones."
    others = "those" if found.registered else "the combinations of choices under your parameters"
    if found.trial.outcome is None:
        return f"{first} {found.tried} of {others} have evidence."
    return (
        f"{first} {found.agree} of {found.tried} of {others}, in this reading and vintage, "
        f"come out the same."
    )


def refused(words: str) -> str:
    """What is shown in place of a finding while the controls say what cannot be computed."""
    return f'<div role="status"><p><strong>Not computed:</strong> {text(words)}</p></div>'


def figure(picture: str, name: str, data: bytes) -> str:
    """The picture, with a link that saves its numbers."""
    href = f"data:text/csv;base64,{base64.b64encode(data).decode()}"
    link = f'<a download="{text(name)}.csv" href="{href}">The numbers of this figure (CSV)</a>'
    return f"{picture}<p>{link}</p>"


def code(script: str, command: str) -> str:
    """The code in a field, with a button that copies it."""
    lines = [*([f"# in a terminal: {command}"] if command else []), script]
    shown = "\n".join(lines)
    rows = shown.count("\n") + 1
    return (
        f'<textarea readonly rows="{rows}" aria-label="Code of this state" style="{AREA}">'
        f'\n{text(shown)}</textarea><button type="button" onclick="{COPY}">Copy the code</button>'
    )
