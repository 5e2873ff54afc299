"""The analyses as methods of the corpus. Each is one function of a module here, which says more."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from pipeline.search import Facets, IndexedReport, parse

if TYPE_CHECKING:
    from pipeline.analysis.collocates import Collocate
    from pipeline.analysis.hints import Part, Variant
    from pipeline.analysis.keyness import Keyword
    from pipeline.analysis.kwic import Concordance
    from pipeline.analysis.ngrams import Ngram
    from pipeline.analysis.similar import Similar
    from pipeline.analysis.source import Progress, Source
    from pipeline.analysis.tables import Counts, TermTable
    from pipeline.analysis.verify import Verification
    from pipeline.show import Provenance
    from pipeline.store import StoredSentence

T = TypeVar("T")


class Analyses(ABC):
    """What is counted from a search, and from all texts together. A query that cannot be read raises :class:`pipeline.errors.QueryError`.

    ``progress`` is a function of how many sentences were read, and of how many; it is called now and then, where much is read.
    """

    @abstractmethod
    def _source(self) -> Source:
        """The corpus as it is now, its index brought up to it."""

    @abstractmethod
    def _asked(self, ask: Callable[[Source], T]) -> T:
        """What is answered from one state of the corpus: asked again where reports went in between."""

    @abstractmethod
    def _indexed(self, keys: Sequence[int]) -> Iterator[IndexedReport]:
        """Reports by their ids, as an engine takes them in."""

    def kwic(
        self, query: str, *, width: int = 20, sort: str = "relevance", limit: int | None = None, exact: bool = False, progress: Progress | None = None
    ) -> Concordance:
        """Every occurrence on a line, with ``width`` characters on each side; sorted by relevance, year, district, report, left or right."""
        from pipeline.analysis import kwic

        return self._asked(lambda source: kwic.concordance(source, query, width=width, sort=sort, limit=limit, exact=exact, progress=progress))

    def neighbours(self, sentence: StoredSentence, count: int = 1) -> tuple[tuple[StoredSentence, ...], tuple[StoredSentence, ...]]:
        """The sentences before and behind a sentence in its report."""
        from pipeline.analysis import kwic

        return kwic.neighbours(self._source(), sentence, count)

    def facets(self, query: str, *, exact: bool = False) -> Facets:
        """How many of the sentences found have each district, year, category, role and heading."""
        return self._source().find(parse(query), exact=exact).facets()

    def counts(self, query: str, by: str = "year", *, exact: bool = False) -> Counts:
        """Sentences, occurrences, reports, and occurrences per 10,000 characters by year, district, category, role, heading or report."""
        from pipeline.analysis import tables

        return tables.counts(self._source(), query, by, exact=exact)

    def term_table(self, terms: Iterable[str], by: str = "report", *, within: str | None = None, exact: bool = False) -> TermTable:
        """Many terms by report, district, year, category, role or heading at once; ``within`` is a query that all are joined to."""
        from pipeline.analysis import tables

        return tables.term_table(self._source(), terms, by, within=within, exact=exact)

    def keywords(self, report: str, *, against: str | None = None, least: int = 3, negative: bool = False, progress: Progress | None = None) -> list[Keyword]:
        """The words that are more frequent in a report than in the rest of the corpus, or than in what the query ``against`` finds: log-likelihood."""
        from pipeline.analysis import keyness

        return self._asked(lambda source: keyness.of_report(source, report, against=against, least=least, negative=negative, progress=progress))

    def collocates(
        self, query: str, *, window: int = 5, least: int = 3, measure: str = "log_likelihood", exact: bool = False, progress: Progress | None = None
    ) -> list[Collocate]:
        """The words that stand near what a query finds more often than chance would have it: log-likelihood and log-dice."""
        from pipeline.analysis import collocates

        return self._asked(lambda source: collocates.of_term(source, query, window=window, least=least, measure=measure, exact=exact, progress=progress))

    def ngrams(
        self,
        query: str | None = None,
        *,
        sizes: Iterable[int] = (2, 3, 4),
        unit: str = "words",
        least: int = 5,
        longest: bool = False,
        progress: Progress | None = None,
    ) -> list[Ngram]:
        """The runs of words or characters that recur, in the whole corpus or in what a query finds."""
        from pipeline.analysis import ngrams

        return self._asked(lambda source: ngrams.of_corpus(source, query, sizes=sizes, unit=unit, least=least, longest=longest, progress=progress))

    def similar(self, sentence: str, *, limit: int = 10) -> list[Similar]:
        """The sentences most like a text or the sentence ``REPORT#NUMBER``: ``limit`` of the baseline report, then as many of all others."""
        from pipeline.analysis import similar

        return self._asked(lambda source: similar.to_sentence(source, sentence, limit=limit))

    def parts(self, query: str, *, exact: bool = False) -> list[Part]:
        """What every part of a query finds by itself."""
        from pipeline.analysis import hints

        return hints.parts(self._source(), parse(query), exact=exact)

    def variants(self, query: str, *, exact: bool = False) -> list[Variant]:
        """Near queries that find something, where a query or a part of it finds nothing."""
        from pipeline.analysis import hints

        return self._asked(lambda source: hints.variants(source, parse(query), exact=exact))

    def verify(self, query: str, *, exact: bool = False) -> Verification:
        """Compare the index's answer with a scan of all stored sentences."""
        from pipeline.analysis import verify

        source = self._source()
        return verify.verify(source, self._indexed([report.id for report in source.database.reports()]), query, exact=exact)

    def provenance(self, query: str | None = None, **options: object) -> Provenance:
        """What a table is made from: the query, the state of the corpus, the versions of the model, the dictionary and the program."""
        from pipeline.analysis import provenance

        return provenance.of_query(self._source(), query, options)
