import random

import numpy as np
import pytest

from pipeline.search.exact import ExactEngine

QUERIES = ["行政复议", "行政?议", "人民调解 NOT 行政", "法治 NEAR/8 培训", "同节(行政复议 调解)", r"/\d+件/", "双随机一公开", "year:2023", "没有"]


@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_is_that_of_a_scan(corpus, query):
    found = corpus.verify(query)
    assert found.right
    assert found.scanned == 11


def test_random_queries_are_answered_like_a_scan(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    choose, texts = random.Random(2023), [sentence.text for sentence in corpus.sentences()]

    def piece() -> str:
        text = choose.choice(texts)
        begin = choose.randrange(len(text))
        return "".join(c for c in text[begin : begin + choose.randint(1, 4)] if c.isalnum()) or "法"

    for _ in range(150):
        a, b, c = piece(), piece(), piece()
        forms = (
            f"“{a}” NEAR/{len(b)} “{b}”", f"“{a}” 先/9 (“{b}” OR “{c}”)", f"{a}?{b[0]}", f"{a[0]}*{b[0]} -“{c}”", f"/{a}.{{0,4}}{b[0]}/",
            f"同段(“{a}” “{b}”) OR “{c}”", f"同节(“{a}” (“{b}” OR “{c}”))",
        )  # fmt: skip
        query = choose.choice(forms)
        assert corpus.verify(query, exact=choose.random() < 0.3).right, query


def test_a_wrong_answer_is_seen(corpus, monkeypatch):
    find = ExactEngine.find

    class Short:
        def __init__(self, hits):
            self.ids, self.counts = hits.ids[1:], hits.counts[1:]
            self.total, self.occurrences = len(self.ids), int(np.sum(self.counts))

    monkeypatch.setattr(ExactEngine, "find", lambda self, query, exact=False: Short(find(self, query, exact=exact)))
    found = corpus.verify("行政复议")
    assert not found.right
    assert (found.sentences, found.scanned_sentences, len(found.differ)) == (3, 4, 1)
