import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search import fold
from pipeline.search.fold import edges, flat


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("双随机、一公开", "双随机一公开"),
        ("双随机、一公开", "双随机·一公开"),
        ("聽證會與複議", "听证会与复议"),
        ("（ＡＢＣ）１２％：", "(abc)12%:"),
        ("“放管服”", '"放管服"'),
        ("省　市", "省 市"),
        ("｡｢", "。「"),
    ],
)
def test_variants_are_one(one, other):
    assert fold.fold(one)[0] == fold.fold(other)[0]


@pytest.mark.parametrize(
    ("one", "other"), [("1、2条", "12条"), ("3,500件", "3500件"), ("发展，改革", "发展改革"), ("著名", "着名"), ("①", "1"), ("。", "，"), ("复议", "覆议")]
)
def test_what_is_no_variant_stays(one, other):
    assert fold.fold(one)[0] != fold.fold(other)[0]


@given(st.text(alphabet="复议雙随Ａa、，,·1２𠮷（\0 “”"))
def test_offsets_lead_back_to_the_text(text):
    folded, offsets = fold.fold(text)
    assert len(folded) == len(offsets)
    assert [flat(text[at]) for at in offsets] == list(folded)
    assert list(offsets) == sorted(set(offsets))


@given(st.text())
def test_folding_is_one_to_one_and_done_once(text):
    assert len(flat(text)) == len(text)
    assert flat(flat(text)) == flat(text)
    assert len(flat(text).encode("utf-16-le", "surrogatepass")) == len(text.encode("utf-16-le", "surrogatepass"))


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("复议", ("", "复议", "")),
        ("·复议、", ("·", "复议", "、")),
        ("，复议、", ("", ",复议", "、")),
        ("、·", ("、·", "", "")),
        ("", ("", "", "")),
        ("1、2、", ("", "1、2", "、")),
    ],
)
def test_marks_at_the_ends_of_a_phrase_are_kept(phrase, parts):
    assert edges(phrase) == parts


def test_simplified_text_is_left_as_it_is(baseline):
    changed = {(one, other) for one, other in zip(baseline.text, flat(baseline.text), strict=True) if one != other}
    assert not {one for one, _ in changed if "\u4e00" <= one <= "\u9fff"}
