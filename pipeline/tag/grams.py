"""Character n-grams of many texts at once, hashed in numpy.

Every character is folded first: full-width marks to half-width, quotation marks and brackets to one kind, capitals to small letters, all digits to
``0`` and runs of them to one, white space away. A text is bounded by two marks of its own, so that n-grams also tell how a sentence begins and ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Ids = NDArray[np.int64]

_BEGIN, _END, _GONE, _DIGIT = 2, 3, 0, ord("0")
_PLANE = 0x10000
_MULTIPLY, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_ALIKE = ("「“", "」”", "『‘", "』’", "〈《", "〉》", "〔(", "〕)", "【[", "】]", "—-", "–-")
#: White space, control and format characters, as ranges of code points.
_NOTHING = ((0, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000), (0xFEFF, 0xFEFF))


@lru_cache
def _folding() -> Codes:
    """What every code point of the basic plane becomes; 0 for what is left out."""
    table = np.arange(_PLANE, dtype=np.uint32)
    table[0xFF01:0xFF5F] -= 0xFEE0
    for pair in _ALIKE:
        table[ord(pair[0])] = ord(pair[1])
    for first, last in _NOTHING:
        table[first : last + 1] = _GONE
    table[(table >= ord("0")) & (table <= ord("9"))] = _DIGIT
    table[(table >= ord("A")) & (table <= ord("Z"))] += 32
    return table


def folded(texts: Sequence[str]) -> tuple[Codes, NDArray[np.bool_], Ids]:
    """All characters of the texts one after the other, folded; which of them are kept; and the length of each text."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = _folding()[np.minimum(raw, _PLANE - 1)]
    if raw.size and raw.max() >= _PLANE:
        codes = np.where(raw < _PLANE, codes, raw)
    keep = codes != _GONE
    repeated = (codes[1:] == _DIGIT) & (codes[:-1] == _DIGIT)
    firsts = np.cumsum(lengths)[:-1]
    repeated[firsts[(firsts > 0) & (firsts < len(codes))] - 1] = False
    keep[1:] &= ~repeated
    return codes, keep, lengths


def characters(texts: Sequence[str]) -> tuple[Codes, Ids]:
    """The folded characters of all texts in one array, each text between its marks; where each begins, and the end of the last.

    >>> codes, starts = characters(["办件１２3 件", ""])
    >>> "".join(map(chr, codes)), starts.tolist()
    ('\\x02办件0件\\x03\\x02\\x03', [0, 6, 8])
    """
    codes, keep, lengths = folded(texts)
    ends = np.cumsum(lengths)
    counted = np.concatenate(([0], np.cumsum(keep)))
    kept = counted[ends] - counted[ends - lengths]
    starts = np.concatenate(([0], np.cumsum(kept + 2)))
    out = np.empty(starts[-1], dtype=np.uint32)
    inside = np.ones(len(out), dtype=bool)
    inside[starts[:-1]] = inside[starts[1:] - 1] = False
    out[starts[:-1]] = _BEGIN
    out[starts[1:] - 1] = _END
    out[inside] = codes[keep]
    return out, starts


def hashes(codes: Codes, starts: Ids, longest: int, bits: int) -> Iterator[NDArray[np.uint32]]:
    """Yield for every length from 1 to ``longest`` the slot, in ``[1, 2**bits)``, of the n-gram that begins at each character.

    The slot is 0 where the n-gram would reach over the end of its text.
    """
    spread = codes * _MIX
    state = np.zeros(len(codes), dtype=np.uint32)
    ends, shift = starts[1:], np.uint32(32 - bits)
    for length in range(1, longest + 1):
        state = state[: max(0, len(codes) - length + 1)] * _MULTIPLY
        state += spread[length - 1 :]
        state ^= state >> np.uint32(15)
        mixed = state * _MIX
        mixed ^= mixed >> np.uint32(13)
        mixed >>= shift
        slots = np.zeros(len(codes), dtype=np.uint32)
        np.maximum(mixed, 1, out=slots[: len(mixed)])
        for back in range(1, length):
            slots[np.maximum(ends - back, 0)] = 0
        yield slots
