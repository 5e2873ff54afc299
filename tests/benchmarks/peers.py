"""Other ways to search the same sentences, each behind the same few methods, in the form that is usual for Chinese."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

Hits = set[int]


class Peer(Protocol):
    """A search over sentences that are numbered from 0."""

    name: str

    def build(self, texts: Sequence[str], folder: Path) -> None: ...

    def phrase(self, text: str) -> Hits: ...

    def both(self, one: str, other: str) -> Hits: ...

    def ranked(self, words: Sequence[str]) -> list[int]: ...


class Scan:
    """Reads every sentence."""

    name = "scan"

    def build(self, texts: Sequence[str], folder: Path) -> None:
        self.texts = texts

    def phrase(self, text: str) -> Hits:
        return {i for i, held in enumerate(self.texts) if text in held}

    def both(self, one: str, other: str) -> Hits:
        return {i for i, held in enumerate(self.texts) if one in held and other in held}

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

    def build(self, texts: Sequence[str], folder: Path) -> None:
        from whoosh import fields, index

        self.analyzer = self._analyzer()
        made = index.create_in(str(folder), fields.Schema(id=fields.NUMERIC(stored=True), text=fields.TEXT(analyzer=self.analyzer)))
        writer = made.writer(limitmb=256)
        for i, text in enumerate(texts):
            writer.add_document(id=i, text=text)
        writer.commit()
        self.searcher = made.searcher()

    def _query(self, text: str) -> Any:
        from whoosh import query as wq

        words = [token.text for token in self.analyzer(text, mode="query")]
        return wq.Term("text", words[0]) if len(words) == 1 else wq.Phrase("text", words) if words else wq.NullQuery

    def _found(self, query: Any) -> Hits:
        return {self.searcher.stored_fields(number)["id"] for number in self.searcher.docs_for_query(query)}

    def phrase(self, text: str) -> Hits:
        return self._found(self._query(text))

    def both(self, one: str, other: str) -> Hits:
        from whoosh import query as wq

        return self._found(wq.And([self._query(one), self._query(other)]))

    def ranked(self, words: Sequence[str]) -> list[int]:
        from whoosh import query as wq

        return [hit["id"] for hit in self.searcher.search(wq.Or([self._query(word) for word in words]), limit=20)]


class Fts5:
    """SQLite's FTS5 with its trigram tokenizer, or with pairs of characters that were split before."""

    def __init__(self, name: str) -> None:
        self.name, self.trigram = name, name == "fts5-trigram"

    def _split(self, text: str) -> str:
        return text if self.trigram else " ".join(f"u{ord(one):x}u{ord(other):x}" for one, other in zip(text, text[1:] + "\n", strict=False))

    def build(self, texts: Sequence[str], folder: Path) -> None:
        self.base = sqlite3.connect(folder / "fts.sqlite")
        tokenize = ", tokenize='trigram'" if self.trigram else ""
        self.base.execute(f"create virtual table held using fts5(text, content=''{tokenize})")
        self.base.executemany("insert into held (rowid, text) values (?, ?)", ((i, self._split(text)) for i, text in enumerate(texts)))
        self.base.commit()

    def _phrase(self, text: str) -> str:
        return '"' + (text.replace('"', '""') if self.trigram else self._split(text).rpartition(" ")[0]) + '"'

    def _found(self, query: str, order: str = "") -> list[int]:
        return [row[0] for row in self.base.execute(f"select rowid from held where held match ? {order}", (query,))]

    def phrase(self, text: str) -> Hits:
        return set(self._found(self._phrase(text)))

    def both(self, one: str, other: str) -> Hits:
        return set(self._found(f"{self._phrase(one)} AND {self._phrase(other)}"))

    def ranked(self, words: Sequence[str]) -> list[int]:
        return self._found(" OR ".join(map(self._phrase, words)), "order by rank limit 20")


class Tantivy:
    """Tantivy over words that were cut before, as the dictionary has them."""

    name = "tantivy"

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True, indexed=True, fast=True)
        schema.add_text_field("text", stored=False, tokenizer_name="whitespace")
        self.schema = schema.build()
        self.index = tantivy.Index(self.schema, path=str(folder))
        writer = self.index.writer(256_000_000)
        self.words: dict[str, list[str]] = {}
        for begin in range(0, len(texts), 5000):
            for i, cut in enumerate(self._cut(texts[begin : begin + 5000]), begin):
                writer.add_document(tantivy.Document(id=i, text=" ".join(cut)))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _cut(self, texts: Sequence[str]) -> list[list[str]]:
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

    def phrase(self, text: str) -> Hits:
        return self._found(self._query(text))

    def count(self, text: str) -> int:
        """The number of sentences alone, which it gives much faster than their ids."""
        return int(self.searcher.search(self._query(text), limit=1, count=True).count)

    def both(self, one: str, other: str) -> Hits:
        import tantivy

        return self._found(tantivy.Query.boolean_query([(tantivy.Occur.Must, self._query(one)), (tantivy.Occur.Must, self._query(other))]))

    def ranked(self, words: Sequence[str]) -> list[int]:
        import tantivy

        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._query(word)) for word in words])
        return [self.searcher.doc(address)["id"][0] for _, address in self.searcher.search(query, limit=20).hits]


def peers(names: Iterable[str]) -> list[Peer]:
    """Peers by their names."""
    makers = {"scan": Scan, "tantivy": Tantivy}
    return [makers[name]() if name in makers else Fts5(name) if name.startswith("fts5") else WhooshPeer(name) for name in names]
