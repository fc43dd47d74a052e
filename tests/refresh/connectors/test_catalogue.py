"""What is said of the connectors, and what asking for their names costs."""

import re
import subprocess
import sys
from pathlib import Path

from analysis.refresh.connectors.registry import CONNECTORS

PAGE = Path(__file__).parents[3] / "docs" / "connectors.md"


def test_the_page_names_every_connector_and_no_other():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == list(CONNECTORS)


def test_a_connector_brings_only_its_own_library():
    code = (
        "import sys; from analysis.refresh.connectors.registry import connector;"
        "connector('delimited');"
        "sys.exit(bool({'pyreadr', 'sdmx', 'bs4'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
