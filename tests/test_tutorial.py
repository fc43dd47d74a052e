"""Each block of commands of the tutorial is run, one after another, with the output below it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BASH = shutil.which("bash") or "bash"
TUTORIAL = ROOT / "docs" / "adding.md"
BLOCK = re.compile(r"^```(?P<kind>sh|text)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
# A block that fails anywhere fails; the next one begins in the folder where this one ended.
SCRIPT = 'set -e -o pipefail; cd "$(cat "$PLACE")"; {}\npwd > "$PLACE"'


def blocks(text: str) -> list[tuple[str, str]]:
    """Each block of commands with the output that is shown below it."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.finditer(text):
        if block["kind"] == "sh":
            found.append((block["body"], ""))
        else:
            found[-1] = (found[-1][0], block["body"])
    return found


def missing(shown: str, printed: str) -> str:
    """The first shown line that is not printed behind those before it; a line may go on."""
    lines = iter(printed.splitlines())
    for line in filter(lambda line: line != "...", shown.splitlines()):
        if not any(line.strip() in each for each in lines):
            return line
    return ""


@pytest.mark.slow
def test_what_the_tutorial_shows_happens(tmp_path):
    place = tmp_path / ".place"
    (tmp_path / "work").mkdir()
    place.write_text(str(tmp_path / "work"))
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = os.environ | {"PLACE": str(place), "PATH": paths, "COLUMNS": "100"}
    environ.pop("CLAIMS_PROJECT", None)
    for commands, shown in blocks(TUTORIAL.read_text(encoding="utf-8")):
        done = subprocess.run(
            [BASH, "-c", SCRIPT.format(commands)],
            env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        assert missing(shown, done.stdout) == "", f"{commands}\n{done.stdout}"


def test_an_output_that_is_not_as_shown_is_found():
    assert missing("a\n...\nc\n", "a 1\nb\nc\n") == ""
    assert missing("c\na\n", "a\nc\n") == "a"
    assert blocks("```sh\nls\n```\n\n```text\na\n```\n```yaml\nx: 1\n```\n") == [("ls\n", "a\n")]
