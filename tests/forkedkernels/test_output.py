# ruff: noqa: E501 - cells in one line
"""What a notebook says is kept: however much, however fast, and up to its kernel's end."""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import nbformat
import papermill
import pytest
from kernelbooks import texts
from nbclient import NotebookClient
from nbclient import client as ordinary
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import papermill_engines

from forkedkernels import client, engine, manager, protocol
from forkedkernels.notebook import join_streams

papermill_engines.register(engine.NAME, engine.PromptEngine)
PLACES = pytest.mark.parametrize("place", ["cold", "warm"])


@pytest.fixture
def address(place, running, monkeypatch):
    if place == "warm":
        monkeypatch.setenv(protocol.ADDRESS_VARIABLE, running)
    return running if place == "warm" else ""


def notebook(folder, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(made, folder / "in.ipynb")
    return folder / "in.ipynb"


def numbers(book):
    return [int(word) for text in texts(book) for word in text.split()]


# ---------------------------------------------------------------- nothing is dropped

STOPPED = """\
import os, papermill, sys
from papermill.engines import papermill_engines
from forkedkernels import engine
os.environ["CLIENT"] = str(os.getpid())
papermill_engines.register(engine.NAME, engine.PromptEngine)
papermill.execute_notebook(*sys.argv[1:], engine_name=engine.NAME, progress_bar=False)
"""
CHATTY = """\
import os, signal
client = int(os.environ["CLIENT"])
os.kill(client, signal.SIGSTOP)
for i in range(2500):
    print(i, flush=True)
os.kill(client, signal.SIGCONT)
"""


@PLACES
def test_what_is_said_while_the_client_cannot_listen_is_kept(address, tmp_path):  # noqa: ARG001
    """ZeroMQ's bounds are of a thousand messages on either side, and it drops in silence."""
    command = [sys.executable, "-c", STOPPED, notebook(tmp_path, CHATTY), tmp_path / "out.ipynb"]
    subprocess.run(command, check=True, capture_output=True)
    book = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert numbers(book) == list(range(2500))


@pytest.mark.slow
@PLACES
def test_twenty_thousand_flushed_lines_are_kept_four_at_a_time(address, tmp_path):  # noqa: ARG001
    source = notebook(tmp_path, "for i in range(20_000):\n    print(i, flush=True)")
    command = [sys.executable, "-c", STOPPED, source]
    runs = [subprocess.Popen([*command, tmp_path / f"{n}.ipynb"], stderr=-3) for n in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    for n in range(4):
        book = nbformat.read(tmp_path / f"{n}.ipynb", as_version=4)
        assert numbers(book) == list(range(20_000))


# ---------------------------------------------------------------- a slow client


class Slow(NotebookClient):
    """A client that takes longer with a message than a kernel."""

    def process_message(self, *arguments):
        time.sleep(0.02)
        return super().process_message(*arguments)


def slowly(cell, folder, **options):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    options = {"kernel_name": "python3", "kernel_manager_class": manager.PromptManager} | options
    reading = Slow(book, resources={"metadata": {"path": str(folder)}}, **options)
    with suppress(DeadKernelError):
        reading.execute()
    return book


def test_a_client_that_is_slower_than_the_kernel_is_waited_for(tmp_path):
    cell = "for i in range(100):\n    print(i, flush=True)"
    book = slowly(cell, tmp_path, iopub_timeout=1, raise_on_iopub_timeout=True)
    assert numbers(book) == list(range(100))


@PLACES
def test_what_a_kernel_said_before_its_crash_is_read_to_its_end(address, tmp_path):  # noqa: ARG001
    cell = "import os, time\nfor i in range(150):\n    print(i, flush=True)\ntime.sleep(0.2)\nos._exit(1)"
    book = slowly(cell, tmp_path)
    assert numbers(book) == list(range(150))


class Said:
    """A socket that has these messages, then nothing."""

    def __init__(self, *messages):
        self.messages = list(messages)

    async def get(self):
        if self.messages:
            return self.messages.pop(0)
        return await asyncio.sleep(60)


def status(request, state="idle"):
    return {"content": {"execution_state": state}, "parent_header": {"msg_id": request}}


async def _waits(messages, *, reading):
    """How an output channel with these messages waits for the end of request 1."""
    channel = object.__new__(client.OutputChannel)
    said = Said(*messages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client.AsyncZMQSocketChannel, "__init__", lambda *_: None)
        patch.setattr(client.AsyncZMQSocketChannel, "get_msg", lambda *_, **__: said.get())
        patch.setattr(client, "OUTPUT_GAP", 0.05)
        channel.__init__()

        async def read():
            while True:
                await channel.get_msg()

        reader = asyncio.create_task(read()) if reading else None
        await asyncio.sleep(0)
        await asyncio.wait_for(channel.wait_for_output("1"), 5)
        if reader:
            reader.cancel()
    return len(said.messages)


@pytest.mark.parametrize(
    ("messages", "reading", "left"),
    [
        ([status("0"), status("1")], True, 0),
        ([status("1")], False, 1),
        ([status("1", "busy")], True, 0),
    ],
    ids=["to its end", "nobody reads", "no end comes"],
)
def test_a_reply_is_held_back_only_as_long_as_output_comes(messages, reading, left):
    assert asyncio.run(_waits(messages, reading=reading)) == left


# ---------------------------------------------------------------- as the ordinary engine

BOOKS = {
    "chatty": "for i in range(300):\n    print(i, flush=True)",
    "logging": "import logging\nlogging.basicConfig(level=logging.INFO, format='%(message)s')\n"
    "for i in range(300):\n    logging.info(i)",
    "both streams": "import sys\nfor i in range(50):\n    print(i, file=[sys.stdout, sys.stderr][i % 2])",
    "long line": "print(list(range(1500)))",
    "carriage returns": "for i in range(20):\n    print(f'\\r{i} of 20', end='', flush=True)\nprint('\\r\\n', 1)",
    "backspaces": "print('ab\\b\\bcd')",
    "displays": "from IPython.display import display\nfor i in range(30):\n    display(i)\n    print(i)",
    "cleared": "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)",
    "an error": "print('before', flush=True)\n1 / 0",
    "a last word": "import os, time\nprint('last word', flush=True)\ntime.sleep(0.1)\nos._exit(3)",
    "a killed kernel": "import os, time\nprint('last word', flush=True)\ntime.sleep(0.1)\nos.kill(os.getpid(), 9)",
    "time-out": "import time\nprint('begun', flush=True)\ntime.sleep(60)",
}
TIMEOUT = 2.5


def papermilled(cell, folder, name):
    """The outputs of a cell, and the name of what went wrong."""
    error, out = "", folder / "out.ipynb"
    limit = TIMEOUT if name else round(TIMEOUT)  # the ordinary one takes whole seconds only
    try:
        papermill.execute_notebook(
            notebook(folder, "1", cell),
            out,
            engine_name=name,
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=limit if "sleep(60)" in cell else None,
            coalesce_streams=True,
        )
    except Exception as raised:  # noqa: BLE001 - it is what is compared
        error = type(raised).__name__
    cells = [c for c in json.loads(out.read_text())["cells"] if "".join(c["source"]) == cell]
    return [cell["outputs"] for cell in cells], error


def scrubbed(value):
    return re.sub(r"ipykernel_\d+/\d+|line \d+", "<>", str(value))


@pytest.mark.slow
@PLACES
@pytest.mark.parametrize("book", BOOKS)
def test_the_outputs_are_those_of_the_ordinary_engine(book, address, tmp_path):  # noqa: ARG001
    found = papermilled(BOOKS[book], tmp_path, engine.NAME)
    assert scrubbed(found) == ordinarily(book)
    assert found[0][0]


@cache
def ordinarily(book):
    """What the ordinary engine makes of it, once for both places."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.delenv(protocol.ADDRESS_VARIABLE, raising=False)
        return scrubbed(papermilled(BOOKS[book], Path(folder), None))


def said(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def test_streams_are_joined_as_nbclient_joins_them():
    chance = random.Random(1)
    for _ in range(3000):
        text = "".join(chance.choices("ab\r\n\b", k=12))
        (stream,) = join_streams([said(part) for part in text])
        assert stream["text"] == ordinary._RGX_CARRIAGERETURN.sub("", text)


@pytest.mark.timeout(20)  # with nbclient's pattern it takes hours
def test_a_line_of_a_million_letters_is_joined_at_once():
    (stream,) = join_streams([said("x" * 1_000_000)])
    assert len(stream["text"]) == 1_000_000


# ---------------------------------------------------------------- the cell that failed

IGNORANT = """\
import time
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""
DEATHS = {
    "exit": ("import os; os._exit(3)", DeadKernelError),
    "kill": ("import os; os.kill(os.getpid(), 9)", DeadKernelError),
    "time-out": ("import time; time.sleep(60)", CellTimeoutError),
    "ignored time-out": (IGNORANT, CellTimeoutError),
}


@pytest.mark.parametrize("death", DEATHS)
def test_the_cell_that_ends_a_notebook_is_marked(death, warm, tmp_path):  # noqa: ARG001
    cell, error = DEATHS[death]
    source, out = notebook(tmp_path, "1", cell, "2"), tmp_path / "out.ipynb"
    with pytest.raises(error):
        papermill.execute_notebook(
            source, out, engine_name=engine.NAME, progress_bar=False, execution_timeout=1.5
        )
    book = nbformat.read(out, as_version=4)
    marks = [cell["metadata"]["papermill"]["status"] for cell in book.cells]
    assert marks == ["completed", "failed", "pending"]
    assert book["metadata"]["papermill"]["exception"] is True
