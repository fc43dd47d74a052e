"""`python -m analysis` is the command `claims`."""

import sys

from analysis.cli import main

sys.exit(main(prog_name="claims"))
