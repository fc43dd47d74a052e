"""The command line in this process, and an audit of four claims to use it on."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from audits import audit
from click.testing import CliRunner

from analysis.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command printed and with which code it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def claims(monkeypatch):
    """Run a command line in this process, on the audit that CLAIMS_PROJECT names."""

    def run(root: Path, line: str) -> Answer:
        monkeypatch.setenv("CLAIMS_PROJECT", str(root))
        result = CliRunner().invoke(main, shlex.split(line), prog_name="claims")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        told = result.stderr.removeprefix(f"audit: {root}\n")  # which has a test of its own
        return Answer(result.return_value or result.exit_code, result.stdout, told)

    return run


@pytest.fixture
def made_up(tmp_path) -> Path:
    """An audit of three claims, one of them of a section of its own and not testable."""
    root = audit(tmp_path / "audit", ["T1", "T2"])
    with (root / "claims.yaml").open("a") as file:
        file.write(UNTESTABLE)
    text = (root / "claims.yaml").read_text()
    (root / "claims.yaml").write_text(text.replace("{T: Things}", "{T: Things, U: Others}"))
    return root


UNTESTABLE = """\
  U1:
    section: U
    locator: p2
    title: Not to be tested
    statement: Something is good.
    type: normative
    checkable: no
    reason: N1
    why: It is a matter of taste.
    remedy: A measure of goodness.
  U2:
    section: U
    locator: p3
    title: To be tested some day
    statement: Something becomes more.
    type: trend
    checkable: yes
    core: It becomes more.
    rule: More every year.
    readings:
      literal: {kind: literal, statement: more}
    method: trend
    tables: [trade/flows]
    pending: The slope will be measured.
"""
