from __future__ import annotations

import pytest

from pipeline.errors import DamagedFile, ReadError, UnsupportedFile
from pipeline.read.txt import decode, familiar_share, read_txt
from tests.read.files import TEXT, TRADITIONAL

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "gb2312"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_reads_every_encoding_of_chinese_offices(encoding: str):
    assert decode("a.txt", TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "gb18030", "big5", "cp950", "big5hkscs"])
def test_reads_traditional_mirrors(encoding: str):
    assert decode("a.txt", TRADITIONAL.encode(encoding)) == TRADITIONAL


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_reads_utf16_by_its_mark(mark: bytes):
    assert decode("a.txt", mark + TEXT.encode("utf-16-be" if mark[0] == 0xFE else "utf-16-le")) == TEXT


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["法治政府", "全年受理行政复议案件42件。", "（一）健全制度", "2023年\n"])
def test_short_texts(encoding: str, text: str):
    assert decode("a.txt", text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(TEXT, "gb18030"), (TRADITIONAL, "big5"), (TRADITIONAL, "gb18030"), (TEXT, "utf-8"), (TRADITIONAL, "utf-8")],
)
@pytest.mark.parametrize("declared", ["gb2312", "gb18030", "big5", "utf-8", "iso-8859-1", "no-such-charset", None])
def test_a_charset_that_lies_does_no_harm(text: str, encoding: str, declared: str | None):
    assert decode("a.html", text.encode(encoding), declared) == text


def test_rare_names_and_four_byte_characters_of_gb18030():
    text = TEXT + "\n㐂、䶮、𠮷三个村（居）调解员获表彰。"
    assert decode("a.txt", text.encode("gb18030")) == text


def test_characters_that_hong_kong_added_to_big5():
    text = TRADITIONAL + "\n深水埗區、鰂魚涌辦事處。"
    assert decode("a.txt", text.encode("big5hkscs")) == text


def test_every_single_byte_lost_from_utf8_is_seen():
    data = TEXT.encode()
    for at in range(0, len(data), 7):
        if data[at] >= 0x80:
            with pytest.raises(DamagedFile, match=r"byte \d+ is not valid UTF-8|cut off"):
                decode("a.txt", data[:at] + data[at + 1 :])


@pytest.mark.parametrize("step", [400, 150, 60])
def test_utf8_with_many_broken_bytes_is_damaged_not_another_encoding(step: int):
    data = bytearray(TEXT.encode())
    for at in range(7, len(data), step):
        data[at] = 0xFF
    with pytest.raises(DamagedFile, match="UTF-8"):
        decode("a.txt", bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_text_cut_off_inside_a_character_is_damaged(encoding: str):
    data = (TEXT + "法").encode(encoding)[:-1]
    with pytest.raises(DamagedFile, match="cut off"):
        decode("a.txt", data)


def test_noise_in_the_middle_of_a_text_is_damaged():
    long = "；".join(f"持续推进依法行政{c}工作" for c in "甲乙丙丁戊己庚辛") * 5
    data = long.encode("utf-16-le")
    with pytest.raises(DamagedFile):
        decode("a.txt", b"\xff\xfe" + data[:201] + data[202:-1])


@pytest.mark.parametrize("text", ["娉曟不鏀垮簻寤鸿骞村害鎶ュ憡" * 3, "ｲｴﾅﾈｯ" * 20])
def test_noise_in_gb18030_is_no_text(text: str):
    with pytest.raises(ReadError):
        decode("a.txt", text.encode("gb18030", errors="ignore") + b"\xff\xff")


def test_zeros_behind_a_text_are_padding_and_inside_it_a_loss():
    data = TEXT.encode()
    assert decode("a.txt", data + b"\x00" * 512) == TEXT
    assert decode("a.txt", TEXT.encode("gb18030") + b"\x00" * 3) == TEXT
    with pytest.raises(DamagedFile, match="zero"):
        decode("a.txt", data[:300] + b"\x00" * 90 + data[390:])


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x00\x01\x02\x03" * 500, b"\x7fELF\x02\x01\x01" + b"\x00" * 100 + b"\x90\xe8" * 300])
def test_bytes_that_are_no_text(data: bytes):
    with pytest.raises((UnsupportedFile, DamagedFile)):
        decode("a.txt", data)


@pytest.mark.parametrize("start", ["<!DOCTYPE html><html><body>", "<html lang='zh'>", "\n<?xml version='1.0'?>\n<!-- 页面 -->\n<HTML>", "{\\rtf1\\ansi "])
def test_markup_under_a_text_suffix_is_not_read_as_text(start: str):
    with pytest.raises(UnsupportedFile):
        read_txt("a.txt", (start + TEXT).encode())


def test_shares_tell_a_right_decoding_from_a_wrong_one(shared):
    import json

    lines = (shared / "corpora" / "government_work_reports.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[:20]:
        text = json.loads(line)["content"][:5000]
        right, wrong = familiar_share(text), familiar_share(text.encode("gb18030").decode("cp950", errors="replace"))
        assert right is not None
        assert right > 0.5
        assert wrong is not None
        assert wrong < 0.1
        assert decode("a.txt", text.encode("gb18030")) == text


def test_what_the_project_ships_is_no_noise_in_any_encoding(root):
    for path in sorted((root / "corpus" / "training").glob("*.txt"))[:20]:
        text = path.read_text(encoding="utf-8")
        assert decode("a.txt", text.encode("gb18030"), "big5") == text
        assert decode("a.txt", text.encode("utf-16-be")) == text
