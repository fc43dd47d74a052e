"""Who dies with whom, and what is left behind: nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from kernelbooks import gone, stat

from forkedkernels import protocol, provisioner
from forkedkernels.fork_server import start_fork_server
from forkedkernels.manager import PromptManager

SLEEPER = (
    "import os, subprocess\nprint(os.getpid(), subprocess.Popen(['sleep', '600']).pid, flush=True)"
)
CLIENT = f"""\
import asyncio, os, sys, time
from forkedkernels.manager import PromptManager
async def main():
    manager = PromptManager(kernel_name="python3")
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(30)
    def told(msg):
        if msg["msg_type"] == "stream":
            print(msg["content"]["text"], end="", flush=True)
    await client.execute_interactive({SLEEPER!r}, output_hook=told)
    await asyncio.sleep(600)
"""
OWNER = """\
from forkedkernels.fork_server import start_fork_server
with start_fork_server() as address:
    os.environ["FORKED_KERNELS"] = address
    print(address, flush=True)
    asyncio.run(main())
"""


@contextmanager
def script(text, **environ):
    """A Python process that runs this; killed in the end."""
    with subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, env=os.environ | environ
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process):
    return process.stdout.readline().split()


@pytest.fixture
def own():
    """A fork server that a test may break; without preloads it is there in a second."""
    with start_fork_server() as address:
        yield address


def test_the_death_of_a_client_ends_its_kernel_and_the_kernels_children(running):
    with script(CLIENT + "asyncio.run(main())", **{protocol.ADDRESS_VARIABLE: running}) as client:
        kernel, child = map(int, line(client))
        assert stat(child) == kernel
        client.kill()
        assert gone(kernel, child)


def test_the_death_of_the_owner_ends_the_fork_server_and_its_kernels_and_their_sockets():
    with script(CLIENT + OWNER) as owner:
        (address,), (kernel, child) = line(owner), map(int, line(owner))
        server = stat(kernel)
        assert stat(server) == owner.pid
        assert Path(address).parent.stat().st_mode & 0o777 == 0o700
        owner.kill()
        assert gone(server, kernel, child)
        assert not Path(address).parent.exists()


def test_the_death_of_the_fork_server_ends_its_kernels_and_the_next_is_cold(
    own, ask, caplog, monkeypatch
):
    with script(CLIENT + "asyncio.run(main())", **{protocol.ADDRESS_VARIABLE: own}) as client:
        kernel, child = map(int, line(client))
        os.kill(stat(kernel), signal.SIGKILL)
        assert gone(kernel)
        os.kill(child, signal.SIGKILL)  # as that of a cold kernel, it outlives a killed parent
    monkeypatch.setenv(protocol.ADDRESS_VARIABLE, own)
    monkeypatch.setattr(provisioner, "_logged", set())
    with caplog.at_level("WARNING"):
        for _ in range(2):
            assert ask("import os; os.getppid()") == [str(os.getpid())]
    messages = [record.getMessage() for record in caplog.records if "forked" in record.getMessage()]
    assert len(messages) == 1
    assert "no fork server listens" in messages[0]


def test_an_ended_run_leaves_no_process_and_no_folder(ask, monkeypatch, temporary):
    with start_fork_server() as address:
        monkeypatch.setenv(protocol.ADDRESS_VARIABLE, address)
        kernel, server = map(int, ask("import os; print(os.getpid(), os.getppid())")[0].split())
        assert server != os.getpid()
        assert gone(kernel)
        assert list(Path(address).parent.iterdir()) == [Path(address)]
    assert gone(server)
    assert list(temporary.iterdir()) == []
    monkeypatch.delenv(protocol.ADDRESS_VARIABLE)
    ask("1")
    assert list(temporary.iterdir()) == []


def test_a_fork_server_that_is_not_needed_is_not_waited_for(tmp_path):
    (tmp_path / "sleeper.py").write_text("import time\ntime.sleep(60)\n")
    began = time.perf_counter()
    with start_fork_server(["sleeper"], environ=os.environ | {"PYTHONPATH": str(tmp_path)}):
        pass
    assert time.perf_counter() - began < 9  # else it was waited for, or had to be killed


async def _codes(cells):
    codes = []
    for cell in cells:
        manager = PromptManager(kernel_name="python3")
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(30)
        client.execute(cell)
        process = manager.provisioner.process
        await asyncio.wait_for(manager.provisioner.ended(), 30)
        codes.append(process.returncode)
        assert not await manager.is_alive()
        client.stop_channels()
        await manager.cleanup_resources()
    return codes


def test_how_a_kernel_ended(warm):  # noqa: ARG001
    cells = ["import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"]
    assert asyncio.run(_codes(cells)) == [3, -signal.SIGSEGV]


def test_what_a_notebook_registered_for_its_end_is_done(ask, warm, tmp_path):  # noqa: ARG001
    ask(
        "import atexit, pathlib, threading, time\n"
        "atexit.register(pathlib.Path('atexit').touch)\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), pathlib.Path('thread').touch())).start()"
    )
    assert (tmp_path / "atexit").exists()
    assert (tmp_path / "thread").exists()
