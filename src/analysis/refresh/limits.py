"""A timeout for a call that cannot be interrupted."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, act: Callable[[], T]) -> T:
    """The result or exception of `act`; TimeoutError if it takes longer.

    A socket's time-out counts from its last byte, and the reading of headers has no other. So `act`
    runs in a thread, which is left behind when the time is over and ends with the process.
    """
    found: Future[T] = Future()

    def run() -> None:
        try:
            found.set_result(act())
        except BaseException as fault:  # noqa: BLE001 - it is raised where the result is wanted
            found.set_exception(fault)

    Thread(target=run, daemon=True, name="claims-fetch").start()
    return found.result(timeout=seconds)
