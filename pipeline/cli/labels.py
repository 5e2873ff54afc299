"""``fazhi labels``: what people said of sentences: into a corpus, out of it, and how far they agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output, say

if TYPE_CHECKING:
    from pipeline.categories import Scheme
    from pipeline.learn.imports import ImportReport, Said

app = typer.Typer(
    help="Take people's labels into a corpus, list and export them, take them back, and measure agreement.", no_args_is_help=True, rich_markup_mode=None
)

_SHOWN = 20
BATCH_FIELDS = ("batch", "at", "annotators", "labels", "source", "undone")
LABEL_FIELDS = ("report", "sentence", "text", "label", "category", "annotator", "at", "source", "batch", "slice")
SchemeFile = Annotated[
    Path | None, typer.Option("--scheme", metavar="FILE", help="A categories file of another scheme.  [default: the corpus's own, else the seven]")
]
HowToShow = Annotated[Format, typer.Option("--format", "-f", help="How to show it.")]


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tables: xlsx, xls, csv, tsv or JSON lines.")],
    corpus: CorpusFolder = DEFAULT_CORPUS,
    text: Annotated[str | None, typer.Option("--text", metavar="COLUMN", help="The column of the sentences.")] = None,
    label: Annotated[str | None, typer.Option("--label", metavar="COLUMN", help="The column of the categories.")] = None,
    annotator: Annotated[str | None, typer.Option("--annotator", metavar="COLUMN|NAME", help="The column of the annotators, or who labelled it all.")] = None,
    report: Annotated[str | None, typer.Option("--report", metavar="COLUMN", help="The column of the reports' names.")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="The sheet to read; the first filled one without it.")] = None,
    scheme: SchemeFile = None,
    evaluation: Annotated[
        list[Path] | None,
        typer.Option("--evaluation", metavar="PATH", help="Labelled reports whose sentences must not be learnt from; the corpus remembers them."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out the rows that are wrong and take the others.")] = False,
) -> None:
    """Take labels from tables into a corpus: all of them or, where a row is wrong, none.

    Columns are found by their names, Chinese or English, or by what they hold. A category may be written as its code, its slug, its name or its short name; a row
    without a label is left out. A later label of the same annotator for the same sentence supersedes the earlier one.
    """
    from pipeline.errors import LabelError
    from pipeline.learn.columns import Wanted
    from pipeline.learn.imports import import_labels

    own = _scheme(scheme)
    if own and not dry_run and (corpus / "corpus.sqlite").is_file():
        from pipeline.corpus import Corpus

        with Corpus.open(corpus) as opened:
            opened.use_scheme(own)
    wanted = Wanted(text, label, annotator, report)
    if scheme is not None and not dry_run:
        _keep_scheme(corpus, scheme)
    found = import_labels(corpus, files, wanted=wanted, sheet=sheet, categories=own, evaluation=evaluation or (), dry_run=dry_run, skip_bad=skip_bad)
    _show_report(found, dry_run=dry_run)
    if found.refused:
        what = "1 row is" if len(found.errors) == 1 else f"{len(found.errors)} rows are"
        raise LabelError(", ".join(map(str, files)), f"{what} wrong, and nothing was taken", "mend the rows, or leave them out with --skip-bad")


def _show_report(found: ImportReport, *, dry_run: bool) -> None:
    from pipeline.learn.label_rows import in_words

    for sheet in found.sheets:
        columns = ", ".join(f"{field} from {name!r}" for field, name in sheet.columns.items())
        who = f"; annotator {sheet.annotator!r}" if sheet.annotator else ""
        typer.echo(f"{sheet.file}: {columns}{who}")
        if sheet.unread_sheets:
            say(f"{sheet.file}: the sheets {', '.join(map(repr, sheet.unread_sheets))} were not read; read another one with --sheet NAME")
    _show_odd(found)
    lines = in_words(found.errors)
    for line in lines[:1000]:
        say(line)
    if len(lines) > 1000:
        say(f"… and {len(lines) - 1000} other kinds of wrong rows")
    if found.refused:
        return
    placed = f" ({found.placed} with a place in the corpus)" if found.taken else ""
    batches = f" as batch {', '.join(map(str, found.batches))}" if found.batches else ""
    typer.echo(f"{_number(found.taken, 'label')} {'would be taken' if dry_run else 'taken'}{batches}{placed}")
    counts = ((found.already, "there already"), (found.repeated, "repeated"), (found.superseding, "superseding an earlier label"))
    rest = ((found.unlabelled, "without a label"), (len(found.errors), "wrong and left out"))
    said = [f"{count} {what}" for count, what in (*counts, *rest) if count]
    if said:
        typer.echo("rows: " + ", ".join(said))


def _show_odd(found: ImportReport) -> None:
    """What is odd and no error: the first of each kind."""
    for kind, groups in (("sentence", found.conflicts), ("pair", found.near)):
        if groups:
            typer.echo(f"{_number(len(groups), kind)}{' of nearly the same text' if kind == 'pair' else ''} with different labels:")
        for group in groups[:_SHOWN]:
            typer.echo("  " + " | ".join(_in_words(said) for said in group))
        if len(groups) > _SHOWN:
            typer.echo(f"  … and {len(groups) - _SHOWN} more")


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _in_words(said: Said) -> str:
    text = said.text if len(said.text) <= 40 else said.text[:39] + "…"
    return f"{said.where}: {said.annotator} {said.code} {text}"


def _keep_scheme(corpus: Path, file: Path) -> None:
    """Make the scheme of a categories file the corpus's own."""
    from pipeline.categories import scheme
    from pipeline.corpus import Corpus

    with Corpus.open(corpus, create=True) as opened:
        opened.use_scheme(scheme(file))


