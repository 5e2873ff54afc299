"""``fazhi index``: rebuild a corpus's index."""

from __future__ import annotations

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, say


def command(corpus: CorpusFolder = DEFAULT_CORPUS) -> None:
    """Make the search index of a corpus anew from its stored reports."""
    from pipeline.corpus import Corpus

    with Corpus.open(corpus) as opened:
        opened.rebuild_index()
        say(f"the index of {len(opened.reports())} reports in {corpus} is made anew")
