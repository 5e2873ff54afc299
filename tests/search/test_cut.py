import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.exact import arrays, layout
from pipeline.search.exact.cut import cut, words
from pipeline.search.exact.lexicon import build, lexicon
from pipeline.search.fold import flat
from pipeline.tokenize import Segmenter

WORD = re.compile(r"[\u3400-\u9fffa-z0-9]+")


def known():
    return lexicon(Segmenter.default())


def test_cuts_as_jieba_does(baseline):
    texts = [flat(sentence.text) for sentence in baseline.sentences]
    mine = [[word.text for word in words(known(), text)] for text in texts]
    theirs = [[word for word in Segmenter.default().words(text) if WORD.fullmatch(word)] for text in texts]
    kept = sum(len(set(one) & set(other)) for one, other in zip(mine, theirs, strict=True))
    assert kept / sum(len(set(other)) for other in theirs) > 0.95  # jieba also guesses names that are in no dictionary


def test_many_sentences_are_cut_as_each_alone(baseline):
    texts = [sentence.text for sentence in baseline.sentences] + ["", "A1b2 3.5万", "、"]
    laid, blocks, lengths = layout.lay(texts)
    folded = layout.folds().take(laid)
    found = cut(known(), folded, blocks.astype(np.int64) * layout.BLOCK, lengths)
    assert found.key.tolist() == [word.key for text in texts for word in words(known(), text)]


@given(st.text(alphabet="行政复议法治Ａb12，。𠮷 \0", max_size=30))
def test_words_are_the_text_without_its_marks(text):
    assert "".join(word.text for word in words(known(), text)) == "".join(WORD.findall(flat(text)))


def test_the_most_probable_path_wins():
    small = build({"行政": 50, "复议": 50, "行政复议": 90, "议案": 5, "案件": 60, "": 0, "a、b": 9})
    assert [word.text for word in words(small, "行政复议案件")] == ["行政复议", "案件"]
    assert [word.text for word in words(small, "议案")] == ["议案"]


def test_arrays_come_back_as_they_went(tmp_path):
    given_ = {"a": np.arange(5, dtype=np.int32), "none": np.zeros(0, dtype=np.uint8), "b": np.array([1.5, -1.0])}
    arrays.write(tmp_path / "file", given_)
    back = arrays.read(tmp_path / "file")
    assert {name: array.tolist() for name, array in back.items()} == {name: array.tolist() for name, array in given_.items()}
    assert not back["a"].flags.writeable
