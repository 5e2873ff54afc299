from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.batch import read_report
from pipeline.data import Tag, TaggedReport
from pipeline.indicators import figures, figures_in, figures_of


def facts(text):
    return [(f.text, f.value, f.unit, f.bound) for f in figures_in(text)]


def indicators(text):
    return [(f.text, f.indicator) for f in figures_in(text)]


def changes(text):
    return [(f.text, f.direction, f.of) for f in figures_in(text) if f.kind == "change"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办结复议案件１２８件", [("１２８件", 128, "件", None)]),
        ("罚没款1.2万元", [("1.2万元", 12_000, "元", None)]),
        ("清偿账款3亿元", [("3亿元", 300_000_000, "元", None)]),
        ("追回资金两千三百万元", [("两千三百万元", 23_000_000, "元", None)]),
        ("接待群众1,328人次", [("1,328人次", 1328, "人次", None)]),
        ("提示风险十余处", [("十余处", 10, "处", "at_least")]),
        ("召开会议二十多次", [("二十多次", 20, "次", "at_least")]),
        ("培训调解员近300余名", [("300余名", 300, "名", "at_least")]),
        ("近百件积案化解", [("百件", 100, "件", "about")]),
        ("覆盖企业超过30余万户", [("30余万户", 300_000, "户", "at_least")]),
        ("报备率达到百分之九十八", [("百分之九十八", 98, "%", None)]),
        ("及时率为百分之百", [("百分之百", 100, "%", None)]),
        ("九成以上矛盾就地化解", [("九成", 9, "成", "at_least")]),
        ("调解结案占三成五", [("三成五", 3.5, "成", None)]),
        ("压缩一半时限", [("一半", 0.5, "", None)]),
        ("四分之一的窗口", [("四分之一", 0.25, "", None)]),
        ("办理3—5个工作日", [("3", 3, "个工作日", "at_least"), ("5个工作日", 5, "个工作日", "at_most")]),
        ("由9天缩短至4天", [("9天", 9, "天", None), ("4天", 4, "天", None)]),
        ("分别为3件、5件", [("3件", 3, "件", None), ("5件", 5, "件", None)]),
        ("不少于40学时", [("40学时", 40, "学时", "at_least")]),
        ("占比不低于15%,镇街参训", [("15%", 15, "%", "at_least")]),
        ("不超过5天答复", [("5天", 5, "天", "at_most")]),
        ("约谈企业约20家左右", [("20家", 20, "家", "about")]),
        ("15日以内办结", [("15日", 15, "日", "at_most")]),
        ("发出通报2065封", [("2065封", 2065, "封", None)]),
        ("立案1998起", [("1998起", 1998, "起", None)]),
        ("综合指数升至70.2", [("70.2", 70.2, "", None)]),
        ("排查矛盾纠纷一千一百六十件", [("一千一百六十件", 1160, "件", None)]),
        ("一百七十七人停访", [("一百七十七人", 177, "人", None)]),
        ("劝返游客四十一万游客", [("四十一万", 410_000, "", None)]),
        ("解答咨询五百余问", [("五百余问", 500, "问", "at_least")]),
        ("抽取案卷120册", [("120册", 120, "册", None)]),
        ("安排两名副区长旁听", [("两名", 2, "名", None)]),
    ],
)  # fmt: skip
def test_numbers_units_and_bounds(text, expected):
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "履行法治建设第一责任人职责", "召开第3次会议", "2023年度法治政府建设", "二〇二三年五月十六日", "自7月15日至20日", "印发〔2023〕12号文件", "《行政处罚法》第三十二条", "依托“1+8+22”防汛指挥体系",
        "12345热线", "拨打110报警", "制定6.0版改革方案", "严格落实三项制度", "推行双随机监管", "建设一站式平台", "市县乡三级联动", "落实“十四五”规划", "学习党的二十大精神", "7×24小时值守", "24小时值班", "二十届三中全会",
        "新一轮三年行动计划", "中央八项规定精神", "入选十大典型案例", "连续五年居前", "三年来稳步推进", "一批重点项目", "实现一窗受理", "下午三点到场", "开展数十场活动", "十几个部门", "三部门联合发文", "举一反三整改",
        "每月15日公示", "老百姓满意", "千方百计化解", "六五环境日", "二次供水", "位列全市第二名", "建成15分钟服务圈", "地铁3号线", "KN95口罩", "三五天",
    ],
)  # fmt: skip
def test_what_is_no_figure(text):
    assert facts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收案720件,同比增长57.54%", [("57.54%", "up", 2)]),
        ("败诉率同比下降四个百分点", [("四个百分点", "down", None)]),
        ("败诉率2.1%,较上年下降5.3个百分点", [("5.3个百分点", "down", 3)]),
        ("解决率和满意率分别为96%和97%,同比提高1.4个和1.1个百分点", [("1.4个", "up", 10), ("1.1个百分点", "up", 14)]),
        ("抽查频次减少七成", [("七成", "down", None)]),
        ("压减材料62%、时限由9天缩短至4天", [("62%", "down", None)]),
        ("收案量比上年翻两番", [("两番", "up", None)]),
        ("行政诉讼案件较上年减少18件", [("18件", "down", None)]),
        ("优良天数较上年增加11天", [("11天", "up", None)]),
        ("参训率提高3个百分点,达到98%", [("3个百分点", "up", 13)]),
        ("浓度降至33微克/立方米", []),
        ("升级改造12个窗口", []),
        ("新增编制11名", []),
        ("取消证明事项43项", []),
        ("减税4亿元", []),
        ("比例从三成提高到九成", []),
        ("满意率与上年持平", []),
    ],
)
def test_changes(text, expected):
    assert changes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年接收行政复议案件720件,同比增长57.54%,案件调解率18.6%。", [("720件", "接收行政复议案件"), ("57.54%", "接收行政复议案件"), ("18.6%", "案件调解率")]),
        ("办理代表建议30件、政协提案20件", [("30件", "办理代表建议"), ("20件", "政协提案")]),
        ("为困难群众挽回经济损失1200余万元", [("1200余万元", "挽回经济损失")]),
        ("区政府负责人出庭应诉10件", [("10件", "区政府负责人出庭应诉")]),
        ("部门3次听取工作汇报", [("3次", "听取工作汇报")]),
        ("新建6个街道调解中心", [("6个", "街道调解中心")]),
        ("4家未按时整改的单位被约谈", [("4家", "单位")]),
        ("5起案件的承办人", [("5起", "案件")]),
        ("结果公开率从三成提高到九成六", [("三成", "结果公开率"), ("九成六", "结果公开率")]),
        ("办结率、满意率均为100%", [("100%", "办结率、满意率")]),
        ("解决率和满意率分别达到96.1%和96.8%", [("96.1%", "解决率"), ("96.8%", "满意率")]),
        ("审查文件60件,废止8件", [("60件", "审查文件"), ("8件", "废止")]),
        ("社区居民300人次参加", [("300人次", "社区居民")]),
        ("压减申请材料40%", [("40%", "申请材料")]),
        ("全市到庭率由去年的86%升至97.4%", [("86%", "到庭率"), ("97.4%", "到庭率")]),
        ("48小时内转移群众6.3万人", [("48小时", "转移群众"), ("6.3万人", "转移群众")]),
        ("举办“每周一训”46期", [("46期", "举办“每周一训”")]),
    ],
)  # fmt: skip
def test_indicators(text, expected):
    assert indicators(text) == expected


