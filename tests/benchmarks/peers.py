"""Other ways to search the same sentences, each behind the same few methods, in the form that is usual for Chinese."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

Hits = set[int]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sentences numbered from 0: the text, the district and the year of each."""

    texts: Sequence[str]
    districts: Sequence[str]
    years: Sequence[int]


@dataclass(frozen=True, slots=True)
class Filtered:
    """A phrase in reports of some districts, from one year to another."""

    phrase: str
    districts: tuple[str, ...]
    first: int
    last: int


class Peer(Protocol):
    """A search over sentences that are numbered from 0."""

    name: str

    def build(self, rows: Rows, folder: Path) -> None: ...

    def open(self, rows: Rows, folder: Path) -> None: ...

    def phrase(self, text: str) -> Hits: ...

    def both(self, one: str, other: str) -> Hits: ...

    def filtered(self, asked: Filtered) -> Hits: ...

    def ranked(self, words: Sequence[str]) -> list[int]: ...


class Scan:
    """Reads every sentence."""

    name = "scan"

    def build(self, rows: Rows, folder: Path) -> None:
        """There is nothing to build."""

    def open(self, rows: Rows, folder: Path) -> None:
        self.texts, self.rows = rows.texts, rows

    def phrase(self, text: str) -> Hits:
        return {i for i, held in enumerate(self.texts) if text in held}

    def both(self, one: str, other: str) -> Hits:
        return {i for i, held in enumerate(self.texts) if one in held and other in held}

    def filtered(self, asked: Filtered) -> Hits:
        rows, districts = zip(self.texts, self.rows.districts, self.rows.years, strict=True), set(asked.districts)
        return {i for i, (text, place, year) in enumerate(rows) if place in districts and asked.first <= year <= asked.last and asked.phrase in text}

    def ranked(self, words: Sequence[str]) -> list[int]:
        counts = [(-sum(held.count(word) for word in words), i) for i, held in enumerate(self.texts) if any(word in held for word in words)]
        return [i for _, i in sorted(counts)[:20]]


class WhooshPeer:
    """Whoosh with jieba's own ChineseAnalyzer, or with pairs of characters."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _analyzer(self) -> Any:
        if self.name == "whoosh-jieba":
            from jieba.analyse import ChineseAnalyzer

            return ChineseAnalyzer()
        from whoosh.analysis import NgramTokenizer

        return NgramTokenizer(2)

    def build(self, rows: Rows, folder: Path) -> None:
        from whoosh import fields, index

        text = fields.TEXT(analyzer=self._analyzer())
        schema = fields.Schema(id=fields.NUMERIC(stored=True, sortable=True), district=fields.ID(), year=fields.NUMERIC(), text=text)
        writer = index.create_in(str(folder), schema).writer(limitmb=256)
        for i, (held, district, year) in enumerate(zip(rows.texts, rows.districts, rows.years, strict=True)):
            writer.add_document(id=i, text=held, district=district, year=year)
        writer.commit()

    def open(self, rows: Rows, folder: Path) -> None:
        from whoosh import index

        self.analyzer = self._analyzer()
        self.searcher = index.open_dir(str(folder)).searcher()
        self.ids = self.searcher.reader().column_reader("id")

    def _query(self, text: str) -> Any:
        from whoosh import query as wq

        words = [token.text for token in self.analyzer(text, mode="query")]
        return wq.Term("text", words[0]) if len(words) == 1 else wq.Phrase("text", words) if words else wq.NullQuery

    def _found(self, query: Any) -> Hits:
        return {self.ids[number] for number in self.searcher.docs_for_query(query)}

    def phrase(self, text: str) -> Hits:
        return self._found(self._query(text))

    def both(self, one: str, other: str) -> Hits:
        from whoosh import query as wq

        return self._found(wq.And([self._query(one), self._query(other)]))

    def filtered(self, asked: Filtered) -> Hits:
        from whoosh import query as wq

        places = wq.Or([wq.Term("district", district) for district in asked.districts])
        return self._found(wq.And([self._query(asked.phrase), places, wq.NumericRange("year", asked.first, asked.last)]))

    def ranked(self, words: Sequence[str]) -> list[int]:
        from whoosh import query as wq

        return [hit["id"] for hit in self.searcher.search(wq.Or([self._query(word) for word in words]), limit=20)]


class Fts5:
    """SQLite's FTS5 with its trigram tokenizer, or with pairs of characters that were split before."""

    def __init__(self, name: str) -> None:
        self.name, self.trigram = name, name == "fts5-trigram"

    def _split(self, text: str) -> str:
        return text if self.trigram else " ".join(f"u{ord(one):x}u{ord(other):x}" for one, other in zip(text, text[1:] + "\n", strict=False))

    def build(self, rows: Rows, folder: Path) -> None:
        base = sqlite3.connect(folder / "fts.sqlite")
        tokenize = ", tokenize='trigram'" if self.trigram else ""
        base.execute(f"create virtual table held using fts5(text, content=''{tokenize})")
        base.execute("create table place (id integer primary key, district text, year integer)")
        base.executemany("insert into held (rowid, text) values (?, ?)", ((i, self._split(text)) for i, text in enumerate(rows.texts)))
        base.executemany("insert into place values (?, ?, ?)", zip(range(len(rows.texts)), rows.districts, rows.years, strict=True))
        base.commit()
        base.close()

    def open(self, rows: Rows, folder: Path) -> None:
        self.base = sqlite3.connect(folder / "fts.sqlite")

    def _phrase(self, text: str) -> str:
        return '"' + (text.replace('"', '""') if self.trigram else self._split(text).rpartition(" ")[0]) + '"'

    def _found(self, query: str, order: str = "") -> list[int]:
        return [row[0] for row in self.base.execute(f"select rowid from held where held match ? {order}", (query,))]

    def phrase(self, text: str) -> Hits:
        return set(self._found(self._phrase(text)))

    def both(self, one: str, other: str) -> Hits:
        return set(self._found(f"{self._phrase(one)} AND {self._phrase(other)}"))

    def filtered(self, asked: Filtered) -> Hits:
        marks = ",".join("?" * len(asked.districts))
        statement = f"select id from held join place on id = held.rowid where held match ? and year between ? and ? and district in ({marks})"
        return {row[0] for row in self.base.execute(statement, (self._phrase(asked.phrase), asked.first, asked.last, *asked.districts))}

    def ranked(self, words: Sequence[str]) -> list[int]:
        return self._found(" OR ".join(map(self._phrase, words)), "order by rank limit 20")


