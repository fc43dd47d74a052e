"""What processes share that work together, and what to do where the system does not give it."""

from __future__ import annotations

from multiprocessing.context import BaseContext

from analysis.errors import ExecutionError


def checked(context: BaseContext) -> BaseContext:
    """A way to start processes. Raises ExecutionError if they could share no semaphores."""
    try:
        context.Lock()
    except OSError as error:
        message = f"worker processes share semaphores, and /dev/shm takes none: {error.strerror};"
        raise ExecutionError(
            f"{message} make it a folder with free space that can be written"
        ) from error
    return context
