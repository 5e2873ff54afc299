"""``fazhi search``: find phrases across the reports of a corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output


def command(
    query: Annotated[str, typer.Argument(help="A phrase, or phrases with AND OR NOT (与 或 非), parentheses, and filters such as year:2020..2023.")],
    corpus: CorpusFolder = DEFAULT_CORPUS,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="How many sentences to show.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Show all sentences.")] = False,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show them.")] = Format.table,
    output: Output = None,
) -> None:
    """Find every sentence that contains a phrase.

    A term is literal and finds what contains it, whatever its words: 行政复议 finds 行政复议委员会. A space or AND means both, OR either, NOT neither.
    Quote a phrase that holds spaces or marks, with any quotes: “双随机、一公开”. Filters: district:大兴 year:2020..2023 category:disputes role:measures
    heading:复议 report:NAME.
    """
    from pipeline.corpus import Corpus
    from pipeline.show import SEARCH_FIELDS, hit_row, write_rows

    with Corpus.open(corpus) as opened:
        results = opened.search(query, limit=None if everything else limit)
        if format is not Format.table:
            rows = (hit_row(hit.sentence, hit.matches, hit.score) for hit in results.hits)
            write_rows(rows, SEARCH_FIELDS, to=output, format=format)
            return
    from pipeline.show.tables import print_hits

    print_hits((hit.sentence, hit.matches) for hit in results.hits)
    shown = "" if len(results.hits) == results.total else f", {len(results.hits)} shown (--all shows every one)"
    typer.echo(f"{results.total} {'sentence' if results.total == 1 else 'sentences'}{shown}")
