# ruff: noqa: E501 - cells in one line
"""What a notebook can do at its edges looks the same from a forked kernel as from a cold one."""

from __future__ import annotations

import re

import pytest
from kernelbooks import execute
from nbclient.exceptions import CellTimeoutError, DeadKernelError

EDGES = {
    "traceback": "def f(x):\n    return 1 / x\n\nf(0)",
    "syntax error": "1 +",
    "library traceback": "import pandas as pd\npd.Series([1]).loc[7]",
    "warning": "import warnings\nwarnings.warn('look out')",
    "deprecation": "import warnings\nwarnings.warn('old', DeprecationWarning)",
    "streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)",
    "descriptors": "import os\n_ = os.write(1, b'low level\\n')",
    "shell": "!echo from the shell",
    "script": "%%bash\necho from bash; exit 3",
    "subprocess": "import subprocess, sys\n"
    "subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True).stdout",
    "processes": "import multiprocessing\n"
    "with multiprocessing.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, -2]))",
    "threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [-1, -2])))",
    "await": "import asyncio\nawait asyncio.sleep(0.01, 'waited')",
    "exit": "import sys\nsys.exit(3)",
    "input": "input('name: ')",
    "standard input": "import sys\nsys.__stdin__.read()",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "figure as value": "plt.subplots()[0]",
    "backend": "import matplotlib\nmatplotlib.get_backend(), matplotlib.rcParams['backend']",
    "rcParams": "{k: v for k, v in matplotlib.rcParams.items() if k != 'backend'}",
    "original rcParams": "dict(matplotlib.rcParamsOrig) == dict(matplotlib.rcParams)",
    "pandas options": "pd.describe_option(_print_desc=False).lower()",
    "BLAS": "import numpy as np\na = np.sin(np.arange(250_000).reshape(500, 500))\n(a @ a).sum().hex()",
    "hash": "hash('seed')",
    "environment": "import os\ndict(os.environ)",
    "folder": "os.getcwd()",
    "paths": "sys.path",
    "command": "sys.argv[0], len(sys.argv), sys.flags, __name__",
    "signals": "import signal\n[signal.getsignal(n) for n in (2, 13, 15, 17)]",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL), sys.stdout.encoding",
    "encodings": "[(s.encoding, s.errors) for s in (sys.__stdin__, sys.__stdout__, sys.__stderr__)]",
    "limits": "import resource\nresource.getrlimit(resource.RLIMIT_NOFILE), oct(os.umask(0o22))",
    "session": "os.getsid(0) == os.getpgid(0) == os.getpid()",
    "thread names": "import threading\nthreading.Thread().name",
    "threads alive": "sorted(type(t).__name__ for t in threading.enumerate())",
    "open files": "sorted(p for n in os.listdir('/proc/self/fd') for p in [_link(n)] if p[0] == '/')",
    "history": "In[1][:5], Out.keys() == {}.keys(), _ih[0]",
    "magic": "%pwd",
    "completion": "get_ipython().complete('os.pa')[1][:3]",
    "collector": "import gc\ngc.isenabled(), gc.get_threshold()",
}
LINK = """\
def _link(number):
    import os
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return "-"
"""


@pytest.fixture(scope="module")
def both(running, tmp_path_factory):
    folder = tmp_path_factory.mktemp("edges")
    books = [execute([LINK, *EDGES.values()], folder, address) for address in ("", running)]
    outputs = [[cell.outputs for cell in book.cells[1:]] for book in books]
    return [dict(zip(EDGES, some, strict=True)) for some in outputs]


VOLATILE = (
    (r"/[^\s\"']*/ipykernel_\d+/\d+\.py", "<cell>"),
    (r"\b0x[0-9a-f]{6,16}\b", "0x"),
)


def scrubbed(value):
    text = str(value)
    for pattern, instead in VOLATILE:
        text = re.sub(pattern, instead, text)
    return text


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_is_the_same(both, edge):
    cold, warm = both
    assert scrubbed(warm[edge]) == scrubbed(cold[edge])
    assert cold[edge], "a cell that says nothing compares nothing"


@pytest.mark.parametrize("address", ["cold", "warm"])
@pytest.mark.parametrize(
    "cell", ["import os; os._exit(3)", "import ctypes; ctypes.string_at(0)"], ids=["exit", "crash"]
)
def test_a_kernel_that_dies_is_told(cell, address, running, tmp_path):
    with pytest.raises(DeadKernelError):
        execute([cell], tmp_path, running if address == "warm" else "")


@pytest.mark.parametrize("address", ["cold", "warm"])
def test_a_cell_that_takes_too_long(address, running, tmp_path):
    cells = ["import time\ntry:\n    time.sleep(60)\nfinally:\n    open('left', 'w').close()"]
    with pytest.raises(CellTimeoutError):
        execute(cells, tmp_path, running if address == "warm" else "", timeout=1)
    assert (tmp_path / "left").exists()  # it was interrupted, not killed


@pytest.mark.parametrize("address", ["cold", "warm"])
def test_an_interrupted_cell_and_the_next(address, running, tmp_path):
    cells = ["import time; time.sleep(60)", "print('on')"]
    book = execute(
        cells, tmp_path, running if address == "warm" else "", timeout=1, interrupt_on_timeout=True
    )
    outputs = [output for cell in book.cells for output in cell.outputs]
    assert [output.get("ename", output.get("text")) for output in outputs] == [
        "KeyboardInterrupt",
        "on\n",
    ]
