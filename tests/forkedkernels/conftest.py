"""One fork server for the session."""

from __future__ import annotations

import pytest
from kernelbooks import execute, texts

from forkedkernels import protocol
from forkedkernels.fork_server import start_fork_server

PRELOAD = ("pandas", "matplotlib.pyplot", "forkedkernels.warmup:matplotlib")
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


@pytest.fixture(scope="session", autouse=True)
def environment():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        for name in (protocol.ADDRESS_VARIABLE, "JUPYTER_DEFAULT_PROVISIONER_NAME", "MPLBACKEND"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def running(environment):  # noqa: ARG001 - its kernels must agree with it
    with start_fork_server(PRELOAD) as address:
        yield address


@pytest.fixture
def warm(running, monkeypatch):
    """Kernels of this test are forked."""
    monkeypatch.setenv(protocol.ADDRESS_VARIABLE, running)
    return running


@pytest.fixture
def ask(tmp_path):
    """Execute cells, and tell what each has said."""
    return lambda *cells, **options: texts(execute(cells, tmp_path, **options))
