from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.batch import read_report
from pipeline.compare import compare, mirror, repeats, rows
from pipeline.data import TaggedReport
from pipeline.errors import CorpusError


def test_every_measure_of_both_reports_is_matched(tagged_baseline, sample, matcher):
    found = mirror(tagged_baseline, sample, matcher=matcher, nearest=3)
    assert len(found.of_baseline) == sum(tag.code != 0 for tag in tagged_baseline.tags)
    assert len(found.of_report) == sum(tag.code != 0 for tag in sample.tags)
    for match in found.of_baseline:
        assert tagged_baseline.report.sentences[match.measure.sentence - 1].text == match.measure.text
        assert len(match.nearest) == 3
        assert [near.similarity for near in match.nearest] == sorted((near.similarity for near in match.nearest), reverse=True)
        assert all(sample.report.sentences[near.sentence - 1].text == near.text for near in match.nearest)
    assert {match.judgement for match in found.of_baseline} == {"same", "related", "absent"}


def test_a_report_has_all_of_itself(tagged_baseline, matcher):
    found = mirror(tagged_baseline, tagged_baseline, matcher=matcher)
    assert {match.judgement for match in found.of_baseline} == {"same"}
    assert found.missing == found.new == ()
    assert all(match.nearest[0].text == match.measure.text for match in found.of_baseline)


def test_other_words_are_the_same_and_another_act_is_not(tagged, matcher):
    one = tagged("甲区", 2023, "组织执法资格考试6期,通过率98.59%。", "制定防汛应急预案。")
    other = tagged("乙区", 2023, "全区执法队员先进考场再上岗,考证合格的占九成八。", "深入开展宪法宣传周活动。")
    found = {match.measure.text: match for match in mirror(one, other, matcher=matcher).of_baseline}
    assert found["组织执法资格考试6期,通过率98.59%。"].judgement == "same"
    assert found["制定防汛应急预案。"].judgement == "absent"


def report_of(path, tagger, *parts: tuple[str, str]) -> TaggedReport:
    path.write_text("某区2024年法治政府建设年度情况报告\n" + "".join(f"{heading}\n{text}\n" for heading, text in parts), encoding="utf-8")
    report = read_report(path)
    return TaggedReport(report, tuple(tagger.tag(report)))


def test_a_shortcoming_or_a_plan_is_not_what_was_done(tmp_path, tagged_baseline, tagger, matcher):
    done, rest = "公布新一轮权责清单，动态调整行政权力事项213项。", "组织开展普法活动30场。"
    said = report_of(tmp_path / "a.txt", tagger, ("一、主要举措", done), ("二、存在的不足", "个别部门执法不规范。"), ("三、下一步工作", rest))
    wanting = report_of(tmp_path / "b.txt", tagger, ("一、主要举措", rest), ("二、存在的不足", done), ("三、下一步工作", rest))
    judged = [next(m for m in mirror(tagged_baseline, r, matcher=matcher).of_baseline if "1464项" in m.measure.text) for r in (said, wanting)]
    assert [match.judgement == "same" for match in judged] == [True, False]


def test_a_line_that_announces_others_states_nothing(tmp_path, tagged_baseline, tagger, matcher):
    said = "区委书记、区长亲自部署法治建设工作，带头学法讲法"
    report = report_of(tmp_path / "a.txt", tagger, ("一、主要举措", f"{said}：\n{said}。"))
    found = next(m for m in mirror(tagged_baseline, report, matcher=matcher).of_baseline if m.measure.text.startswith("区委书记、区长亲自部署"))
    near = {item.text[-1]: item.similarity for item in found.nearest}
    assert near["："] < near["。"] / 2


def test_what_was_done_does_not_answer_a_shortcoming_though_the_report_has_no_sections(tagged_baseline, tagged, matcher):
    report = tagged("甲区", 2024, "各局局长走上法庭直面原告，没有一次缺席。")
    found = {match.measure.text: match.judgement for match in mirror(tagged_baseline, report, matcher=matcher).of_baseline}
    assert found["二是行政机关负责人出庭应诉亟待加强。"] != "same"
    assert next(judged for text, judged in found.items() if "出庭应诉10件" in text) == "same"


