"""Run what a document shows: commands, Python and changes of files, in order, against its outputs.

A fenced block of Markdown is run by its language:

    console   each line after `$ ` is a command of a shell; the lines below it are its output
    sh        a script that must succeed; a `text` block below it is its output
    python    code of one program for the whole document; a `text` block below it is its output
    diff      a change of the file that `+++` names

In an output `...` stands for anything, and a duration for any other. A block below a comment
`<!-- not run: why -->` is not run.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

BLOCK = re.compile(
    r"(?P<skip><!-- not run: [^\n]+ -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
DURATION = re.compile(r"\b\d+(\.\d+)? (s|min)\b( \d+ s\b)?")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to run, with the output that the document shows; None if it shows none."""

    language: str
    text: str
    output: str | None = None
    line: int = 0


def steps(path: Path) -> Iterator[Step]:
    """What the document shows, in its order."""
    page = path.read_text(encoding="utf-8")
    found = [block for block in BLOCK.finditer(page) if not block["skip"]]
    for at, block in enumerate(found):
        line = page.count("\n", 0, block.start("text")) + 1
        if block["language"] == "console":
            yield from _commands(block["text"], line)
        elif block["language"] in {"python", "sh"}:
            below = found[at + 1] if at + 1 < len(found) else None
            output = below["text"] if below and below["language"] == "text" else None
            yield Step(language=block["language"], text=block["text"], output=output, line=line)
        elif block["language"] == "diff":
            yield Step(language="diff", text=block["text"], line=line)


def _commands(text: str, line: int) -> Iterator[Step]:
    for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE)[1:]:
        command, _, output = part[2:].partition("\n")
        yield Step(language="console", text=command, output=output, line=line)


def run(path: Path, folder: Path, environ: dict[str, str]) -> int:
    """Run the document in a folder; an AssertionError names its line. The number of steps."""
    with figures_apart():
        return _run(path, folder, environ)


def _run(path: Path, folder: Path, environ: dict[str, str]) -> int:
    names: dict[str, object] = {}
    here, shown = folder, list(steps(path))
    for step in shown:
        if step.language == "diff":
            change(folder, step.text)
            continue
        if step.language == "python":
            with contextlib.chdir(here):
                got = evaluated(step.text, names)
        else:
            got, here = _in_shell(step, here, environ)
        place = f"{path.name}, line {step.line}: {step.text.strip().splitlines()[0]}"
        assert step.output is None or alike(step.output, got), f"{place}\n{got}"
    return len(shown)


def _in_shell(step: Step, here: Path, environ: dict[str, str]) -> tuple[str, Path]:
    """What a command prints, and the folder in which the next one stands."""
    told = here / ".shell-folder"
    strict = "set -e -o pipefail" if step.language == "sh" else ""
    done = subprocess.run(
        ["bash", "-c", f"trap 'pwd >{told}' EXIT\n{strict}\n{step.text}"],  # noqa: S607 - any bash
        cwd=here,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert not strict or done.returncode == 0, f"line {step.line}: {step.text}\n{done.stdout}"
    moved = Path(told.read_text().strip())
    told.unlink()
    return done.stdout, moved


@contextlib.contextmanager
def figures_apart() -> Iterator[None]:
    """An AssertionError if one figure is saved under two names: the second holds the first's marks.

    The program begins and ends without open figures, as one of its own would.
    """
    saved: dict[Figure, object] = {}
    save = Figure.savefig

    def recorded(figure: Figure, name: object, *rest: object, **given: object) -> None:
        first = saved.setdefault(figure, name)
        assert first == name, f"{name} is drawn onto the axes of {first}: begin with plt.figure()"
        save(figure, name, *rest, **given)

    plt.close("all")
    with mock.patch.object(Figure, "savefig", recorded):
        yield
    plt.close("all")


def evaluated(code: str, names: dict[str, object]) -> str:
    """What code prints, and its last expression as a console shows it."""
    *lines, last = ast.parse(code).body
    shown = isinstance(last, ast.Expr)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        body = lines if shown else [*lines, last]
        exec(compile(ast.Module(body, type_ignores=[]), "document", "exec"), names)  # noqa: S102
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "document", "eval"), names)  # noqa: S307
            if value is not None:
                print(value)  # noqa: T201 - into `out`
    return out.getvalue()


def alike(shown: str, got: str) -> bool:
    """Whether an output is the one that is shown.

    >>> alike("C2  SUPPORTED  3.8 s\\n...\\ndone", "C2  SUPPORTED  12 s\\nmore\\ndone\\n")
    True
    >>> alike("C2  SUPPORTED", "C2  CONTRADICTED")
    False
    """
    want, found = (DURATION.sub("# s", text.strip()) for text in (shown, got))
    return doctest.OutputChecker().check_output(f"{want}\n", f"{found}\n", FLAGS)


def change(folder: Path, diff: str) -> None:
    """Change the file that a diff names; its old lines must stand there once."""
    name = re.search(r"^\+\+\+ (?:b/)?(\S+)$", diff, re.MULTILINE)
    assert name, diff
    lines = [line for line in diff.splitlines() if not line.startswith(("+++", "---", "@@"))]
    old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    path = folder / name[1]
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name[1]} has this {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
