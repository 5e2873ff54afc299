from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import DamagedFile, EmptyFile, EncryptedFile, ReadError, ScannedFile, TooLarge, UnsupportedFile
from pipeline.read import SUFFIXES, find_files, read
from pipeline.read import files as reader
from tests.read.files import LINES, TEXT, TITLE, TRADITIONAL, article, docx, html, p, pdf, wrapped, zipped

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(range(200))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("青禾区2023.txt", TEXT.encode()),
        ("报告.TXT", TEXT.encode("gb18030")),
        ("报告.md", TEXT.encode("utf-16")),
        ("报告.html", html(f"<h1>{TITLE}</h1>{article(LINES[1:])}")),
        ("报告.HTM", html(article(), charset="gb2312")),
        ("报告.docx", docx("".join(map(p, LINES)))),
        ("报告.pdf", pdf([wrapped(TEXT, 64)])),
    ],
)
def test_every_format_gives_the_same_report(tmp_path: Path, name: str, data: bytes):
    from pipeline.structure import parse

    path = tmp_path / name
    path.write_bytes(data)
    raw = read(path)
    assert (raw.name, raw.path, raw.sha256) == (path.stem, str(path), hashlib.sha256(data).hexdigest())
    report = parse(raw)
    assert (report.metadata.title, report.metadata.year, len(report.sentences)) == (TITLE, 2023, 8)


