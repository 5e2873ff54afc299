"""The page of a comparison: it stands alone, every link arrives, every number is right, and no text of a report becomes markup."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.batch import read_report
from pipeline.categories import Category, Scheme, scheme
from pipeline.cli.app import app
from pipeline.compare import page as module
from pipeline.compare.book import Book, FigureRow, Mention, labels
from pipeline.compare.page import LANGUAGES, catalogue, colour, to_html
from pipeline.compare.results import Comparison, Match, Measure, Mirror, Near, Place, Profile, Repeat, Share, Spread
from pipeline.data import Tag, TaggedReport
from pipeline.errors import OutputError
from pipeline.show import charts

HOSTILE = '<script>alert("区")</script><img src=http://evil.example/x onerror=1>{{ 7*7 }}{% raw %}&amp;\'"'
LOADS = {"src", "srcset", "poster", "data", "action", "background", "formaction", "ping"}


class Reading(HTMLParser):
    """What a page holds: tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(attribute)) is not None]


def tagged(path: Path) -> TaggedReport:
    report = read_report(path)
    codes = [i % 3 if report.role(sentence) == "measures" else 0 for i, sentence in enumerate(report.sentences)]
    return TaggedReport(report, tuple(Tag(scheme().slug(code), code, 0.91, None, 0, 0.05, "fazhi-7-2026.11-test") for code in codes))


def measures(one: TaggedReport) -> list[Measure]:
    report = one.report
    rows = enumerate(zip(report.sentences, one.tags, strict=True), 1)
    return [Measure(report.name, i, s.text, tag.category or "", tag.code, report.role(s), report.heading(s)) for i, (s, tag) in rows if tag.code]


def matches(one: TaggedReport, other: TaggedReport, turn: int) -> tuple[Match, ...]:
    near = tuple(Near(i, s.text, 0.9 / i) for i, s in enumerate(other.report.sentences[:3], 1))
    return tuple(Match(measure, ("same", "related", "absent")[(i + turn) % 3], near) for i, measure in enumerate(measures(one)))


def profile(one: TaggedReport) -> Profile:
    count = Counter(tag.code for tag in one.tags if tag.code)
    total = sum(count.values()) or 1
    shares = tuple(Share(c.slug, c.code, count[c.code], count[c.code] / total, count[c.code] / total, 0.0, 0.9) for c in scheme().categories)
    return Profile(one.report.name, one.report.metadata.district, one.report.metadata.year, total, shares)


def place(one: TaggedReport, sentence: int) -> Place:
    metadata = one.report.metadata
    return Place(one.report.name, metadata.district, metadata.year, sentence, one.report.sentences[sentence - 1].text)


@pytest.fixture
def compared(report_file):
    """Comparisons with 青禾区 of one report or of several, in which one sentence is hostile."""

    def make(count: int) -> Comparison:
        said = ("受理行政复议案件12件,同比增长20%。", "调解纠纷80件。", f"推行{HOSTILE}改革。", "组织普法宣传30场。")
        base = tagged(report_file("青禾区", 2023, *said))
        reports = [
            tagged(report_file(f"{'山河湖海林'[i % 5]}{'东西南北'[i % 4]}区", 2024, *said, f"收到行政复议申请{i}件。", name=f"report {i}.txt"))
            for i in range(count)
        ]
        mirrors = tuple(Mirror(base.report.name, one.report.name, matches(base, one, i), matches(one, base, i)) for i, one in enumerate(reports))
        away = Place("elsewhere", "他区", 2022, 3, "另有出处。")
        spread = (Spread(measures(base)[0], (place(base, 3),), 1, True), Spread(measures(reports[0])[0], (place(reports[0], 3), away), 2, False))
        repeats = (Repeat(place(reports[0], 3), place(base, 3), 1.0, True, False), Repeat(place(reports[-1], 4), away, 0.85, False, True))
        return Comparison(base, tuple(reports), (profile(base), *map(profile, reports)), mirrors, spread, repeats)

    return make


