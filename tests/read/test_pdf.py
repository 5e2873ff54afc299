from __future__ import annotations

import os

import pytest

from pipeline.data import RawText, Report
from pipeline.errors import DamagedFile, EncryptedFile, ReadError, ScannedFile, TooLarge
from pipeline.read import pdf as reader
from pipeline.read.apart import Helper, HelperFailed
from pipeline.read.pdf import read_pdf
from pipeline.structure import parse
from tests.read.files import LINES, TEXT, TITLE, pdf, stream, wrapped

#: A form that draws itself three times, and each of these three times, and so on: 1 KB that takes all memory there is.
BOMB = pdf(
    [[]],
    content=b"/X Do",
    object_5=stream(b"/X Do /X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 5 0 R >> >>"),
)
ROWS = wrapped(TEXT, 64)
JOINED = "\n".join(ROWS)


def damaged(data: bytes) -> pytest.ExceptionInfo[ReadError]:
    with pytest.raises(ReadError) as caught:
        read_pdf("a.pdf", data)
    return caught


def test_a_page_gives_its_lines():
    text, hints = read_pdf("a.pdf", pdf([ROWS]))
    assert text == JOINED
    assert hints.title is None


@pytest.mark.parametrize("width", [56, 64, 72, 80])
@pytest.mark.parametrize("height", [7, 30])
def test_lines_broken_at_the_margin_and_by_pages_are_one_sentence_again(baseline: Report, width: int, height: int):
    rows = wrapped(baseline.text.strip(), width)
    pages = [[*rows[i : i + height], f"— {i // height + 1} —"] for i in range(0, len(rows), height)]
    report = parse(RawText("a", "a.pdf", "", read_pdf("a.pdf", pdf(pages))[0]))
    assert [s.text for s in report.sentences] == [s.text for s in baseline.sentences]
    assert [report.heading(s) for s in report.sentences] == [baseline.heading(s) for s in baseline.sentences]
    assert report.metadata == baseline.metadata


def test_running_heads_and_page_numbers_go():
    pages = [["青禾区法治政府建设年度报告（2023）", *ROWS[i : i + 5], f"第{i // 5 + 1}页"] for i in range(0, len(ROWS), 5)]
    text = read_pdf("a.pdf", pdf(pages))[0]
    assert "年度报告（2023）" not in text
    assert "页" not in text
    assert text.split("\n") == ROWS


def test_lines_that_only_look_like_running_heads_stay():
    pages = [["一是强化行政执法监督。"], ["二是强化重点领域执法。"], ["三是强化普法宣传教育。"], ["三是强化普法宣传教育。"]]
    assert read_pdf("a.pdf", pdf(pages))[0].count("\n") == 3


def test_the_title_of_the_file_is_a_hint_if_it_can_be_one():
    info = b"/Info 90 0 R"
    named = pdf([LINES], trailer=info, object_90=b"<< /Title <FEFF%s> >>" % TITLE.encode("utf-16-be").hex().encode())
    assert read_pdf("a.pdf", named)[1].title == TITLE
    assert read_pdf("a.pdf", pdf([LINES], trailer=info, object_90=b"<< /Title (Microsoft Word - 1.doc) >>"))[1].title is None


@pytest.mark.parametrize("pages", [[[]], [[], [], []], [["青禾区"], [], [], []], [LINES, [], [], []]])
def test_a_scan_is_told_from_a_text(pages: list[list[str]]):
    caught = damaged(pdf(pages))
    assert caught.type is ScannedFile
    assert "OCR" in str(caught.value)


def test_an_empty_page_at_the_end_is_no_scan():
    assert read_pdf("a.pdf", pdf([ROWS, []]))[0].rstrip() == JOINED


def test_a_text_layer_without_characters_is_no_text():
    private = ["".join(chr(0xE000 + (7 * i + j) % 900) for j in range(30)) for i in range(10)]
    assert damaged(pdf([private])).type is ScannedFile
    noise = ["".join(chr(0x8000 + (311 * i + 37 * j) % 4000) for j in range(30)) for i in range(10)]
    assert damaged(pdf([noise])).type is ScannedFile


