"""``fazhi explain``: why a sentence has its tag."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import Model


def command(
    file: Annotated[Path | None, typer.Argument(help="A report file (txt, html, docx, pdf).")] = None,
    number: Annotated[int | None, typer.Argument(min=1, metavar="SENTENCE", help="The number of the sentence, as `fazhi parse` shows it.")] = None,
    sentence: Annotated[str | None, typer.Option("--sentence", "-s", metavar="TEXT", help="A sentence by itself, in place of a report.")] = None,
    model: Model = None,
) -> None:
    """Show why a sentence has its tag.

    Names the words that speak for and against its category, the share of headings and neighbours, and the nearest labelled sentences.
    """
    if (file is None) == (sentence is None) or (file is not None) != (number is not None):
        raise typer.BadParameter("give a report and the number of a sentence, or --sentence TEXT", param_hint="FILE SENTENCE")
    from pipeline import categories
    from pipeline.batch import read_report
    from pipeline.show.tables import print_explanation
    from pipeline.tag import Tagger

    tagger = Tagger.load(model)
    categories.use(tagger.scheme)
    if sentence is not None:
        print_explanation(tagger.explain(None, sentence))
        return
    assert file is not None
    assert number is not None
    report = read_report(file)
    if number > len(report.sentences):
        raise typer.BadParameter(f"the report has {len(report.sentences)} sentences", param_hint="SENTENCE")
    print_explanation(tagger.explain(report, number - 1))