@pytest.fixture(params=[1, 3, 7])
def comparison(request, compared):
    return compared(request.param)


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def test_the_page_needs_nothing_else(comparison, language):
    html = to_html(comparison, language=language)
    seen = Reading(html)
    assert not LOADS & {name for _, attrs in seen.tags for name in attrs}
    assert not {"script", "link", "iframe", "object", "embed", "base", "form", "img"} & {tag for tag, _ in seen.tags}
    assert all(target.startswith("#") for target in seen.all("href"))
    assert not re.search(r"@import|url\(", html)
    assert "default-src 'none'" in html


def test_every_link_has_its_one_target(comparison, language):
    seen = Reading(to_html(comparison, language=language))
    ids = seen.all("id")
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in seen.all("href")} <= set(ids)


def test_text_of_reports_never_becomes_markup(comparison, language):
    rows = [FigureRow(HOSTILE, ((Mention(HOSTILE, 1, HOSTILE),), *[()] * len(comparison.reports)))]
    html = to_html(comparison, language=language, figures=rows)
    seen = Reading(html)
    assert HOSTILE in "".join(seen.words)
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]
    assert "推行49" not in html


def test_every_sentence_stands_once_in_the_full_texts_with_its_number(comparison):
    html = to_html(comparison)
    assert html.count('<p class="t ') == sum(len(one.report.sentences) for one in (comparison.baseline, *comparison.reports))
    last = comparison.reports[-1].report
    found = re.search(rf'id="r{len(comparison.reports)}s{len(last.sentences)}">.*?<span>(.*?)</span>', html)
    assert found
    assert found[1] == last.sentences[-1].text


def test_the_summary_counts_what_the_mirror_holds(compared):
    comparison = compared(1)
    mirror = comparison.mirrors[0]
    count = Counter(match.judgement for match in mirror.of_baseline)
    seen = Reading(to_html(comparison))
    said = f"山东区2024年有同一举措 {count['same']} 项（{count['same'] / len(mirror.of_baseline):.0%}），相关而不同 {count['related']} 项，未见 {count['absent']} 项"
    assert f"共有 {len(mirror.of_baseline)} 项举措。{said}" in seen.text
    assert f"{len(mirror.new)} 项是基准没有的提法" in seen.text


def test_many_reports_are_counted_by_measure(compared):
    comparison = compared(3)
    book = Book(comparison, scheme())
    counts = [count for count, _ in book.by_districts()]
    assert counts == sorted(counts, reverse=True)
    assert all(count == sum(match.judgement == "same" for match in row) for count, row in book.by_districts())
    assert [spread.districts for spread in book.elsewhere()] == [2]


def test_a_judgement_is_a_word_and_not_a_colour_alone(compared, language):
    words = catalogue(language)
    table = to_html(compared(1), language=language).split('<table class="mirror">')[1].split("</table>")[0]
    cells = re.findall(r'<td class="j">(.*?)</td>', table)
    assert cells
    assert all(any(words[judgement] in cell for judgement in ("same", "related", "absent")) for cell in cells)


def test_boilerplate_names_its_source_even_where_that_is_not_on_the_page(compared):
    text = Reading(to_html(compared(1))).text
    assert "青禾区2023年第 3 句" in text
    assert "他区2022年第 3 句" in text
    assert "不在本页" in text


def test_figures_are_found_lined_up_and_linked_with_their_change(compared):
    html = to_html(compared(1))
    row = re.search(r'<tr><th scope="row">[^<]*行政复议[^<]*</th>(.*?)</tr>', html)
    assert row
    assert re.search(r'<a href="#r0s\d+">12件 <small>↑20%</small></a>', row[1])


def test_an_indicator_of_one_report_is_listed_apart(compared):
    rows = [FigureRow("法律援助", ((Mention("8件", 1),), ())), FigureRow("行政复议", ((Mention("12件", 1),), (Mention("1件", 2),)))]
    book = Book(compared(1), scheme(), rows)
    assert [row.indicator for row in book.shared] == ["行政复议"]
    assert [row.indicator for row in book.single_of(book.baseline)] == ["法律援助"]


