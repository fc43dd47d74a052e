"""Nothing passes from one forked kernel to another."""

from __future__ import annotations

STAIN = """\
import builtins, atexit, decimal, locale, logging, os, random, signal, sys, warnings
import matplotlib, numpy as np, pandas as pd
variable = builtins.stain = pd.stain = 1
matplotlib.rcParams["lines.linewidth"] = 17
pd.set_option("display.max_rows", 3)
np.set_printoptions(precision=1)
random.seed(1); np.random.seed(1)
os.environ["STAIN"] = "1"
os.chdir("/")
sys.path.append("/stain")
decimal.getcontext().prec = 3
signal.signal(signal.SIGTERM, signal.SIG_IGN)
logging.root.setLevel("DEBUG")
warnings.simplefilter("ignore")
file = open(os.devnull)
matplotlib.rcParamsDefault["lines.linewidth"] = 18
"""
LOOK = """\
import builtins, decimal, logging, os, signal, sys, warnings
import matplotlib, numpy as np, pandas as pd
[
    "variable" in globals(), hasattr(builtins, "stain"), hasattr(pd, "stain"),
    matplotlib.rcParams["lines.linewidth"], matplotlib.rcParamsDefault["lines.linewidth"],
    pd.get_option("display.max_rows"), np.get_printoptions()["precision"],
    "STAIN" in os.environ, os.getcwd() == "/", "/stain" in sys.path, decimal.getcontext().prec,
    signal.getsignal(signal.SIGTERM) is signal.SIG_IGN, logging.root.level,
    len(warnings.filters) > 0 and warnings.filters[0] == ("ignore", None, Warning, None, 0),
]
"""
CLEAN = "[False, False, False, 1.5, 1.5, 60, 8, False, False, False, 28, False, 30, False]"
PROVENANCE = "import os; print(os.getpid(), os.getppid())"


def test_no_state_passes_from_one_notebook_to_the_next(ask, warm):  # noqa: ARG001
    assert ask(LOOK)[0].split() == CLEAN.split()
    ask(STAIN)
    assert ask(LOOK)[0].split() == CLEAN.split()


def test_each_kernel_has_a_process_and_random_numbers_of_its_own(ask, warm):  # noqa: ARG001
    draw = "import random, numpy, uuid\nrandom.random(), numpy.random.rand(), uuid.uuid4()"
    first, second = (ask(PROVENANCE, draw) for _ in range(2))
    (pid, parent), (other, same) = first[0].split(), second[0].split()
    assert pid != other
    assert parent == same
    numbers = [said.strip("()").split(", ") for said in (first[1], second[1])]
    assert not set(numbers[0]) & set(numbers[1])


def test_the_modules_are_there_already(ask, warm):  # noqa: ARG001
    assert ask("import sys; 'pandas' in sys.modules") == ["True"]
    assert ask("import sys; 'matplotlib_inline.backend_inline' in sys.modules") == ["False"]