@pytest.mark.parametrize("share", [0.01, 0.1, 0.4, 0.6, 0.8, 0.95])
def test_a_file_that_is_cut_off_is_not_read_in_part(share: float):
    data = pdf([ROWS[i : i + 3] for i in range(0, len(ROWS), 3)])
    assert damaged(data[: int(len(data) * share)]).type is DamagedFile


def test_what_stands_behind_the_end_does_no_harm():
    assert read_pdf("a.pdf", pdf([ROWS]) + b"\x00" * 5000 + b"\r\n")[0] == JOINED


def test_a_file_with_a_password():
    encrypted = b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    caught = damaged(pdf([LINES], trailer=b"/Encrypt 90 0 R /ID [<00> <00>]", object_90=encrypted))
    assert caught.type is EncryptedFile
    assert "password" in str(caught.value)


def test_an_unknown_kind_of_protection():
    caught = damaged(pdf([LINES], trailer=b"/Encrypt 90 0 R /ID [<00> <00>]", object_90=b"<< /Filter /OfficeRights /V 1 /R 2 >>"))
    assert caught.type is EncryptedFile


def test_too_many_pages_and_characters(monkeypatch):
    many = pdf([["法治政府"]])
    kid = many[many.index(b"/Kids [") + 7 : many.index(b"] /Count")]
    many = many.replace(kid + b"] /Count 1 ", (kid + b" ") * 2001 + b"] /Count 2001 ")
    assert damaged(many).type is TooLarge
    long = b"BT /F1 1 Tf " + b"<6cd56cbb> Tj " * 255_000 + b"ET"
    assert damaged(pdf([[]], content=long)).type is TooLarge


@pytest.fixture
def little_memory(monkeypatch):
    helper = Helper("pipeline.read.pdf", "answer", memory=250_000_000)
    monkeypatch.setattr(reader, "_HELPER", helper)
    yield
    helper.close()


def test_what_would_take_all_memory_is_stopped(little_memory):
    caught = damaged(BOMB)
    assert caught.type is DamagedFile
    assert "memory" in str(caught.value)
    assert read_pdf("a.pdf", pdf([ROWS]))[0] == JOINED


def test_what_unpacks_to_too_much_is_stopped(little_memory):
    with pytest.raises(ReadError):
        read_pdf("a.pdf", pdf([[]], content=b" " * 280_000_000))


def test_what_would_take_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS", 0.3)
    slow = pdf([[]], content=b"0 0 m " + b"1 1 l 2 5 l " * 3_000_000 + b"S ")
    caught = damaged(slow)
    assert caught.type is DamagedFile


# The helper process


def test_a_helper_answers_and_is_replaced_when_it_dies():
    helper = Helper("builtins", "bytes", memory=2_000_000_000)
    assert helper.ask(b"abc", seconds=20) == b"abc"
    process = helper._process
    assert process is not None
    process.kill()
    process.wait()
    assert helper.ask(b"", seconds=20) == b""
    helper.close()
    helper.close()


def test_a_helper_that_is_late_or_dies_is_told():
    late = Helper("time", "sleep", memory=2_000_000_000)
    with pytest.raises(HelperFailed):
        late.ask(b"x", seconds=20)
    hanging = Helper("signal", "pause", memory=2_000_000_000)
    with pytest.raises(HelperFailed):
        hanging.ask(b"x", seconds=20)
    late.close()
    hanging.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_gets_a_helper_of_its_own():
    read_pdf("a.pdf", pdf([LINES]))
    child = os.fork()
    if child == 0:
        os._exit(0 if read_pdf("a.pdf", pdf([ROWS]))[0] == JOINED else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert read_pdf("a.pdf", pdf([ROWS]))[0] == JOINED
