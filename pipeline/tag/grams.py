"""Character n-grams of many texts at once, hashed in numpy.

Every character is folded first: full-width marks to half-width, all digits to ``0`` and runs of them to one, capitals to small letters,
white space away. A text is bounded by two marks of its own, so that n-grams also tell how a sentence begins and ends.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Ids = NDArray[np.int64]

_BEGIN, _END, _GONE, _DIGIT = 2, 3, 0, ord("0")
_MULTIPLY, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
#: Texts are worked on in blocks of about so many characters, which stay in the processor's cache.
BLOCK = 1 << 16


@lru_cache
def _folding() -> Codes:
    """What every code point of the basic plane becomes; 0 for white space and control characters."""
    table = np.arange(0x10000, dtype=np.uint32)
    for pair in ("「“", "」”", "『‘", "』’", "〈《", "〉》", "〔(", "〕)", "【[", "】]", "—-", "–-", "－-", "．."):
        table[ord(pair[0])] = ord(pair[1])
    for code in range(0xFF01, 0xFF5F):
        table[code] = code - 0xFEE0
    for code in range(0x10000):
        char = chr(code)
        if char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}:
            table[code] = _GONE
        elif "0" <= chr(table[code]) <= "9":
            table[code] = _DIGIT
        elif "A" <= chr(table[code]) <= "Z":
            table[code] += 32
    return table


def characters(texts: Sequence[str]) -> tuple[Codes, Ids]:
    """The folded characters of all texts in one array, and where each text begins in it, with the end of the last.

    >>> codes, starts = characters(["办件１２3 件", ""])
    >>> "".join(map(chr, codes)), starts.tolist()
    ('\\x02办件0件\\x03\\x02\\x03', [0, 6, 8])
    """
    joined = "".join(texts)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = np.where(raw < 0x10000, _folding()[np.minimum(raw, 0xFFFF)], raw)
    ends = np.cumsum(lengths)
    begins = ends - lengths
    keep = folded != _GONE
    keep[1:] &= (folded[1:] != _DIGIT) | (folded[:-1] != _DIGIT)
    inner = begins[(lengths > 0)]
    keep[inner] = folded[inner] != _GONE
    counted = np.concatenate(([0], np.cumsum(keep)))
    kept = counted[ends] - counted[begins]
    starts = np.concatenate(([0], np.cumsum(kept + 2)))
    codes = np.empty(starts[-1], dtype=np.uint32)
    codes[starts[:-1]] = _BEGIN
    codes[starts[1:] - 1] = _END
    inside = np.ones(len(codes), dtype=bool)
    inside[starts[:-1]] = inside[starts[1:] - 1] = False
    codes[inside] = folded[keep]
    return codes, starts


def hashes(codes: Codes, starts: Ids, longest: int, bits: int) -> Iterator[NDArray[np.int64]]:
    """Yield for every length from 1 to ``longest`` the slot in ``[1, 2**bits)`` of the n-gram at each character.

    The slot is 0 where the n-gram would reach over the end of its text.
    """
    state = np.zeros(len(codes), dtype=np.uint32)
    ends = starts[1:]
    shift = np.uint32(32 - bits)
    spread = codes * _MIX
    for length in range(1, longest + 1):
        state = state[: len(codes) - length + 1] * _MULTIPLY + spread[length - 1 :]
        state ^= state >> np.uint32(15)
        mixed = state * _MIX
        mixed ^= mixed >> np.uint32(13)
        slots = np.zeros(len(codes), dtype=np.int64)
        slots[: len(mixed)] = np.maximum(mixed >> shift, 1)
        for back in range(1, length):
            slots[np.maximum(ends - back, 0)] = 0
        yield slots


def blocks(texts: Sequence[str]) -> Iterator[slice]:
    """Slices of the texts of about :data:`BLOCK` characters each."""
    begin, size = 0, 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= BLOCK:
            yield slice(begin, i + 1)
            begin, size = i + 1, 0
    if begin < len(texts):
        yield slice(begin, len(texts))
