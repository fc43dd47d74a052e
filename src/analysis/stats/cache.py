"""What was read or computed once: the trials of a sweep ask for the same over and over."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence

Value = TypeVar("Value")
Given = ParamSpec("Given")
_READ: WeakKeyDictionary[Evidence, dict[Hashable, Any]] = WeakKeyDictionary()

LATEST = 128  # results that `remembered` keeps of a function


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


def remembered(function: Callable[Given, Value]) -> Callable[Given, Value]:
    """A pure function of arrays and plain values that remembers its latest results.

    What it returns must never be changed.
    """

    @lru_cache(maxsize=LATEST)
    def known(call: _Call) -> Value:
        return function(*call.given, **call.named)

    @wraps(function)
    def answer(*given: Given.args, **named: Given.kwargs) -> Value:
        key = (*map(_content, given), *((n, _content(named[n])) for n in sorted(named)))
        return known(_Call(key, given, named))

    return answer


@dataclass(frozen=True, slots=True)
class _Call:
    """The arguments of a call, equal where their contents are."""

    key: tuple[Hashable, ...]
    given: tuple[Any, ...] = field(compare=False)
    named: Mapping[str, Any] = field(compare=False)


def _content(value: Any) -> Hashable:
    if hasattr(value, "tobytes"):
        return value.dtype.str, value.shape, value.tobytes()
    return type(value), value
