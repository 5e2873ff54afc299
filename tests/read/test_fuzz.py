"""Mangled files: whatever is done to a file, reading it gives a text or a ReadError, soon and within memory."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.data import Report
from pipeline.errors import ReadError
from pipeline.read import read
from pipeline.structure import parse
from tests.read.files import LINES, TEXT, TITLE, TRADITIONAL, abstract, article, docx, html, num, p, pdf, table, wrapped, zipped

FILES_A_SEED = 160
#: Seconds that one file may take; most take milliseconds, but the machine may be busy.
MOST_SECONDS = 10.0
MOST_MEGABYTES = 300

PAGE = (
    '<div class="crumbs">当前位置：<a href="/">首页</a></div><form id="f"><table><tr><td><h1>'
    f'{TITLE}</h1><span style="display:none">隐藏。</span><ol><li>甲</li></ol>{article(LINES[1:])}</td></tr></table></form><div class="foot">京ICP备1号</div>'
)
NUMBERING = abstract(0, ("chineseCounting", "%1、"), ("chineseCounting", "（%2）")) + num(1, 0)
BODY = p(TITLE) + p("主要举措", num=(1, 0)) + "".join(map(p, LINES[4:])) + table(["类别", "件数"], ["复议", "42件"])
DOCX = docx(BODY, numbering=NUMBERING)
PDF = pdf([wrapped(TEXT, 64)[:10], wrapped(TEXT, 64)[10:]])


def _words(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Mangle the XML inside a Word file, which is then a sound archive of it."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
        parts |= {name: change(archive.read(name)) for name in ("word/document.xml", "word/numbering.xml")}
    return zipped(parts)


def _drawing(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Mangle the drawing commands inside a PDF, which is then a sound file of them."""
    rows = wrapped(TEXT, 64)[:8]
    commands = (
        b"BT /F1 8 Tf " + b" ".join(b"1 0 0 1 30 %d Tm <%s> Tj" % (700 - 20 * i, row.encode("utf-16-be").hex().encode()) for i, row in enumerate(rows)) + b" ET"
    )
    return pdf([[]], content=change(commands))


def _bytes(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return change(data)


SEEDS: dict[str, tuple[bytes, Callable[[bytes, Callable[[bytes], bytes]], bytes]]] = {
    "utf8.txt": (TEXT.encode(), _bytes),
    "bom.txt": (TEXT.encode("utf-8-sig"), _bytes),
    "gb18030.txt": (TEXT.encode("gb18030"), _bytes),
    "big5.txt": (TRADITIONAL.encode("big5"), _bytes),
    "utf16.txt": (TEXT.encode("utf-16"), _bytes),
    "utf16be.txt": (TEXT.encode("utf-16-be"), _bytes),
    "utf8.html": (html(PAGE, title=TITLE), _bytes),
    "gb.html": (html(PAGE, title=TITLE, charset="gb2312"), _bytes),
    "utf16.html": (html(PAGE, title=TITLE, charset="utf-16"), _bytes),
    "raw.docx": (DOCX, _bytes),
    "inner.docx": (DOCX, _words),
    "raw.pdf": (PDF, _bytes),
    "inner.pdf": (PDF, _drawing),
}


def truncated(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def flipped(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.choice((1, 3, 30))):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def inserted(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    pieces = (
        dice.randbytes(dice.randrange(1, 60)),
        b"\x00" * 40,
        "。一、（一）".encode(),
        b"<div><p>" * 300,
        b'"' * 200,
        b"\r\n" * 90,
        b"</w:p><w:p>",
        b"9" * 300,
    )
    return data[:at] + dice.choice(pieces) + data[at:]


def doubled(data: bytes, dice: random.Random) -> bytes:
    a, b = sorted((dice.randrange(len(data)), dice.randrange(len(data))))
    return data[:b] + data[a:b] * dice.choice((1, 1, 5)) + data[b:]


def swapped(data: bytes, dice: random.Random) -> bytes:
    a, b, c = sorted(dice.randrange(len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def dropped(data: bytes, dice: random.Random) -> bytes:
    a = dice.randrange(len(data))
    return data[:a] + data[a + dice.choice((1, 2, 3, 17, 200)) :]


CHANGES = (truncated, flipped, inserted, doubled, swapped, dropped)


def mangled(seed: str) -> Iterator[bytes]:
    """The mangled files of a seed, always the same ones."""
    data, apply = SEEDS[seed]
    dice = random.Random(seed)
    for i in range(FILES_A_SEED):
        chosen = [CHANGES[i % len(CHANGES)], *dice.sample(CHANGES, k=dice.choice((0, 0, 1, 2)))]

        def change(part: bytes, chosen: list[Callable[[bytes, random.Random], bytes]] = chosen) -> bytes:
            for one in chosen:
                part = one(part or b" ", dice)
            return part

        yield apply(data, change)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mangled_file_gives_a_text_or_a_read_error(tmp_path: Path, seed: str):
    outcomes: Counter[str] = Counter()
    before = peak()
    for i, data in enumerate(mangled(seed)):
        path = tmp_path / f"{i}{Path(seed).suffix}"
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            raw = read(path)
        except ReadError as exc:
            outcomes[type(exc).__name__ if exc.thing == str(path) else "without its path"] += 1
        else:
            outcomes["read"] += 1
            assert_sound(parse(raw))
        assert time.perf_counter() - began < MOST_SECONDS, f"file {i} takes too long"
    assert peak() - before < MOST_MEGABYTES
    assert sum(outcomes.values()) == FILES_A_SEED
    assert len(outcomes) > 1, outcomes
    assert "without its path" not in outcomes


def assert_sound(report: Report) -> None:
    """The offsets of a report hold, and its sentences stand in order."""
    at = 0
    for sentence in report.sentences:
        assert report.text[sentence.start : sentence.end] == sentence.text
        assert at <= sentence.start < sentence.end
        at = sentence.end
        paragraph, section = report.paragraphs[sentence.paragraph], report.sections[sentence.section]
        assert paragraph.start <= sentence.start
        assert sentence.end <= paragraph.end
        assert section.start <= sentence.start
        assert sentence.end <= section.end


def peak() -> float:
    """The most megabytes that this process has used so far."""
    resource = pytest.importorskip("resource")
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / (1e6 if sys.platform == "darwin" else 1e3)


def test_there_are_enough_mangled_files():
    assert FILES_A_SEED * len(SEEDS) >= 2_000
