"""Every code that a page may show has words, and no word is of a code that is gone."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

from analysis.claims import forms, model, registry
from analysis.data.sources import GRADES
from analysis.methods import METHODS, method
from analysis.project import Project
from analysis.site import words

ROOT = Path(__file__).parents[2]


def test_every_kind_of_error_of_source_and_of_claim_has_words():
    assert set(words.TAGS) == set(model.TAGS)
    assert set(words.QUALITIES) == set(GRADES)
    types = get_type_hints(forms.ClaimForm, include_extras=False)["type"]
    assert set(words.TYPES) == set(get_args(types))


def test_every_choice_of_this_audit_is_defined_and_every_definition_is_of_a_parameter():
    register = registry.read(Project(ROOT))
    used = {name for claim in register.claims.values() for name in claim.grid}
    assert used <= {*words.CHOICES, *register.choices}
    assert set(register.choices) <= used
    parameters = {field.name for name in METHODS for field in fields(method(name))}
    assert set(words.CHOICES) <= parameters
