from __future__ import annotations

import gc

import numpy as np
from frames import Frames

from analysis.data.evidence import Evidence
from analysis.stats import cache


def test_the_same_is_read_once():
    evidence, calls = Evidence(tables={}), []
    found = [cache.cached(evidence, "key", lambda: calls.append(1) or "read") for _ in range(3)]
    assert found == ["read"] * 3
    assert len(calls) == 1


def test_another_key_or_other_evidence_is_read_for_itself():
    one, other = Evidence(tables={}), Evidence(tables={})
    assert cache.cached(one, "a", lambda: 1) == 1
    assert cache.cached(one, "b", lambda: 2) == 2
    assert cache.cached(other, "a", lambda: 3) == 3


def test_what_may_change_is_read_anew():
    frames = Frames()
    assert [cache.cached(frames, "key", lambda n=n: n) for n in (1, 2)] == [1, 2]


def test_what_was_read_is_forgotten_with_its_evidence():
    evidence = Evidence(tables={})
    cache.cached(evidence, "key", lambda: 1)
    held = len(cache._CACHES)
    del evidence
    gc.collect()
    assert len(cache._CACHES) < held


class Cut:
    """Evidence of these tables."""

    def __init__(self, **tables):
        self.table = tables.__getitem__


def test_cuts_share_what_comes_of_the_same_tables_and_nothing_else():
    class Table:
        pass

    one, two, changed = Table(), Table(), Table()
    cuts = [Cut(a=one, b=two), Cut(a=one, b=changed), Cut(a=changed, b=two), Cut(a=one, b=two)]
    for tables, same in ((("a",), [0, 0, 2, 0]), (("a", "b"), [0, 1, 2, 0]), ((), [0, 1, 2, 3])):
        key = (tables, "key")
        found = [
            cache.cached(cut, key, lambda n=number: n, tables) for number, cut in enumerate(cuts)
        ]
        assert found == same


def test_a_function_of_arrays_remembers_by_what_they_hold():
    calls = []

    @cache.memoized
    def total(values: np.ndarray, *, times: int = 1) -> float:
        calls.append(times)
        return float(values.sum()) * times

    assert [total(np.array([1.0, 2.0])) for _ in range(2)] == [3.0, 3.0]
    assert total(np.array([1.0, 2.0]), times=2) == 6.0
    assert total(np.array([2.0, 2.0])) == 4.0
    assert total(np.array([[1.0], [2.0]])) == 3.0  # another shape is another array
    assert len(calls) == 4