def test_the_judgement_does_not_hang_on_how_many_sentences_are_listed(tagged_baseline, sample, matcher):
    one, five = (mirror(tagged_baseline, sample, matcher=matcher, nearest=count) for count in (1, 5))
    for few, many in ((one.of_baseline, five.of_baseline), (one.of_report, five.of_report)):
        assert [match.judgement for match in few] == [match.judgement for match in many]


def test_nearest_below_one_is_misuse(sample, matcher):
    with pytest.raises(ValueError, match="nearest"):
        mirror(sample, sample, matcher=matcher, nearest=0)


SAID = "严格落实重大行政决策程序,制定重大行政决策事项目录并向社会公开。"


def test_boilerplate_names_its_source(tagged):
    last, now = tagged("青禾区", 2022, SAID, "受理行政复议案件12件,办结11件。"), tagged("青禾区", 2023, SAID, "受理行政复议案件31件,办结30件。")
    other = tagged("白塔区", 2021, SAID)
    found = {(item.place.report, item.place.text): item for item in repeats([now.report, last.report, other.report])}
    repeated = found["青禾区-2023", SAID]
    assert (repeated.source.report, repeated.exact, repeated.last_year) == ("青禾区-2022", True, True)
    figures = found["青禾区-2023", "受理行政复议案件31件,办结30件。"]
    assert (figures.source.text, figures.exact) == ("受理行政复议案件12件,办结11件。", False)
    assert found["青禾区-2022", SAID].source.report == "白塔区-2021"
    assert ("白塔区-2021", SAID) not in found


def test_nothing_is_repeated_within_one_report(tagged):
    assert repeats([tagged("青禾区", 2022, SAID, SAID).report]) == ()


def test_many_reports_give_a_matrix_and_a_list_by_districts(tagged_baseline, tagged, tagger, matcher):
    fresh = "设立“渔家法庭”,法官随船巡回审理海上纠纷。"
    reports = [tagged("青禾区", 2023, SAID, fresh), tagged("白塔区", 2023, SAID, fresh), tagged("白塔区", 2022, fresh)]
    found = compare(reports, tagged_baseline, tagger=tagger, matcher=matcher)
    assert [profile.report for profile in found.profiles] == ["daxing-2023", "青禾区-2023", "白塔区-2023", "白塔区-2022"]
    by_text = {item.measure.text: item for item in found.spread}
    assert (by_text[SAID].districts, by_text[SAID].in_baseline) == (3, True)
    new = by_text[fresh]
    assert (new.districts, len(new.places), new.in_baseline) == (2, 3, False)
    assert [item.districts for item in found.spread] == sorted((item.districts for item in found.spread), reverse=True)


def test_two_processes_give_what_one_gives(tagged_baseline, sample, tagged, tagger):
    reports = [sample, tagged("青禾区", 2023, SAID)]
    assert compare(reports, tagged_baseline, tagger=tagger, jobs=2) == compare(reports, tagged_baseline, tagger=tagger, jobs=1)


def test_reports_without_tags_or_with_one_name_are_refused(tagged_baseline, sample, tagger):
    with pytest.raises(CorpusError, match="no tags"):
        compare([replace(sample, tags=())], tagged_baseline, tagger=tagger)
    with pytest.raises(CorpusError, match="two reports have this name"):
        compare([sample, sample], tagged_baseline, tagger=tagger)


def test_rows_have_the_fields_that_they_name(tagged_baseline, sample, tagger, matcher):
    found = compare([sample], tagged_baseline, tagger=tagger, matcher=matcher)
    parts = (
        (rows.mirror_rows(found.mirrors), rows.MIRROR_FIELDS), (rows.share_rows(found), rows.share_fields(found)),
        (rows.spread_rows(found), rows.SPREAD_FIELDS), (rows.repeat_rows(found), rows.REPEAT_FIELDS), (rows.count_rows(found), rows.COUNT_FIELDS),
    )  # fmt: skip
    for listed, fields in parts:
        assert all(tuple(row) == fields for row in listed)
