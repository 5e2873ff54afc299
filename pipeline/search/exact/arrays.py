"""Named arrays in one file: written whole, then mapped into memory and never changed."""

from __future__ import annotations

import itertools
import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_MAGIC = b"fazhi\x01\r\n"
_EDGE = 64


class Damaged(Exception):  # never leaves this package: what is damaged is made anew
    """A file of the index is not what was written."""


def write(path: Path, arrays: Mapping[str, Array]) -> int:
    """Write arrays to a new file and see it safely to the disk; returns its size in bytes."""
    heads, at = {}, 0
    for name, array in arrays.items():
        heads[name] = (array.dtype.str, len(array), at)
        at += _padded(array.nbytes)
    head = json.dumps(heads).encode("ascii")
    begin = _padded(len(_MAGIC) + 16 + len(head))
    with path.open("wb") as file:
        file.write((_MAGIC + len(head).to_bytes(8, "little") + (begin + at).to_bytes(8, "little") + head).ljust(begin, b"\0"))
        for array in arrays.values():
            np.ascontiguousarray(array).tofile(file)
            file.write(b"\0" * (_padded(array.nbytes) - array.nbytes))
        file.flush()
        os.fsync(file.fileno())
    return begin + at


def read(path: Path) -> dict[str, Array]:
    """The arrays of a file, mapped and read-only.

    Raises
    ------
    Damaged
        Where the file is missing, cut off or something else.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as exc:
        raise Damaged(path.name) from exc
    size, whole = int.from_bytes(mapped[8:16], "little"), int.from_bytes(mapped[16:24], "little")
    if mapped[:8] != _MAGIC or whole != len(mapped) or size > whole:
        raise Damaged(path.name)
    try:
        begin = _padded(24 + size)
        heads = json.loads(mapped[24 : 24 + size])
        return {name: np.frombuffer(mapped, dtype, count, begin + at) for name, (dtype, count, at) in heads.items()}
    except (ValueError, TypeError, AttributeError) as exc:
        raise Damaged(path.name) from exc


def _padded(size: int) -> int:
    return -(-size // _EDGE) * _EDGE


def pack(texts: list[str]) -> dict[str, Array]:
    """A list of texts as two arrays: their UTF-8 bytes, and where each ends."""
    data = [text.encode("utf-8", "surrogatepass") for text in texts]
    return {"bytes": np.frombuffer(b"".join(data), np.uint8), "ends": np.cumsum([len(one) for one in data], dtype=np.int64)}


def unpack(data: Array, ends: Array) -> list[str]:
    """The texts that :func:`pack` took.

    >>> unpack(*pack(["复议", ""]).values())
    ['复议', '']
    """
    whole, begins = data.tobytes(), [0, *ends.tolist()]
    return [whole[begin:end].decode("utf-8", "surrogatepass") for begin, end in itertools.pairwise(begins)]
