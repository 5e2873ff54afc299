"""``fazhi train``: a candidate model from labelled reports."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, Jobs, progress_bar, say

if TYPE_CHECKING:
    from pipeline.categories import Scheme
    from pipeline.learn import Candidate
    from pipeline.learn.comparison import Comparison
    from pipeline.learn.sources import Data
    from pipeline.learn.versions import Versions

_SHOWN = 12
_SOURCES = {"baseline": "the baseline", "corpus": "the training corpus", "labels": "the corpus's labels"}


class Source(StrEnum):
    """Where labelled sentences come from."""

    baseline = "baseline"
    corpus = "corpus"
    labels = "labels"


def command(
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus", envvar="FAZHI_CORPUS", metavar="DIR", help="A corpus whose labels are learned from too.  [default: fazhi-corpus, where there is one]"
        ),
    ] = None,
    only: Annotated[
        list[Source] | None, typer.Option("--only", help="Learn from this alone: the baseline, the training corpus, the corpus's labels. Can be given twice.")
    ] = None,
    weight: Annotated[float, typer.Option("--weight", metavar="W", help="How much a label of the corpus counts beside one of the training corpus.")] = 1.0,
    scheme: Annotated[
        Path | None, typer.Option("--scheme", metavar="FILE", help="A categories file of another scheme.  [default: the corpus's own, else the seven]")
    ] = None,
    models: Annotated[Path | None, typer.Option("--models", metavar="DIR", help="Where models are kept.  [default: the user's models]")] = None,
    curve: Annotated[bool, typer.Option("--curve/--no-curve", help="Measure what fewer reports would have given.")] = True,
    jobs: Jobs = None,
) -> None:
    """Train a candidate on the baseline, the training corpus and a corpus's labels, and compare it with the current model.

    All figures come from cross-validation by report. The same data and the same versions of the libraries give the same model, bit for bit. The candidate
    is saved; it tags nothing until `fazhi models promote` makes it current.
    """
    from pipeline import learn
    from pipeline.learn.versions import Versions

    data = _data(corpus, [source.value for source in only or ()], weight, scheme)
    with progress_bar("training") as progress:
        candidate = learn.train(data, curve=curve, jobs=jobs, progress=progress)
    versions = Versions(models)
    compared = _compared(candidate, versions)
    comparison = compared if not isinstance(compared, str) else None
    folder = versions.save(candidate, comparison)
    _show(candidate, data)
    if comparison is not None:
        show_comparison(comparison, data.scheme, limit=_SHOWN)
    else:
        say(f"\n{compared}")
    say(f"\n{candidate.version} is saved in {folder}")
    _say_next(candidate, comparison, versions, models)


def _data(corpus: Path | None, only: list[str], weight: float, scheme: Path | None) -> Data:
    """The labelled reports asked for."""
    from pipeline import categories
    from pipeline.corpus import Corpus
    from pipeline.learn.own import own_labels
    from pipeline.learn.sources import collect

    wanted = categories.scheme(scheme) if scheme is not None else None
    asked = corpus is not None
    if corpus is None and (DEFAULT_CORPUS / "corpus.sqlite").exists():
        corpus = DEFAULT_CORPUS
    if corpus is None or (only and "labels" not in only and not asked):
        return collect(only, weight=weight, scheme=wanted)  # type: ignore[arg-type]
    with Corpus.open(corpus) as opened:
        if wanted is not None:
            opened.use_scheme(wanted)
        own = own_labels(opened, opened.labels)
        if not own.sentences and asked:
            say(f"fazhi: {corpus} holds no labels; import some with `fazhi labels import FILE`")
        if own.conflicts:
            say(f"fazhi: {own.conflicts} sentences are left out, as people differ on them; `fazhi labels agreement` lists them")
        return collect(only, own=own, weight=weight, scheme=opened.scheme)  # type: ignore[arg-type]


def _compared(candidate: Candidate, versions: Versions) -> Comparison | str:
    """The comparison with the current model, or why there is none."""
    from pipeline.errors import ModelError
    from pipeline.learn.comparison import compare

    try:
        current = versions.current_tagger(candidate.tagger.scheme)
        if current is None:
            return f"there is no current model for the categories {candidate.tagger.scheme.name} to compare with"
        if current.version == candidate.version:
            return f"{current.version} is the current model already: the same data gave the same model"
        return compare(candidate.tagger, current)
    except ModelError as error:
        return f"it cannot be compared with the current model: {error}"


def _show(candidate: Candidate, data: Data) -> None:
    from pipeline.learn import tables
    from pipeline.show.tables import print_table

    evaluation = candidate.evaluation
    sources = ", ".join(_SOURCES[source] for source in data.sources) + (f" ({data.own.sentences})" if data.own and "labels" in data.sources else "")
    typer.echo(f"{candidate.card['data']['sentences']} labelled sentences of {evaluation.reports} reports, each tagged by a model made without its report")
    typer.echo(f"from: {sources}\n")
    print_table(tables.summary_rows(evaluation), tables.SUMMARY_FIELDS, numbers=tables.SUMMARY_FIELDS[1:])
    typer.echo("\nby category, in the report as it stands\n")
    print_table(tables.category_rows(evaluation.full, data.scheme), tables.CATEGORY_FIELDS, numbers=tables.CATEGORY_FIELDS[2:])
    if candidate.curve:
        typer.echo("\nwith fewer reports, each sentence alone by its own words\n")
        print_table(tables.curve_rows(candidate.curve), tables.CURVE_FIELDS, numbers=tables.CURVE_FIELDS)


def show_comparison(comparison: Comparison, scheme: Scheme, *, limit: int | None) -> None:
    """Show how two versions compare: the verdict, the change of every category, and the sentences whose tags differ."""
    from pipeline.learn import tables
    from pipeline.show.tables import print_table

    typer.echo(f"\n{comparison.new} beside {comparison.old}, on {comparison.sentences} sentences of {comparison.reports} reports that neither had seen\n")
    print_table(tables.change_rows(comparison, scheme), tables.CHANGE_FIELDS, numbers=tables.CHANGE_FIELDS[2:])
    if comparison.relabelled:
        typer.echo(f"\n{comparison.relabelled} of the sentences have another label than the old model was made with")
    rows = tables.flip_rows(comparison)
    shown = rows if limit is None else rows[:limit]
    if shown:
        typer.echo(f"\n{len(rows)} sentences get another tag" + (f", {len(shown)} of them shown" if len(shown) < len(rows) else "") + "\n")
        print_table(shown, tables.FLIP_FIELDS, numbers=("label", "old", "new"))
    if len(shown) < len(rows):
        typer.echo(f"all of them: fazhi models diff {comparison.old} {comparison.new}")
    typer.echo(f"\n{comparison.sentence}")


def _say_next(candidate: Candidate, comparison: Comparison | None, versions: Versions, models: Path | None) -> None:
    from pipeline.errors import ModelError

    where = f" --models {models}" if models is not None else ""
    try:
        if versions.current(candidate.tagger.scheme) == candidate.version:
            return
    except ModelError:
        pass
    if comparison is not None and comparison.verdict == "worse":
        say("it is worse than the current model beyond chance and would be refused: look at the sentences put wrong, or label more")
        return
    say(f"to make it current: fazhi models promote {candidate.version}{where}\nthen, for each corpus: fazhi retag --corpus DIR")
