import subprocess
import sys

import pytest

LIGHT = (
    "import sys; from analysis import errors, extras, project, yamlfile;"
    " from analysis.data import catalog, checksums, corrections, csvfile, periods, sources;"
)


@pytest.mark.parametrize("heavy", ["pandas", "numpy", "pandera"])
def test_planning_and_hashing_import_nothing_heavy(heavy):
    """The modules that `claims plan`, `why` and `--help` import."""
    code = f"{LIGHT} sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
