"""Where work runs: joblib's processes on this machine, or whatever backend ``joblib.parallel_config`` names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def stream(function: Callable[[A], B], items: Iterable[A], *, jobs: int) -> Iterator[B]:
    """Yield ``function(item)`` for every item, in the order of the items, computed by ``jobs`` processes.

    The function runs in a worker: it must be pure and picklable, and must return its failures as values, because an exception ends the whole
    batch. With ``jobs=1`` everything runs in this process.

    >>> list(stream(abs, [-1, -2], jobs=1))
    [1, 2]
    """
    if jobs == 1:
        yield from map(function, items)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator", batch_size=1, pre_dispatch="3 * n_jobs")(delayed(function)(item) for item in items)


def sensible_jobs(count: int, wanted: int | None = None) -> int:
    """How many processes to use for ``count`` files: as many as wanted, else one for a few files and all cores for many.

    >>> sensible_jobs(3), sensible_jobs(300, 2)
    (1, 2)
    """
    if wanted is not None:
        return max(1, wanted)
    return 1 if count < 16 else max(1, os.cpu_count() or 1)
