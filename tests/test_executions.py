"""What processes of one session share is made once, whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import executions
import pytest


def test_those_who_ask_at_once_get_what_one_has_made(tmp_path):
    made = []

    def make(folder):
        folder.mkdir()
        made.append(folder)
        (folder / "product").write_text("whole")

    def ask(_):
        return (executions.once(tmp_path / "shared", make) / "product").read_text()

    with ThreadPoolExecutor(4) as asking:
        assert list(asking.map(ask, range(8))) == ["whole"] * 8
    assert len(made) == 1


def test_what_failed_halfway_is_made_anew(tmp_path):
    def fail(folder):
        folder.mkdir()
        (folder / "half").touch()
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        executions.once(tmp_path / "shared", fail)
    assert not (tmp_path / "shared").exists()
    executions.once(tmp_path / "shared", lambda folder: folder.mkdir())
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_copy_may_be_as_if_one_claim_had_run(tmp_path):
    for name in executions.CLAIMS:
        for product in (f"records/{name}.json", f"figures/{name}-curve.svg"):
            path = tmp_path / "executed" / "build" / product
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    copy = executions.copied(tmp_path / "executed", tmp_path / "copy", only="C2")
    names = sorted(path.name for path in copy.rglob("*.*"))
    assert names == ["C2-curve.svg", "C2.json"]
