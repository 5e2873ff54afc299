"""``fazhi demo``: the main job on data that ships with Fazhi."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import typer

QUERIES = ("“行政复议” year:2023..2025", "合法性审核 OR 重大行政决策")


def command() -> None:
    """Show the main job: the baseline and a new report tagged, indexed, and searched together."""
    from pipeline import resources
    from pipeline.batch import read_report
    from pipeline.categories import scheme
    from pipeline.corpus import Corpus
    from pipeline.show import Row
    from pipeline.show.tables import print_hits, print_table
    from pipeline.tag import Tagger

    sample = resources.corpus_dir() / "samples" / "qingshuiwan-2024.html"
    tagger = Tagger.load()
    report = read_report(sample)
    typer.echo(f"1. Tag a new report: {report.metadata.title} ({len(report.sentences)} sentences)\n")
    tags = tagger.tag(report)
    counts = Counter(tag.code for tag in tags)
    rows: list[Row] = [
        {"code": c.code, "category": c.short, "sentences": counts[c.code], "share": f"{counts[c.code] / len(tags):.0%}"} for c in scheme().categories
    ]
    rows.append({"code": 0, "category": "非举措", "sentences": counts[0], "share": f"{counts[0] / len(tags):.0%}"})
    print_table(rows, ("code", "category", "sentences", "share"), numbers=("code", "sentences", "share"))
    with tempfile.TemporaryDirectory() as folder, Corpus.open(Path(folder), create=True) as corpus:
        added = corpus.add([resources.baseline_path(), sample], tagger=tagger)
        typer.echo(f"\n2. Index it beside the baseline: {', '.join(added.new)}\n")
        for number, query in enumerate(QUERIES, 3):
            results = corpus.search(query, limit=5)
            typer.echo(f"{number}. Search both for {query}: {results.total} sentences\n")
            print_hits((hit.sentence, hit.matches) for hit in results.hits)
            typer.echo("")
    typer.echo("Next: fazhi tag FOLDER -o tags.xlsx --format xlsx, or fazhi add FOLDER --baseline and fazhi search “…”")
