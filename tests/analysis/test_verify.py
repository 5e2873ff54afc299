import numpy as np
import pytest

from pipeline.search.exact import ExactEngine

QUERIES = ["行政复议", "行政?议", "人民调解 NOT 行政", "法治 NEAR/8 培训", "同节(行政复议 调解)", r"/\d+件/", "双随机一公开", "year:2023", "没有"]


@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_is_that_of_a_scan(corpus, query):
    found = corpus.verify(query)
    assert found.right
    assert found.scanned == 11


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
