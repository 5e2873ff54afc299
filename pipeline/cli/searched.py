"""What ``fazhi search`` shows of what it found, in each of its ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipeline.cli.common import Format, progress_bar, say
from pipeline.cli.shown import show
from pipeline.errors import CorpusError, EmptyFile, NotACorpus

if TYPE_CHECKING:
    from pipeline.analysis.hints import Part
    from pipeline.analysis.tables import TermTable
    from pipeline.corpus import Corpus, Hit
    from pipeline.show import Provenance, Row

_MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A query to a corpus, and how its answer is to be shown."""

    corpus: Corpus
    query: str
    exact: bool
    format: Format
    output: Path | None
    provenance: Provenance | None

    def show(self, rows: Iterable[Row], fields: Sequence[str], **how: Sequence[str]) -> None:
        """Print or write rows."""
        show(rows, fields, format=self.format, output=self.output, provenance=self.provenance, **how)


def show_hits(asked: Asked, sort: str, limit: int | None, context: int) -> None:
    """Sentences, with their neighbours where they are asked for."""
    order = {"relevance": "score"}.get(sort, sort)
    results = asked.corpus.search(asked.query, limit=limit, exact=asked.exact, sort=order)  # type: ignore[arg-type]
    if asked.format is not Format.table:
        from pipeline.show import SEARCH_FIELDS

        asked.show(_hit_rows(asked.corpus, results.hits, context), (*SEARCH_FIELDS, *(("before", "after") if context else ())))
        return
    from pipeline.show.tables import print_hits

    around = asked.corpus.neighbours if context else None
    print_hits((hit.sentence, hit.matches, *(around(hit.sentence, context) if around else ((), ()))) for hit in results.hits)
    _say_total(results.total, results.occurrences, len(results.hits), "sentence")
    if not results.total:
        _say_why(asked)


def _hit_rows(corpus: Corpus, hits: Iterable[Hit], context: int) -> Iterator[Row]:
    from pipeline.show import hit_row

    for hit in hits:
        row = hit_row(hit.sentence, hit.matches, hit.score)
        if context:
            before, after = corpus.neighbours(hit.sentence, context)
            row = {**row, "before": "".join(s.text for s in before), "after": "".join(s.text for s in after)}
        yield row


def show_kwic(asked: Asked, width: int, sort: str, limit: int | None) -> None:
    """Occurrences, one a line."""
    from pipeline.analysis.rows import KWIC_FIELDS, kwic_rows

    with progress_bar("Reading sentences") as progress:
        found = asked.corpus.kwic(asked.query, width=width, sort=sort, limit=limit, exact=asked.exact, progress=progress)
    if asked.format is not Format.table:
        asked.show(kwic_rows(found.lines), KWIC_FIELDS)
        return
    from pipeline.show.tables import print_concordance

    print_concordance((f"{line.sentence.report} #{line.sentence.number + 1}", line.left, line.match, line.right) for line in found.lines)
    _say_total(found.total, found.occurrences, len(found.lines), "line")
    if not found.total:
        _say_why(asked)


def _say_total(total: int, occurrences: int, shown: int, what: str) -> None:
    whole = occurrences if what == "line" else total
    cut = "" if shown == whole else f", {shown} {'lines ' if what == 'line' else ''}shown (--all shows every one)"
    typer.echo(f"{_number(total, 'sentence')}, {_number(occurrences, 'occurrence')}{cut}")


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def show_counts(asked: Asked, by: str) -> None:
    """Counts by one property."""
    from pipeline.analysis.rows import COUNT_FIELDS, count_rows, group_fields

    counts = asked.corpus.counts(asked.query, by, exact=asked.exact)
    asked.show(count_rows(counts), (*group_fields(by), *COUNT_FIELDS), left=group_fields(by))
    if asked.format is Format.table:
        total = counts.total
        rate = f"{total.per_10000:.2f} per 10,000 characters"
        typer.echo(f"{_number(total.sentences, 'sentence')}, {_number(total.occurrences, 'occurrence')} in {_number(total.reports, 'report')}; {rate}")