def test_reports_of_one_district_and_year_are_told_apart_by_name(report_file):
    twice = [tagged(report_file("青禾区", 2023, "修路。", name=f"{name}.txt")) for name in ("甲", "乙")]
    assert labels(twice, "{district}{year}年") == ["青禾区2023年 (甲)", "青禾区2023年 (乙)"]


def test_the_page_tells_when_and_with_what_it_was_made(compared, language):
    text = Reading(to_html(compared(1), language=language, made=datetime(2026, 3, 1, 9, 30))).text
    assert "2026-03-01 09:30" in text
    assert "fazhi-7-2026.11-test" in text
    assert compared(1).baseline.report.sha256[:16] in text


def test_same_comparison_same_page(compared):
    when = datetime(2026, 3, 1)
    assert to_html(compared(3), made=when) == to_html(compared(3), made=when)


def test_both_languages_have_the_same_words_with_the_same_blanks():
    def blanks(language):
        return {key: set(re.findall(r"{(\w+)}", text)) for key, text in catalogue(language).items() if isinstance(text, str)}

    assert blanks("zh") == blanks("en")
    assert set(catalogue("en")["category"]) == {category.slug for category in scheme().categories}


def test_no_word_of_a_language_is_unused():
    template = (Path(module.__file__).parent / "templates" / "page.html.j2").read_text(encoding="utf-8")
    source = template + Path(module.__file__).read_text(encoding="utf-8")
    spoken = list(tomllib.loads((Path(module.__file__).parent / "templates" / "zh.toml").read_text(encoding="utf-8")))
    built = {f"legend_{judgement}" for judgement in ("same", "related", "absent")} | {"same", "related", "absent"}
    assert [key for key in spoken if f'"{key}"' not in source and f"'{key}'" not in source and key not in built] == []


def test_another_scheme_has_its_own_names_and_colours(compared):
    own = Scheme("budget-9", tuple(Category(i, f"kind-{i}", f"第{i}种", f"{i}种", "") for i in range(1, 10)))
    plain = compared(1)
    shares = tuple(Share(category.slug, category.code, 1, 0.1, 0.1, 0.0, 0.2) for category in own.categories)
    html = to_html(replace(plain, profiles=tuple(replace(one, shares=shares) for one in plain.profiles)), scheme=own)
    assert "2种" in html
    assert colour(8) == charts.COLOURS[0]


def test_an_unknown_language_is_misuse(compared):
    with pytest.raises(ValueError, match="zh, en"):
        to_html(compared(1), language="fr")  # type: ignore[arg-type]


def test_twenty_reports_stay_small(compared):
    assert len(to_html(compared(20)).encode()) < 1_500_000


def test_a_report_without_a_measure_or_a_district_still_makes_a_page(compared, tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("现将有关情况报告如下。\n特此报告。\n", encoding="utf-8")
    report = read_report(plain)
    empty = TaggedReport(report, tuple(Tag(None, 0, 0.9, None, 0, 0.0, "fazhi-7-2026.11-test") for _ in report.sentences))
    base = compared(1).baseline
    mirror = Mirror(base.report.name, report.name, matches(base, empty, 0), ())
    html = to_html(Comparison(base, (empty,), (profile(base), profile(empty)), (mirror,), (), ()))
    assert "plain" in Reading(html).text
    nothing = Mirror(report.name, "own", (), ())
    own = replace(empty, report=replace(report, name="own"))
    assert "0 项举措" in Reading(to_html(Comparison(empty, (own,), (profile(empty), profile(own)), (nothing,), (), ()))).text


def test_the_command_writes_the_page_whole_or_not_at_all(report_file, tmp_path):
    path = report_file("青禾区", 2023, "受理行政复议案件12件。", "组织普法宣传30场。")
    done = CliRunner().invoke(app, ["compare", str(path), "--html", str(tmp_path / "页.html"), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "青禾区" in Reading((tmp_path / "页.html").read_text(encoding="utf-8")).text
    failed = CliRunner().invoke(app, ["compare", str(path), "--html", str(tmp_path)])
    assert isinstance(failed.exception, OutputError)