def test_a_report_can_be_given_a_name(tmp_path: Path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert read(tmp_path / "a.txt", name="青禾/2023").name == "青禾/2023"


BAD = {
    "empty.txt": (b"", EmptyFile, "empty"),
    "blank.txt": (b"\xef\xbb\xbf \r\n\t\n", EmptyFile, "empty"),
    "zeros.txt": (b"\x00" * 500, EmptyFile, "empty"),
    "marks.txt": ("　　……。——\n".encode(), EmptyFile, "no text"),
    "empty.docx": (docx(p("")), EmptyFile, "no text"),
    "empty.pdf": (b"", EmptyFile, "empty"),
    "scan.pdf": (pdf([[], []]), ScannedFile, "OCR"),
    "cut.pdf": (pdf([LINES])[:150], DamagedFile, "cut off"),
    "cut.docx": (docx(p("正文。" * 500))[:300], DamagedFile, "again"),
    "text.docx": (TEXT.encode(), DamagedFile, "not docx"),
    "text.pdf": (TEXT.encode(), DamagedFile, "not pdf"),
    "page.txt": (html(article()), UnsupportedFile, "rename it to .html"),
    "word.txt": (docx(p("正文。")), UnsupportedFile, "rename it to .docx"),
    "word.pdf": (docx(p("正文。")), UnsupportedFile, "rename it to .docx"),
    "print.html": (pdf([LINES]), UnsupportedFile, "rename it to .pdf"),
    "print.docx": (pdf([LINES]), UnsupportedFile, "rename it to .pdf"),
    "plain.html": (TEXT.encode(), UnsupportedFile, "rename it to .txt"),
    "picture.txt": (PNG, UnsupportedFile, "picture"),
    "picture.docx": (PNG, UnsupportedFile, "picture"),
    "photo.pdf": (b"\xff\xd8\xff\xe0" + bytes(300), UnsupportedFile, "picture"),
    "archive.docx": (zipped({"a.txt": TEXT}), UnsupportedFile, "zip archive"),
    "sheet.docx": (docx(p("x"), main="xl/workbook.xml"), UnsupportedFile, "spreadsheet"),
    "rar.txt": (b"Rar!\x1a\x07" + bytes(90), UnsupportedFile, "archive"),
    "old.doc": (OLE, UnsupportedFile, "save it as .docx"),
    "old.docx": (OLE, UnsupportedFile, "save it as .docx"),
    "old.txt": (OLE, UnsupportedFile, "save it as .docx"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "password"),
    "report.wps": (OLE, UnsupportedFile, "save it as"),
    "report.rtf": (b"{\\rtf1}", UnsupportedFile, "save it as"),
    "rich.txt": (b"{\\rtf1\\ansi text}", UnsupportedFile, "RTF"),
    "report.jpg": (b"\xff\xd8\xff", UnsupportedFile, ".jpg"),
    "report": (TEXT.encode(), UnsupportedFile, "(none)"),
    "program.txt": (b"\x7fELF\x02\x01\x01" + bytes(60) + bytes(range(256)) * 9, UnsupportedFile, "binary"),
    "broken.txt": (TEXT.encode()[:200] + b"\xff" + TEXT.encode()[200:], DamagedFile, "UTF-8"),
    "list.html": (html('<ul><li><a href="/1">栏目一</a></li><li><a href="/2">栏目二</a></li></ul>'), EmptyFile, "article"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_file_is_said_in_one_line(tmp_path: Path, name: str):
    data, error, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.type is error
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert words in message
    assert "\n" not in message
    assert all((caught.value.wrong, caught.value.remedy))
    assert str(pickle.loads(pickle.dumps(caught.value))) == message


def test_a_file_of_200_mb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for suffix in SUFFIXES:
        path = tmp_path / f"big{suffix}"
        with path.open("wb") as file:
            file.truncate(200_000_000)
        monkeypatch.setattr(reader, "open", _never, raising=False)
        with pytest.raises(TooLarge, match="200 MB"):
            read(path)


def _never(*_: object, **__: object) -> object:
    raise AssertionError("the file was opened")


def test_a_file_that_grows_while_it_is_read_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() * 20)
    monkeypatch.setattr(reader, "_check", lambda *_: None)
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    with pytest.raises(TooLarge):
        read(path)


def test_more_characters_than_any_report_has(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(("法治政府建设。" * 150_000).encode())
    with pytest.raises(TooLarge, match="characters"):
        read(path)


def test_a_folder_a_missing_file_and_a_broken_link(tmp_path: Path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    for name, words in {
        "folder.txt": "folder",
        "no.txt": "no such file",
        "link.txt": "link",
        "loop.txt": "cannot be read",
        "no/no.txt": "no such file",
    }.items():
        with pytest.raises(ReadError, match=words):
            read(tmp_path / name)
    with pytest.raises(ReadError, match="cannot be read"):
        read("a\x00b.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_hang(tmp_path: Path):
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    with pytest.raises(ReadError, match="pipe"):
        read(path)


def swapped(path: Path, monkeypatch: pytest.MonkeyPatch, swap: Callable[[], None]) -> BaseException | None:
    """Read a file that something happens to between the look at it and its opening; the error, or nothing where the reading hangs."""
    path.write_text(TEXT, encoding="utf-8")
    check = reader._check

    def checked(*args: Any) -> None:
        check(*args)
        if path.is_file():
            path.unlink()
            swap()

    monkeypatch.setattr(reader, "_check", checked)
    done: list[BaseException] = []
    thread = threading.Thread(target=lambda: done.append(_error(path)), daemon=True)
    thread.start()
    thread.join(10)
    return done[0] if done else None


def _error(path: Path) -> BaseException:
    try:
        read(path)
    except BaseException as exc:
        return exc
    raise AssertionError


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_put_in_the_place_of_a_file_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.txt"
    error = swapped(path, monkeypatch, lambda: os.mkfifo(path))
    assert isinstance(error, ReadError)
    assert "pipe" in str(error)


def test_a_file_that_vanishes_between_look_and_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    error = swapped(tmp_path / "a.txt", monkeypatch, lambda: None)
    assert isinstance(error, ReadError)
    assert "no such file" in str(error)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users")
def test_no_permission(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(ReadError, match="permission"):
            read(path)
    finally:
        if root:
            os.seteuid(0)


def test_a_device_is_no_report():
    if not Path("/dev/zero").exists():
        pytest.skip("needs devices")
    with pytest.raises(ReadError, match="device"):
        read("/dev/zero")


def test_names_in_another_encoding_than_the_systems(tmp_path: Path):
    name = os.fsencode(tmp_path) + b"/" + "青禾区报告.txt".encode("gb18030")
    try:
        with open(name, "wb") as file:
            file.write(TEXT.encode())
    except OSError:
        pytest.skip("the file system takes no such names")
    raw = read(os.fsdecode(name))
    assert raw.name == "青禾区报告"
    assert raw.path.encode("utf-8")


# Finding files


def names(tmp_path: Path, *paths: str) -> list[str]:
    return [os.path.relpath(path, tmp_path) for path in find_files([tmp_path / path for path in paths])]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a.PDF",
        "notes.xlsx",
        ".hidden.txt",
        "~$c.docx",
        "x/c.docx",
        "x/y/d.html",
        ".git/e.txt",
        "报告[2023].txt",
        "x/README.md",
        "empty/readme.rst",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_a_folder_gives_its_reports_sorted(tree: Path):
    assert names(tree, "") == ["a.PDF", "b.txt", "x/c.docx", "x/y/d.html", "报告[2023].txt"]


def test_each_file_once(tree: Path):
    assert names(tree, "b.txt", "./x/../b.txt", "x", "x/c.docx", "*.txt") == ["b.txt", "x/c.docx", "x/y/d.html", "报告[2023].txt"]


def test_patterns(tree: Path):
    assert names(tree, "**/*.html") == ["x/y/d.html"]
    assert names(tree, "报告[2023].txt") == ["报告[2023].txt"]


def test_a_file_that_is_named_is_listed_whatever_it_is(tree: Path):
    (tree / "gone.txt").symlink_to(tree / "nowhere")
    assert names(tree, "notes.xlsx", "gone.txt") == ["gone.txt", "notes.xlsx"]
    assert "gone.txt" in names(tree, "")


@pytest.mark.parametrize(("path", "words"), [("empty", "holds no report file"), ("none.txt", "no such file"), ("*.docm", "no such file")])
def test_nothing_to_find_is_told(tree: Path, path: str, words: str):
    with pytest.raises(ReadError, match=words):
        find_files([tree / path])


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users")
def test_a_folder_that_cannot_be_looked_into_is_told(tree: Path):
    tree.chmod(0o755)
    (tree / "x").chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(ReadError):
            find_files([tree])
    finally:
        if root:
            os.seteuid(0)
        (tree / "x").chmod(0o755)


# What it costs


def test_importing_loads_no_heavy_library(root: Path):
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r}); import pipeline.read; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'lxml', 'trafilatura', 'pypdfium2', 'zipfile', 'docx', 'charset_normalizer', 'subprocess'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_traditional_and_simplified_files_are_not_taken_for_each_other(tmp_path: Path):
    for text, encoding in ((TEXT, "gb18030"), (TRADITIONAL, "big5"), (TRADITIONAL, "gb18030")):
        (tmp_path / "a.txt").write_bytes(text.encode(encoding))
        assert read(tmp_path / "a.txt").text == text
