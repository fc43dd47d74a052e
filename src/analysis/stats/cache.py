"""Caches for results that many trials of a sweep need."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from analysis.data.evidence import Evidence
    from analysis.data.tables import Table

Value = TypeVar("Value")
Parameters = ParamSpec("Parameters")
_CACHES: WeakKeyDictionary[Evidence | Table, dict[Hashable, Any]] = WeakKeyDictionary()

MEMOIZED_RESULTS = 128  # results that `memoized` keeps for each function


def cached(
    evidence: Evidence, key: Hashable, compute: Callable[[], Value], tables: Sequence[str] = ()
) -> Value:
    """The result of `compute`, called once for each evidence and key.

    The key must contain everything that `compute` depends on besides the evidence. With `tables`,
    the only ones that it reads, any other cut of the evidence that has the same ones shares the
    result. The result must never be changed and must not refer to the evidence or its first
    table, with which it is discarded. Evidence without a hash, such as a plain mapping, may change:
    nothing is cached for it.
    """
    if not isinstance(evidence, Hashable):
        return compute()
    keeper, *others = map(evidence.table, tables) if tables else [evidence]
    cache: dict[Hashable, Value] = _CACHES.setdefault(keeper, {})
    key = (key, *others) if others else key
    if key not in cache:
        cache[key] = compute()
    return cache[key]


def memoized(function: Callable[Parameters, Value]) -> Callable[Parameters, Value]:
    """Cache the latest results of a pure function of arrays and plain values.

    The result must never be changed.
    """

    @lru_cache(maxsize=MEMOIZED_RESULTS)
    def lookup(call: _Call) -> Value:
        return function(*call.args, **call.kwargs)

    @wraps(function)
    def wrapper(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Value:
        key = (*map(_content, args), *((n, _content(kwargs[n])) for n in sorted(kwargs)))
        return lookup(_Call(key, args, kwargs))

    return wrapper


@dataclass(frozen=True, slots=True)
class _Call:
    """The arguments of a call, compared by content."""

    key: tuple[Hashable, ...]
    args: tuple[Any, ...] = field(compare=False)
    kwargs: Mapping[str, Any] = field(compare=False)


def _content(value: Any) -> Hashable:
    if hasattr(value, "tobytes"):
        return value.dtype.str, value.shape, value.tobytes()
    return type(value), value