@given(st.text(alphabet="一两三百千万亿余件%个成至、,。0123456789.“”同比增长下降由约的分之点半翻番", max_size=40))
def test_any_text_is_taken(text):
    for figure in figures_in(text):
        assert text[figure.start : figure.end] == figure.text
        assert figure.value >= 0
        if figure.span:
            assert text[figure.span[0] : figure.span[1]] == figure.indicator


def test_offsets_are_those_of_the_sentence(baseline):
    found = figures(baseline)
    assert len(found) > 30
    for figure in found:
        sentence = baseline.sentences[figure.sentence]
        assert sentence.text[figure.start : figure.end] == figure.text
        assert baseline.text[sentence.start + figure.start : sentence.start + figure.end] == figure.text


def test_a_tagged_report_gives_categories(report_file):
    report = read_report(report_file("青禾区", 2023, "全年受理行政复议案件12件。"))
    tag = Tag("disputes", 6, 0.9, None, 0, 0.1, "m")
    (figure,) = (f for f in figures(TaggedReport(report, (tag,) * len(report.sentences))))
    assert (figure.category, figure.year, figure.district, figure.value) == ("disputes", 2023, "青禾区", 12)


def test_a_corpus_gives_the_same_figures(report_file, tmp_path):
    from pipeline.corpus import Corpus

    path = report_file("青禾区", 2023, "全年受理行政复议案件12件。")
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add([path], tagger=None)
        stored = list(figures_of(corpus.sentences()))
    assert stored == list(figures(read_report(path)))
