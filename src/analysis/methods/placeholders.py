"""Fill the parameters of a method into a recipe: "{period}", and nothing else in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analysis.errors import ParameterError, suggest

PATTERN = re.compile(r"\{([^{}]*)\}")


def fill(value: Any, words: Mapping[str, Any]) -> Any:
    """Replace each "{name}" of a text by the word of that name; other values stay unchanged.

    Raises ParameterError for anything else in braces: unlike str.format, this looks into no object.

    >>> fill("{flow} of {year}", {"flow": "export", "year": 2023}), fill(7, {})
    ('export of 2023', 7)
    """
    if not isinstance(value, str):
        return value
    return PATTERN.sub(lambda found: _word(found[1], value, words), value)


def _word(name: str, text: str, words: Mapping[str, Any]) -> str:
    if name not in words:
        message = f"{{{name}}} in {text!r} names no parameter that a recipe can take here"
        raise ParameterError(f"{message}{suggest(name, words)}; known: {', '.join(words)}")
    return str(words[name])
