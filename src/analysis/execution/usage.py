"""The usage of a kernel: processor time, peak memory, exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Usage:
    """Filled in when the kernel has ended; None where the system does not report it."""

    cpu: float | None = None
    peak: int | None = None  # bytes
    code: int | None = None  # of its end; negative: the signal that killed it


def measuring_manager(usage: Usage) -> type[Any]:
    """A kernel manager that writes the usage of its kernel into `usage`.

    Its kernel is that of this interpreter, whatever is registered under the name at home.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from traitlets import default

    from forkedkernels.manager import PromptManager
    from forkedkernels.provisioner import ForkedProvisioner

    class Measured(PromptManager):
        """One manager, one kernel."""

        @default("kernel_spec_manager")
        def _own_interpreter(self) -> KernelSpecManager:
            return KernelSpecManager(kernel_dirs=[])

        async def _async_cleanup_resources(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
            if isinstance(self.provisioner, ForkedProvisioner) and not restart:
                self.provisioner.record_end()
                measurement, usage.code = self.provisioner.usage, self.provisioner.returncode
                usage.cpu, usage.peak = measurement.get("seconds"), measurement.get("bytes")
            await super()._async_cleanup_resources(restart=restart)

        cleanup_resources = _async_cleanup_resources

    return Measured
