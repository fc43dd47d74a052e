import subprocess
import sys

import pytest


@pytest.mark.parametrize("heavy", ["pandas", "numpy", "pandera"])
def test_planning_and_hashing_import_nothing_heavy(heavy):
    """The rooms that `claims plan`, `why` and `--help` pass through."""
    light = "errors, marks, shapes, project, periods, catalog, cells, sources, corrections, seals"
    code = f"import sys; from analysis import {light}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
