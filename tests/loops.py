"""Asynchronous work in a thread of its own: the browser of other tests has a loop in this one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

Found = TypeVar("Found")


def run_in_loop(work: Callable[[], Awaitable[Found]], *, seconds: float = 120.0) -> Found:
    """Do some work in a loop of its own, for so long at most."""

    async def bounded() -> Found:
        with anyio.fail_after(seconds):
            return await work()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, bounded).result()
