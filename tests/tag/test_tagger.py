"""The tagger: loading, tagging, thresholds, and travelling between processes."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from pipeline import categories, resources
from pipeline.errors import ModelMismatch, ModelMissing
from pipeline.tag import Tagger, files, shipped
from pipeline.tokenize import Segmenter

CLEAR = {
    "完成机构改革，动态调整权力清单1464项，企业开办一网通办。": 1,
    "审核行政规范性文件16件，公布重大行政决策事项目录。": 2,
    "组织执法资格考试6期，开展行政执法案卷评查。": 3,
    "修订突发事件总体应急预案，开展防汛应急演练6次。": 4,
    "办理人大建议、政协提案，行政机关负责人出庭应诉率100%。": 5,
    "全年受理行政复议案件720件，调解矛盾纠纷1200起。": 6,
    "落实普法责任制，组织领导干部学习习近平法治思想。": 7,
    "现将有关情况报告如下。": 0,
}


def test_clear_sentences_get_their_category(tagger):
    tags = tagger.tag_sentences(list(CLEAR))
    assert [tag.code for tag in tags] == list(CLEAR.values())
    assert [tag.category for tag in tags] == [categories.scheme().slug(code) for code in CLEAR.values()]


def test_a_tag_says_how_sure_it_is_and_what_comes_second(tagger, baseline):
    for tag in tagger.tag(baseline):
        assert 0 <= tag.second_probability <= tag.probability <= 1
        assert tag.probability + tag.second_probability <= 1 + 1e-9
        assert tag.second_code != tag.code
        assert tag.model == tagger.version


def test_a_sentence_alone_gets_the_same_tag_in_any_company(tagger):
    together = tagger.tag_sentences(list(CLEAR))
    for text, tag in zip(CLEAR, together, strict=True):
        (alone,) = tagger.tag_sentences([text])
        assert alone.code == tag.code
        assert alone.probability == pytest.approx(tag.probability, abs=1e-5)


def test_without_context_a_report_is_tagged_sentence_by_sentence(tagger, baseline):
    assert tagger.tag(baseline, context=False) == tagger.tag_sentences([s.text for s in baseline.sentences])


def test_headings_and_context_can_be_left_out(tagger, baseline):
    full, bare = tagger.tag(baseline), tagger.tag(baseline, headings=False)
    assert len(full) == len(bare) == len(baseline.sentences)
    assert [t.probability for t in full] != [t.probability for t in bare]


@pytest.mark.parametrize("texts", [[], [""], ["。"], ["\ud800"], ["𠮷" * 5], ["长" * 100_000], ["\n\t "]])
def test_odd_sentences_get_tags_too(tagger, texts):
    assert len(tagger.tag_sentences(texts)) == len(texts)


def test_a_tagger_pickles_as_a_reference(tagger):
    data = pickle.dumps(tagger)
    assert len(data) < 500
    assert pickle.loads(data) is tagger


def test_a_tagger_that_was_never_saved_cannot_be_pickled(candidate):
    with pytest.raises(TypeError, match="save its model first"):
        pickle.dumps(candidate.tagger)


def test_a_model_loads_from_its_folder_and_from_its_file(model_folder, candidate):
    assert Tagger.load(model_folder).version == candidate.version
    assert Tagger.load(model_folder / "model.skops").version == candidate.version


def test_a_saved_model_tags_as_the_candidate_did(model_folder, candidate, baseline):
    assert Tagger.load(model_folder).tag(baseline) == candidate.tagger.tag(baseline)


@pytest.mark.parametrize("words", ["", "../elsewhere", ".."])
def test_current_names_a_version_and_no_path(tmp_path, words):
    (tmp_path / "current").write_text(words, encoding="utf-8")
    with pytest.raises(ModelMissing):
        files.current_folder(tmp_path)


def test_no_model_is_missing_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "models_dir", lambda: tmp_path)
    with pytest.raises(ModelMissing, match="fazhi train"):
        Tagger.load()
    with pytest.raises(ModelMissing, match="there is no model"):
        Tagger.load(tmp_path / "nowhere")


@pytest.mark.parametrize("what", ["dictionary", "format"])
def test_a_model_that_does_not_fit_says_what_to_do(model_folder, tmp_path, monkeypatch, what):
    copy = tmp_path / "model.skops"
    copy.write_bytes((model_folder / "model.skops").read_bytes())
    if what == "dictionary":
        words = tmp_path / "words.txt"
        words.write_text("法治政府 10 n\n", encoding="utf-8")
        monkeypatch.setattr(Segmenter, "default", classmethod(lambda cls: cls(words)))
    else:
        monkeypatch.setattr(shipped, "FORMAT", 10**6)
    with pytest.raises(ModelMismatch, match="run `fazhi train`"):
        Tagger.load(copy)


def test_a_model_is_loaded_by_the_name_of_its_version_too(tagger):
    assert Tagger.load(tagger.version).path == tagger.path


def test_a_model_knows_its_own_categories(tagger):
    assert tagger.scheme == categories.scheme()


def test_a_higher_precision_wants_a_higher_threshold(tagger):
    for setting in ("alone", "no-headings", "full"):
        thresholds = [tagger.threshold(p, setting) for p in (0.9, 0.98, 0.99, 0.995)]
        assert thresholds == sorted(thresholds)
        assert 0 <= thresholds[0] <= thresholds[-1] <= 1


def test_a_threshold_keeps_its_promise_on_the_trial(tagger):
    model = tagger.shipped
    for setting in ("alone", "no-headings", "full"):
        chances, right = model.trial(setting)
        kept = right[chances >= tagger.threshold(0.99, setting)]
        assert kept.mean() >= 0.99


@pytest.mark.parametrize(("precision", "setting"), [(0, "full"), (1.01, "full"), (0.9, "none")])
def test_a_threshold_of_nonsense_is_misuse(tagger, precision, setting):
    with pytest.raises(ValueError, match="must"):
        tagger.threshold(precision, setting)


def test_tagging_imports_neither_scikit_learn_nor_scipy_nor_skops(root):
    code = (
        "import sys; from pipeline import resources; from pipeline.batch import read_report; from pipeline.tag import Tagger\n"
        "Tagger.load().tag(read_report(resources.baseline_path()))\n"
        "print([name for name in ('sklearn', 'scipy', 'skops', 'pandas', 'jieba') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_shipped_file_is_small(tagger):
    assert tagger.path.stat().st_size < 8_000_000


def test_the_card_stands_beside_the_model(tagger):
    card = files.read_card()
    assert card["version"] == tagger.version
    assert set(card) >= {"data", "made_with", "figures", "thresholds", "known_weaknesses"}
    for setting in ("alone", "no-headings", "full"):
        assert card["thresholds"][setting]["0.99"] == pytest.approx(tagger.threshold(0.99, setting), abs=1e-4)