class Tantivy:
    """Tantivy over words that were cut before, as the dictionary has them; or over pairs of characters, so that it misses nothing."""

    def __init__(self, name: str) -> None:
        self.name, self.pairs = name, name == "tantivy-bigrams"
        self.words: dict[str, list[str]] = {}

    def build(self, rows: Rows, folder: Path) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True, indexed=True, fast=True)
        schema.add_integer_field("year", indexed=True, fast=True)
        schema.add_text_field("district", tokenizer_name="raw")
        schema.add_text_field("text", stored=False, tokenizer_name="whitespace")
        writer = tantivy.Index(schema.build(), path=str(folder)).writer(256_000_000, num_threads=2)
        for begin in range(0, len(rows.texts), 5000):
            some = slice(begin, begin + 5000)
            for i, (cut, district, year) in enumerate(zip(self._cut(rows.texts[some]), rows.districts[some], rows.years[some], strict=True), begin):
                writer.add_document(tantivy.Document(id=i, text=" ".join(cut), district=district, year=year))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, rows: Rows, folder: Path) -> None:
        import tantivy

        self.index = tantivy.Index.open(str(folder))
        self.schema, self.searcher = self.index.schema, self.index.searcher()

    def _cut(self, texts: Sequence[str]) -> list[list[str]]:
        if self.pairs:
            return [[(text[at : at + 2]).replace(" ", "_") for at in range(len(text) - 1)] for text in texts]
        from pipeline.search.exact.cut import words_of
        from pipeline.search.exact.lexicon import lexicon
        from pipeline.tokenize import Segmenter

        return [[word.text for word in cut] for cut in words_of(lexicon(Segmenter.default()), texts)]

    def _words(self, text: str) -> list[str]:
        """The words of a query, which are cut once and not in the time that is measured."""
        if text not in self.words:
            self.words[text] = self._cut([text])[0]
        return self.words[text]

    def _query(self, text: str) -> Any:
        import tantivy

        words = self._words(text)
        if not words:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_query(self.schema, "text", words[0]) if len(words) == 1 else tantivy.Query.phrase_query(self.schema, "text", list(words))

    def _found(self, query: Any) -> Hits:
        return {value for value, _ in self.searcher.search(query, limit=max(1, self.searcher.num_docs), order_by_field="id").hits}

    def _all(self, queries: Sequence[Any]) -> Any:
        import tantivy

        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])

    def phrase(self, text: str) -> Hits:
        return self._found(self._query(text))

    def count(self, text: str) -> int:
        """The number of sentences alone, which it gives much faster than their ids."""
        return int(self.searcher.search(self._query(text), limit=1, count=True).count)

    def both(self, one: str, other: str) -> Hits:
        return self._found(self._all([self._query(one), self._query(other)]))

    def filtered(self, asked: Filtered) -> Hits:
        import tantivy

        years = tantivy.Query.range_query(self.schema, "year", tantivy.FieldType.Integer, asked.first, asked.last)
        places = tantivy.Query.term_set_query(self.schema, "district", list(asked.districts))
        return self._found(self._all([self._query(asked.phrase), years, places]))

    def ranked(self, words: Sequence[str]) -> list[int]:
        import tantivy

        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._query(word)) for word in words])
        return [self.searcher.doc(address)["id"][0] for _, address in self.searcher.search(query, limit=20).hits]


MAKERS = {
    "scan": lambda _: Scan(), "tantivy": Tantivy, "tantivy-bigrams": Tantivy, "fts5-trigram": Fts5, "fts5-bigrams": Fts5,
    "whoosh-bigrams": WhooshPeer, "whoosh-jieba": WhooshPeer,
}  # fmt: skip
SLOW = {"scan", "whoosh-bigrams", "whoosh-jieba"}


def peers(names: Iterable[str]) -> list[Peer]:
    """Peers by their names; one whose library is not there is left out with a word."""
    found: list[Peer] = []
    for name in names:
        library = name.partition("-")[0]
        if library in {"tantivy", "whoosh"} and find_spec(library) is None:
            print(f" {name} is left out: {library} is not installed (pip install {library})")
        else:
            found.append(MAKERS[name](name))
    return found
