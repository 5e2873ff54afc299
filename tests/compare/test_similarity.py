from __future__ import annotations

import pickle

import numpy as np
import pytest

from pipeline.compare import similarity
from pipeline.compare.similarity import Embeddings, Learned, Ngrams
from pipeline.compare.trees import Tree, Trees
from pipeline.compare.views import clauses
from pipeline.errors import ModelError, ModelMismatch, ModelMissing

MEASURE = "自觉接受司法和纪检监察监督,区政府负责人出庭应诉10件,应出尽出100%。"
OTHERS = ["全年组织防汛演练3次。", "局长们一个不落坐上被告席,民告官能见官。", "区政府负责人带队检查安全生产10次。", "现将有关情况报告如下:"]


def bodies(tagger):
    learned = Learned.load(tagger)
    return [learned, Learned.load(tagger, "subject"), Ngrams(learned.reader), Ngrams(learned.reader, by_category=True)]


@pytest.mark.parametrize("at", range(4))
def test_every_body_gives_a_matrix_between_0_and_1(tagger, at):
    found = bodies(tagger)[at].matrix([MEASURE, *OTHERS[:1]], OTHERS)
    assert found.shape == (2, 4)
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-9


def test_every_body_takes_nothing(tagger):
    assert Learned.load(tagger).matrix([], OTHERS).shape == (0, 4)
    assert Learned.load(tagger).matrix(OTHERS, []).shape == (4, 0)
    assert Embeddings("nowhere").matrix([], ["甲"]).shape == (0, 1)


def test_the_same_measure_in_other_words_is_the_likest(tagger):
    assert Learned.load(tagger).matrix([MEASURE], OTHERS)[0].argmax() == 1


@pytest.mark.parametrize("text", [MEASURE, "印发案例分析5期。", "甲", "全年受理法律援助案件1328件,同比增长36.6%。"])
def test_a_sentence_is_the_same_as_itself_and_with_other_figures(tagger, text):
    changed = text.replace("1328", "977").replace("10件", "25件")
    assert Learned.load(tagger).matrix([text], [text, changed]).min() > 0.9


def test_many_pairs_give_what_few_give(tagger, monkeypatch):
    learned = Learned.load(tagger)
    whole = learned.matrix([MEASURE, *OTHERS], OTHERS)
    monkeypatch.setattr(similarity, "_CELLS", 5)
    assert np.allclose(learned.matrix([MEASURE, *OTHERS], OTHERS), whole)


def test_a_body_travels_to_workers_as_a_reference(tagger):
    learned = Learned.load(tagger)
    sent = pickle.dumps(learned.reader)
    assert len(sent) < 1000
    assert pickle.loads(sent) is learned.reader


def test_weights_of_another_thesaurus_are_refused(tagger, monkeypatch):
    monkeypatch.setattr(similarity, "weights", lambda: {"thesaurus": "other"})
    similarity._loaded.cache_clear()
    with pytest.raises(ModelMismatch, match=r"pipeline\.compare\.fit"):
        Learned.load(tagger)
    similarity._loaded.cache_clear()


def test_missing_weights_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(similarity.resources, "corpus_dir", lambda: tmp_path)
    with pytest.raises(ModelMissing, match=r"matcher\.json"):
        similarity.weights()


def test_embeddings_say_what_they_lack(tmp_path, monkeypatch):
    with pytest.raises(ModelMissing, match="no such folder"):
        Embeddings(tmp_path / "none").matrix(["甲"], ["乙"])

    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(similarity, "import_module", absent)
    with pytest.raises(ModelError, match="pip install sentence-transformers"):
        Embeddings(tmp_path).matrix(["甲"], ["乙"])


def test_embeddings_are_cosines_of_what_the_library_gives(tmp_path, monkeypatch):
    class Library:
        class SentenceTransformer:
            def __init__(self, path, local_files_only):
                assert local_files_only

            def encode(self, texts, normalize_embeddings):
                return np.array([[1.0, 0.0] if "复议" in text else [-1.0, 0.0] for text in texts])

    monkeypatch.setattr(similarity, "import_module", lambda name: Library)
    assert Embeddings(tmp_path).matrix(["复议"], ["复议", "调解"]).tolist() == [[1.0, 0.0]]


def test_trees_read_what_they_wrote():
    trees = Trees(0.0, (Tree(("grams", "", ""), (0.5, 0.0, 0.0), (1, -1, -1), (2, -1, -1), (0.0, -2.0, 2.0)),))
    again = Trees.of(trees.data())
    assert again == trees
    assert again.probability({"grams": np.array([[0.4, 0.6]])}).round(2).tolist() == [[0.12, 0.88]]


def test_short_clauses_go_with_their_neighbours():
    assert clauses("一是,组织考试;通过率98%。") == ["一是组织考试", "通过率98%"]
    assert clauses("。") == ["。"]
