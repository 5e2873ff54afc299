"""The methods paragraph of a paper, out of a model's card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pipeline.errors import ModelMissing

_ZH = {"corpus": "训练语料(依编码手册撰写的虚构地区报告)", "baseline": "基准报告(北京市大兴区2023年度)", "labels": "研究者自行编码的句子"}
_EN = {
    "corpus": "the training corpus (reports of fictional places, written after the code book)",
    "baseline": "the baseline report (Daxing district of Beijing, 2023)",
    "labels": "sentences labelled by the researchers",
}


def paragraph(card: Mapping[str, Any], language: Literal["zh", "en"] | str = "en") -> str:
    """A paragraph in Chinese or English, with all numbers from the card.

    Raises
    ------
    ModelMissing
        Where the card lacks one of them.
    """
    try:
        return _chinese(card) if language == "zh" else _english(card)
    except (LookupError, TypeError, ValueError, AttributeError) as exc:
        raise ModelMissing(str(card.get("version")), "the model's card lacks what the paragraph needs", "train the model again with `fazhi train`") from exc


def _english(card: Mapping[str, Any]) -> str:
    data, made, figures = card["data"], card["made_with"], card["figures"]
    full, alone = figures["full"], figures["alone"]
    categories = len(card["scheme"]["category"])
    parts = [
        f"Sentences were assigned to one of {categories} categories ({card['scheme']['scheme']}) or to none with the classifier {card['version']} "
        f"of Fazhi {made['code']}, which combines a linear support vector machine over character 1- to 3-grams with evidence from headings, "
        f"neighbouring sentences and position.",
        f"It was trained on {int(data['sentences']):,} labelled sentences from {int(data['reports'])} reports: {', '.join(_EN[s] for s in _sources(data))}.",
        *_kappa_english(data),
        f"In 5-fold cross-validation grouped by report, with all parts of the classifier fitted without the held-out reports, macro-F1 over the categories was "
        f"{_f1(full)} (95% bootstrap interval over reports {_interval(full)}) for sentences in their reports and {_f1(alone)} ({_interval(alone)}) for sentences "
        f"alone; accuracy was {float(full['accuracy']):.3f}.",
        f"F1 by category: {_by_category(card, full)}.",
        f"Software: {_libraries(made)}; domain dictionary {made['dictionary']}; data SHA-256 {str(data['sha256'])[:12]}.",
    ]
    return " ".join(parts)


def _kappa_english(data: Mapping[str, Any]) -> list[str]:
    found = []
    if second := data.get("second_coding"):
        found.append(
            f"A second, blind coding of {int(second['sentences']):,} sentences of the training corpus agreed with a Cohen's kappa of {float(second['kappa']):.4f}."
        )
    if own := data.get("own"):
        found.append(f"{int(own['annotators'])} annotators labelled {int(own['sentences']):,} sentences of the corpus studied" + _alpha_english(own) + ".")
    return found


def _alpha_english(own: Mapping[str, Any]) -> str:
    if own["alpha"] is None:
        return "; none was labelled by more than one person, so that no agreement can be stated"
    return f", {int(own['doubly'])} of them more than one person (Krippendorff's alpha {float(own['alpha']):.3f})"


def _chinese(card: Mapping[str, Any]) -> str:
    data, made, figures = card["data"], card["made_with"], card["figures"]
    full, alone = figures["full"], figures["alone"]
    categories = len(card["scheme"]["category"])
    parts = [
        f"本文使用 Fazhi {made['code']} 的分类模型 {card['version']},将每个句子归入{categories}个类别({card['scheme']['scheme']})之一或“无类别”。"
        f"该模型以字符一至三元组上的线性支持向量机为基础,并结合标题、相邻句子和句子位置的信息。",
        f"训练数据为{int(data['reports'])}篇报告中的{int(data['sentences'])}个已编码句子:{'、'.join(_ZH[s] for s in _sources(data))}。",
        *_kappa_chinese(data),
        f"以报告为单位进行五折交叉验证(模型的各个部分均不使用被留出的报告),句子置于报告中时各类别的宏平均F1为{_f1(full)}(按报告自助抽样的95%区间为{_interval(full)}),"
        f"单独判断句子时为{_f1(alone)}({_interval(alone)});准确率为{float(full['accuracy']):.3f}。",
        f"各类别F1:{_by_category(card, full, chinese=True)}。",
        f"软件版本:{_libraries(made)};领域词典 {made['dictionary']};数据 SHA-256 {str(data['sha256'])[:12]}。",
    ]
    return "".join(parts)


def _kappa_chinese(data: Mapping[str, Any]) -> list[str]:
    found = []
    if second := data.get("second_coding"):
        found.append(f"训练语料中{int(second['sentences'])}个句子经第二次独立盲编,Cohen's kappa 为{float(second['kappa']):.4f}。")
    if own := data.get("own"):
        alpha = (
            "没有句子由两人以上编码,故无法给出一致性"
            if own["alpha"] is None
            else f"其中{int(own['doubly'])}句由两人以上编码,Krippendorff's alpha 为{float(own['alpha']):.3f}"
        )
        found.append(f"{int(own['annotators'])}名编码员对所研究语料中的{int(own['sentences'])}个句子进行了编码,{alpha}。")
    return found


def _sources(data: Mapping[str, Any]) -> list[str]:
    return list(data["sources"]) or ["baseline", "corpus"]


def _f1(figures: Mapping[str, Any]) -> str:
    return f"{float(figures['macro_f1']):.3f}"


def _interval(figures: Mapping[str, Any]) -> str:
    low, high = figures["macro_f1_interval"]
    return f"{float(low):.3f}-{float(high):.3f}"


def _by_category(card: Mapping[str, Any], figures: Mapping[str, Any], *, chinese: bool = False) -> str:
    names = {category["code"]: category["short"] if chinese else category["slug"] for category in card["scheme"]["category"]}
    names[0] = "非举措" if chinese else "none"
    known = [one for one in figures["categories"] if one["f1"] is not None]
    shown = [f"{names[one['code']]} {float(one['f1']):.3f} [{float(one['f1_low']):.3f}, {float(one['f1_high']):.3f}]" for one in known]
    return ("、" if chinese else ", ").join([*shown[1:], *shown[:1]] if known and known[0]["code"] == 0 else shown)


def _libraries(made: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in made["libraries"].items())
