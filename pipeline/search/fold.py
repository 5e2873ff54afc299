"""Variants of writing made one: full and half width, simplified and traditional, upper and lower case, quotes, and marks between characters.

Every variant of a character becomes one character, so that offsets hold. Marks that only keep words of a list or a name apart (、 ·) are left out between
characters, so that 双随机、一公开 is 双随机一公开; between two digits they stay, because 1、2 is not 12. A comma stays too: what stands on both its sides are two clauses,
and 推动发展，改革创新 has nothing of 发展改革.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MARKS = "、·"
_BETWEEN = re.compile(f"(?<![0-9])[{MARKS}]|[{MARKS}](?![0-9])")
_ALIKE = {"・": "·", "•": "·", "‧": "·", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u3000": " "}
_ALIKE |= dict.fromkeys("\0\1\2\3\uffff", "\ufffd")  # an index uses these for itself


def fold(text: str) -> tuple[str, Sequence[int]]:
    """A text without differences of writing, and the place of each of its characters in the text as it stands.

    >>> fold("双随机、一公开")[0], list(fold("Ａ、b")[1])
    ('双随机一公开', [0, 2])
    >>> fold("聽證、１、２條")[0]
    '听证1、2条'
    """
    plain = flat(text)
    left_out = [match.start() for match in _BETWEEN.finditer(plain)]
    if not left_out:
        return plain, range(len(plain))
    offsets: list[int] = []
    for begin, end in zip([-1, *left_out], [*left_out, len(plain)], strict=True):
        offsets += range(begin + 1, end)
    return _BETWEEN.sub("", plain), offsets


def flat(text: str) -> str:
    """A text with every character folded on its own; its offsets are those of the text.

    >>> flat("《行政複議法》（ＡＢ）")
    '《行政复议法》(ab)'
    """
    return text.translate(_table())


def edges(phrase: str) -> tuple[str, str, str]:
    """A folded phrase as the marks before its first character, the characters, and the marks behind the last; all of it is first where it is marks only.

    The marks at its ends stand between no characters of it, so they are looked for as they stand.

    >>> edges("·双随机、一公开、")
    ('·', '双随机一公开', '、')
    >>> edges("、")
    ('、', '', '')
    """
    plain = flat(phrase)
    core = plain.strip(MARKS)
    if not core:
        return plain, "", ""
    begin = plain.index(core)
    return plain[:begin], _BETWEEN.sub("", core), plain[begin + len(core) :]


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """What every character that changes becomes."""
    table = {ord(one): other for one, other in _simplified().items()} | {ord(one): other for one, other in _ALIKE.items()}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x530), *range(0x1E00, 0x2000), *range(0xFF01, 0xFFEF)):
        plain = unicodedata.normalize("NFKC", chr(code)) if code > 0xFF00 else chr(code)
        plain = _ALIKE.get(plain.lower(), plain.lower())
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    return table


def _simplified() -> dict[str, str]:
    """Traditional characters that are none in simplified text, with their simplified form: the table of OpenCC."""
    found = find_spec("opencc")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the package opencc-python-reimplemented is missing; install Fazhi again")
    path = Path(found.submodule_search_locations[0]) / "dictionary" / "TSCharacters.txt"
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    table = {row[0]: row[1] for row in rows if row[0] not in row[1:] and max(row[0] + row[1]) <= "\uffff" and len(row[0] + row[1]) == 2}
    return {one: table.get(other, other) for one, other in table.items()}


@lru_cache(maxsize=1)
def codes() -> NDArray[np.uint16]:
    """What every UTF-16 code unit becomes, as an array."""
    import numpy as np

    made = np.arange(1 << 16, dtype=np.uint16)
    for code, plain in _table().items():
        made[code] = ord(plain)
    return made


@lru_cache(maxsize=1)
def version() -> str:
    """Names the content of the table; two indexes folded by the same one agree."""
    content = "".join(f"{code:x}{plain}" for code, plain in sorted(_table().items())) + MARKS
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:8]