def _scheme(file: Path | None) -> Scheme | None:
    from pipeline.categories import scheme

    return scheme(file) if file else None


def export(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    every: Annotated[bool, typer.Option("--all", help="Every label that ever was: superseded and undone ones too.")] = False,
    scheme: SchemeFile = None,
    format: HowToShow = Format.csv,
    output: Output = None,
) -> None:
    """Write the labels: of each annotator the last for each sentence, or all that there ever were. What is written can be imported."""
    from pipeline.categories import of_corpus
    from pipeline.cli.shown import show
    from pipeline.corpus import Corpus
    from pipeline.learn.label_rows import export_rows

    with Corpus.open(corpus) as opened:
        rows, extra = export_rows(opened.labels, _scheme(scheme) or of_corpus(corpus), every=every)
    fields = (*LABEL_FIELDS, *(("state", "undone") if every else ()), *extra)
    show(rows, fields, format=format, output=output, provenance=None, on_screen=LABEL_FIELDS[:6], left=("label",))
    if output:
        say(f"{_number(len(rows), 'label')} written to {output}")


def list_(corpus: CorpusFolder = DEFAULT_CORPUS, format: HowToShow = Format.table, output: Output = None) -> None:
    """List the batches of labels: one for every imported file and every labelling action."""
    from pipeline.cli.shown import show
    from pipeline.corpus import Corpus
    from pipeline.show import Row

    with Corpus.open(corpus) as opened:
        batches = opened.labels.batches()
    rows: list[Row] = [
        {"batch": b.id, "at": b.at, "annotators": ", ".join(b.annotators), "labels": b.labels, "source": b.source, "undone": b.undone} for b in batches
    ]
    show(rows, BATCH_FIELDS, format=format, output=output, provenance=None)
    if format is Format.table:
        standing = [b for b in batches if b.undone is None]
        typer.echo(f"{len(standing)} of {len(batches)} batches stand, with {sum(b.labels for b in standing)} labels")


def undo(
    batch: Annotated[int | None, typer.Argument(metavar="[BATCH]", help="The batch's number in `fazhi labels list`; the last one without it.")] = None,
    corpus: CorpusFolder = DEFAULT_CORPUS,
) -> None:
    """Take a batch of labels back: it is marked as undone and counts no more, and what it superseded holds again."""
    from pipeline.corpus import Corpus

    with Corpus.open(corpus) as opened:
        undone = opened.labels.undo(batch)
    typer.echo(f"batch {undone.id} undone: {_number(undone.labels, 'label')} from {undone.source}")


def agreement(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    model: Annotated[Path | None, typer.Option("--model", metavar="DIR", help="A model's folder; the current model without it.")] = None,
    with_model: Annotated[bool, typer.Option("--with-model/--people-only", help="Compare the model's tags with people's labels too.")] = True,
    by_category: Annotated[bool, typer.Option("--by-category/--overall", help="Show every category by itself too.")] = True,
    disagreements: Annotated[
        Path | None, typer.Option("--disagreements", metavar="OUT.xlsx", help="Write the sentences that people differ on, to be settled and imported back.")
    ] = None,
    scheme: SchemeFile = None,
    format: HowToShow = Format.table,
    output: Output = None,
) -> None:
    """Measure how far annotators agree with each other, and the model with them: Cohen's and Fleiss' kappa and Krippendorff's alpha.

    Intervals are 95% bootstrap intervals over sentences. The model's tag is the one in the corpus; a sentence that is not in it, or has no tag, is tagged by itself.
    """
    from pipeline.cli.agreed import show_agreement

    show_agreement(corpus, model, _scheme(scheme), with_model=with_model, by_category=by_category, disagreements=disagreements, format=format, output=output)


for _verb, _name in ((import_, "import"), (export, "export"), (list_, "list"), (undo, "undo"), (agreement, "agreement")):
    app.command(name=_name)(_verb)
