"""A comparison as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from pipeline.compare import rows
from pipeline.compare.results import Comparison, Match, Mirror, Profile
from pipeline.show.export import Row
from pipeline.show.tables import console, print_table

_FEW = 20


def print_comparison(comparison: Comparison) -> None:
    """The shares, then the mirror of one report, or what many have in common, then boilerplate."""
    _title("shares of the categories in %, corrected for the tagger's errors, with 95% intervals")
    slugs = [share.category for share in comparison.profiles[0].shares]
    print_table(map(_shares, comparison.profiles), ("report", "measures", *slugs), numbers=("measures", *slugs))
    if len(comparison.mirrors) == 1:
        print_mirror(comparison.mirrors[0])
    else:
        _title("measures of the baseline that each report has (same), has something near to (related) and lacks (absent); new ones; repeated sentences")
        print_table(rows.count_rows(comparison), rows.COUNT_FIELDS, numbers=rows.COUNT_FIELDS[2:])
        _title(f"measures by how many districts have them (the first {_FEW}; all with --show spread)")
        print_table(_first(rows.spread_rows(comparison)), ("districts", "in_baseline", "category", "report", "sentence", "text"), numbers=("districts",))
    if comparison.repeats:
        _title(f"boilerplate: {len(comparison.repeats)} sentences that an earlier report has (the first {_FEW}; all with --show boilerplate)")
        print_table(_first(rows.repeat_rows(comparison)), ("report", "sentence", "source", "source_sentence", "overlap", "text"))


def print_mirror(mirror: Mirror) -> None:
    """What the baseline has and the report has not, what both have, and what is new."""
    _matches(f"基准有而本区无: measures of {mirror.baseline} that {mirror.report} lacks", mirror.missing)
    _matches("相关: the same subject, another measure", [match for match in mirror.of_baseline if match.judgement == "related"])
    _matches("共有: the same measure in both", [match for match in mirror.of_baseline if match.judgement == "same"])
    _matches(f"本区新提法: measures of {mirror.report} that {mirror.baseline} does not have", mirror.new)


def _matches(title: str, matches: Sequence[Match]) -> None:
    _title(f"{title} ({len(matches)})")
    for match in matches:
        measure, near = match.measure, match.nearest[:1]
        console().print(Text(f"  #{measure.sentence} {measure.category}  {measure.text}"))
        for other in near if match.judgement != "absent" else ():
            console().print(Text(f"      {other.similarity:.2f} #{other.sentence}  {other.text}", style="dim"))


def _shares(profile: Profile) -> Row:
    shares = {share.category: f"{share.share:.0%} {100 * share.low:.0f}-{100 * share.high:.0f}" for share in profile.shares}
    return {"report": profile.report, "measures": profile.measures, **shares}


def _first(listed: Iterable[Row]) -> Iterator[Row]:
    return (row for row, _ in zip(listed, range(_FEW), strict=False))


def _title(text: str) -> None:
    console().print(Text(f"\n{text}", style="bold"))