def show_facets(asked: Asked, most: int | None) -> None:
    """Counts by every property, at most so many values of each."""
    from pipeline.analysis.rows import FACET_FIELDS, facet_rows

    facets = asked.corpus.facets(asked.query, exact=asked.exact)
    asked.show(facet_rows(facets, most if asked.format is Format.table else None), FACET_FIELDS, left=("value",))


def show_terms(asked: Asked, terms: Sequence[str], by: str, measure: str) -> None:
    """A table of terms: on the screen a row a term, in a file a column a term."""
    from pipeline.analysis.rows import term_fields, term_rows

    table = asked.corpus.term_table(terms, by, within=asked.query or None, exact=asked.exact)
    if asked.format is Format.table:
        _print_terms(asked, table, measure)
        return
    asked.show(term_rows(table, asked.corpus.reports(), measure), term_fields(table))


def _print_terms(asked: Asked, table: TermTable, measure: str) -> None:
    if len(table.groups) > _MOST_COLUMNS:
        sums = zip(table.terms, table.sentences, table.occurrences, strict=True)
        rows: list[Row] = [{"term": t, "sentences": sum(s), "occurrences": sum(o), f"{table.by}s": sum(1 for n in o if n)} for t, s, o in sums]
        asked.show(rows, ("term", "sentences", "occurrences", f"{table.by}s"), left=("term",))
        say(f"write the {len(table.terms)} terms by {len(table.groups)} {table.by}s to a file: -f xlsx -o terms.xlsx")
        return
    from pipeline.analysis.rows import group_fields, term_rows

    by_group = list(term_rows(table, (), measure))
    names = [str(row[group_fields(table.by)[0]] or "none") for row in by_group]
    columns = [list(row.values())[-len(table.terms) :] for row in by_group]
    turned: list[Row] = [{"term": term, **{name: column[at] for name, column in zip(names, columns, strict=True)}} for at, term in enumerate(table.terms)]
    asked.show(turned, ("term", *names), left=("term",))


def term_list(file: Path) -> list[str]:
    """The terms of a file, one a line; empty lines and those that begin with # are left out."""
    from pipeline.read import read

    terms = [line.strip() for line in read(file).text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not terms:
        raise EmptyFile(str(file), "there is no term in it", "give one term a line")
    return terms


def explain(query: str, folder: Path, exact: bool) -> None:
    """How a query is read and, where there is a corpus, what each part of it finds."""
    from pipeline.corpus import Corpus
    from pipeline.search.parser import parse
    from pipeline.search.wording import in_words

    typer.echo(in_words(parse(query)))
    try:
        with Corpus.open(folder) as corpus:
            parts = corpus.parts(query, exact=exact)
    except NotACorpus:
        return
    typer.echo("")
    _echo_parts(parts)


def _echo_parts(parts: Iterable[Part]) -> None:
    for part in parts:
        typer.echo(f"{'  ' * part.depth}{part.query}  {_found(part)}")


def _found(part: Part) -> str:
    return _number(part.sentences, "sentence") + (f", {_number(part.occurrences, 'occurrence')}" if part.occurrences else "")


def _say_why(asked: Asked) -> None:
    """Why nothing was found: what each part finds, and near queries that find something."""
    parts = asked.corpus.parts(asked.query, exact=asked.exact)
    if len(parts) > 1:
        say("each part by itself:")
        for part in parts[1:]:
            say(f"  {'  ' * (part.depth - 1)}{part.query}  {_found(part)}")
    variants = asked.corpus.variants(asked.query, exact=asked.exact)
    if variants:
        say("what does occur:")
        for one in variants:
            say(f"  {one.query}  {_number(one.sentences, 'sentence')} ({one.how})")


def verify(corpus: Corpus, query: str, exact: bool) -> None:
    """Compare the answer with a scan."""
    found = corpus.verify(query, exact=exact)
    numbers = f"{_number(found.sentences, 'sentence')}, {_number(found.occurrences, 'occurrence')}"
    if found.right:
        typer.echo(f"{numbers}: the same as a scan of all {found.scanned} sentences finds")
        return
    scanned = f"{_number(found.scanned_sentences, 'sentence')}, {_number(found.scanned_occurrences, 'occurrence')}"
    raise CorpusError(query, f"the index finds {numbers}, a scan of the stored text {scanned}", "make the index anew with `fazhi index`, and report this query")
