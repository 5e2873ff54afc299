"""``fazhi add``: put reports into a corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Jobs, Model, progress_bar, report_failures, say


def command(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders or glob patterns (txt, html, docx, pdf).")] = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Add the baseline report too (Daxing district, 2023).")] = False,
    corpus: CorpusFolder = DEFAULT_CORPUS,
    jobs: Jobs = None,
    model: Model = None,
) -> None:
    """Read, tag and index reports into a corpus; makes the corpus where there is none.

    What is there already is skipped, and a changed file replaces its report, so the command can be run again at any time.
    """
    from pipeline import resources
    from pipeline.corpus import Corpus
    from pipeline.tag import Tagger

    wanted = [*(paths or []), *([str(resources.baseline_path())] if baseline else [])]
    if not wanted:
        raise typer.BadParameter("give report files, or --baseline", param_hint="PATH")
    with Corpus.open(corpus, create=True) as opened, progress_bar("adding") as progress:
        tagger = Tagger.load(model) if model is not None else Tagger.current_or_none(opened.scheme)
        if tagger is None:
            say(f"there is no model for the categories {opened.scheme.name} yet: the reports are stored without tags, until `fazhi retag`")
        added = opened.add(wanted, tagger=tagger, jobs=jobs, progress=progress)
    say(f"{len(added.new)} new, {len(added.replaced)} replaced, {len(added.unchanged)} unchanged in {corpus}")
    report_failures(added.failures)
