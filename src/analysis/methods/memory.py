"""What was read once from the same evidence: the trials of a sweep ask for it over and over."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from analysis.evidence import Evidence

Value = TypeVar("Value")
_READ: WeakKeyDictionary[Evidence, dict[Hashable, Any]] = WeakKeyDictionary()


def once(evidence: Evidence, key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` returns, called only the first time that this evidence sees this key.

    The key must say all that `read` depends on besides the evidence; what it returns must never be
    changed, and must not hold the evidence, with which it is forgotten. Evidence without a hash,
    such as a mere mapping, may change: it is read anew each time.
    """
    if not isinstance(evidence, Hashable):
        return read()
    known = _READ.setdefault(evidence, {})
    if key not in known:
        known[key] = read()
    return known[key]
