import subprocess
import sys

import pytest

LIGHT = (
    "errors", "formatting", "yamlfile", "project", "data.periods", "data.catalog", "data.csvfile",
    "data.sources", "data.corrections", "data.checksums", "claims.registry", "execution.plan",
    "execution.stale",
)  # fmt: skip


@pytest.mark.parametrize("heavy", ["pandas", "numpy", "pandera"])
def test_planning_and_hashing_import_nothing_heavy(heavy):
    """The modules that `claims plan`, `why` and `--help` import."""
    light = ", ".join(f"analysis.{name}" for name in LIGHT)
    code = f"import sys, {light}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
