"""Results as a person reads them in a terminal. The one file that knows rich's tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.categories import scheme
from pipeline.show.export import Row
from pipeline.store import StoredSentence

if TYPE_CHECKING:
    from pipeline.tag.explain import Explanation


def console() -> Console:
    """A console that never reads report text as markup, and does not cut lines where output goes to a file."""
    width = None if sys.stdout.isatty() else 160
    return Console(markup=False, highlight=False, width=width, soft_wrap=not sys.stdout.isatty())


def print_table(rows: Iterable[Row], fields: Sequence[str], *, numbers: Sequence[str] = ()) -> None:
    """Rows as a table with one column a field; ``numbers`` are set to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for field in fields:
        table.add_column(field, justify="right" if field in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if (value := row.get(field)) is None else str(value)) for field in fields))
    console().print(table)


Sentences = Sequence[StoredSentence]


def print_hits(
    hits: Iterable[tuple[StoredSentence, Sequence[tuple[int, int]]] | tuple[StoredSentence, Sequence[tuple[int, int]], Sentences, Sentences]],
) -> None:
    """Sentences under a line that says where each stands, with the matches marked, and with the sentences before and behind where they are given."""
    out = console()
    for sentence, matches, *around in hits:
        place = " · ".join(part for part in (sentence.district, str(sentence.year or ""), sentence.heading, sentence.category) if part)
        out.print(Text(f"{sentence.report} #{sentence.number + 1}", style="bold"), Text(place, style="dim"))
        before, after = around or ((), ())
        for other in before:
            out.print(Text(f"  {other.text}", style="dim"))
        out.print(Text("  ") + marked(sentence.text, matches, colour=out.is_terminal))
        for other in after:
            out.print(Text(f"  {other.text}", style="dim"))


def print_concordance(lines: Iterable[tuple[str, str, str, str]]) -> None:
    """Occurrences below each other, each with its place, what stands before it, itself, and what stands behind."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for justify in ("left", "right", "left", "left"):
        table.add_column(justify=justify, no_wrap=True)
    for place, left, match, right in lines:
        table.add_row(Text(place, style="dim"), Text(left), Text(match, style="bold red"), Text(right))
    if table.rows:
        console().print(table)


def marked(text: str, matches: Sequence[tuple[int, int]], *, colour: bool) -> Text:
    """A sentence with its matches in bold on a terminal, in 【】 elsewhere.

    >>> marked("受理复议案件", [(2, 4)], colour=False).plain
    '受理【复议】案件'
    """
    out, at = Text(), 0
    for start, end in _merged(matches):
        out.append(text[at:start])
        out.append(text[start:end] if colour else f"【{text[start:end]}】", style="bold red" if colour else "")
        at = end
    out.append(text[at:])
    return out


def _merged(matches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(matches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def print_explanation(explanation: Explanation) -> None:
    """Why a sentence has its tag, in lines that a person reads."""
    out, tag = console(), explanation.tag
    out.print(Text(explanation.text, style="bold"))
    out.print(Text(f"{_name(tag.code)}  {tag.probability:.1%}, then {_name(tag.second_code)}  {tag.second_probability:.1%}  ({tag.model})"))
    words, headings, neighbours, place = explanation.shares
    out.print(Text(f"\nshare of the decision: words {words:.0%}, headings {headings:.0%}, neighbours {neighbours:.0%}, place in the report {place:.0%}"))
    for title, sign in (("words for it", 1), ("words against it", -1)):
        chosen = sorted((w for w in explanation.word_weights if w.weight * sign > 0.005), key=lambda w: -w.weight * sign)[:8]
        out.print(Text(f"{title}: " + ("  ".join(f"{w.word} {w.weight:+.2f}" for w in chosen) or "none")))
    out.print(Text("\nnearest labelled sentences"))
    for near in explanation.nearest:
        out.print(Text(f"  {near.similarity:.2f}  {near.label}  {near.report}  {near.text}"))


def _name(code: int) -> str:
    found = scheme().get(code)
    return f"{code} {found.short}" if found else "0 非举措"
