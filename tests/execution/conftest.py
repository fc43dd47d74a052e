"""What the tests of execution share."""

import pytest

from analysis.execution import kernels


@pytest.fixture(scope="module")
def bare_kernels():
    """Kernels are forked from a process without pandas: four seconds less for notebooks without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "preloads", tuple)
        yield
