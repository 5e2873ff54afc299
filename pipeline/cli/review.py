"""``fazhi review``: what to label next, and what the labels say of the tags."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output, say

if TYPE_CHECKING:
    from pipeline.categories import Scheme
    from pipeline.learn.estimate import Estimate, Estimated
    from pipeline.show import Row
    from pipeline.tag import Tagger

app = typer.Typer(
    help="Hand out the sentences that are worth labelling next, and estimate how right the tags are.", no_args_is_help=True, rich_markup_mode=None
)

FIELDS = ("what", "code", "category", "value", "low", "high", "labels", "sentences")


class Interval(StrEnum):
    """Kinds of intervals."""

    wilson = "wilson"
    exact = "exact"


@app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The file to write: .xlsx, .csv or .jsonl.")],
    corpus: CorpusFolder = DEFAULT_CORPUS,
    count: Annotated[int, typer.Option("--n", "-n", min=1, metavar="N", help="How many sentences.")] = 100,
    random: Annotated[str, typer.Option("--random", metavar="N|SHARE", help="How many of them are drawn at random, for `fazhi review estimate`.")] = "10%",
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Another number picks other sentences.")] = 0,
    annotator: Annotated[str | None, typer.Option("--annotator", metavar="NAME", help="Who will label; written into every row.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Leave out the model's choices, so that they sway nobody.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Sentences that are handed out and not labelled yet may be picked too.")] = False,
) -> None:
    """Pick sentences without a label to be labelled next, and write them to a spreadsheet with a drop-down of the categories and the code book.

    Most are those that the model is unsure of, spread over what they are about; some are drawn at random from all, and nobody sees which. `fazhi labels import`
    takes the filled-in file back.
    """
    from pipeline.learn.review import export_review, random_count
    from pipeline.store import Database

    drawn = random_count(random, count)
    with closing(Database(corpus / "corpus.sqlite")) as database:
        tagger = _tagger(database.scheme)
        done = export_review(database, out, count=count, random=drawn, seed=seed, annotator=annotator, blind=blind, again=again, tagger=tagger)
    say(f"{len(done.picked)} of {done.frame} sentences written to {out}, {done.random} of them drawn at random; tagged by {', '.join(done.models)}")
    if not done.random:
        say("none was drawn at random, so that its labels will say nothing of how right the tags are")
    who = "" if annotator else " --annotator NAME"
    say(f"fill in the column label, then: fazhi labels import {out} --corpus {corpus}{who}")


def _tagger(scheme: Scheme) -> Tagger | None:
    """The current model of a scheme, if there is one that can be used."""
    from pipeline.errors import ModelError
    from pipeline.tag import Tagger

    try:
        return Tagger.current(scheme)
    except ModelError as error:
        say(f"picked by the tags of the corpus alone, as there is no model: {error}")
        return None


@app.command()
def estimate(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    interval: Annotated[
        Interval, typer.Option("--interval", help="Wilson's, or Clopper and Pearson's, which is wider and never too narrow.")
    ] = Interval.wilson,
    confidence: Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, metavar="P", help="How often such intervals hold the true value.")] = 0.95,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show it.")] = Format.table,
    output: Output = None,
) -> None:
    """Estimate how right the tags of a corpus are, from the labels of the sentences that `fazhi review export` drew at random.

    The labels are taken as the truth. Precision is the share of a category's tags that are right; the corrected share is how much of the corpus a category has
    once the tags' errors are reckoned with.
    """
    from pipeline.cli.shown import show
    from pipeline.learn.estimate import estimate as estimated
    from pipeline.store import Database

    with closing(Database(corpus / "corpus.sqlite")) as database:
        found, scheme = estimated(database, method=interval.value, confidence=confidence), database.scheme
    if format is Format.table and output is None:
        _print(found, scheme)
        return
    kind = Format.csv if format is Format.table else format
    show(_rows(found, scheme), FIELDS, format=kind, output=output, provenance=None)
    for note in found.notes:
        say(f"note: {note}")


def _print(found: Estimate, scheme: Scheme) -> None:
    from pipeline.show.tables import print_table

    a = found.accuracy
    draws = "one draw" if found.draws == 1 else f"{found.draws} draws"
    typer.echo(
        f"{a.value:.1%} of the tags are right ({found.confidence:.0%} interval {a.low:.1%} to {a.high:.1%}; n = {a.labels} labels of {draws}, for {a.sentences} sentences)"
    )
    typer.echo(f"tagged by {', '.join(found.models)}\n")
    rows: list[Row] = [
        {
            "code": c.code, "category": scheme.short(c.code), "n": c.precision.labels if c.precision else 0, "precision": _value(c.precision),
            "precision interval": _range(c.precision), "tagged": f"{c.tagged:.1%}", "corrected": _value(c.share), "share interval": _range(c.share),
        }
        for c in found.categories
    ]  # fmt: skip
    print_table(rows, ("code", "category", "n", "precision", "precision interval", "tagged", "corrected", "share interval"), numbers=("code", "n", "tagged"))
    typer.echo("")
    for note in found.notes:
        typer.echo(f"- {note}")


def _value(one: Estimated | None) -> str:
    return "-" if one is None else f"{one.value:.1%}"


def _range(one: Estimated | None) -> str:
    return "" if one is None else f"{one.low:.1%} to {one.high:.1%}"


def _rows(found: Estimate, scheme: Scheme) -> list[Row]:
    rows = [_row("accuracy", None, "", found.accuracy)]
    for c in found.categories:
        name = scheme.short(c.code)
        if c.precision is not None:
            rows.append(_row("precision", c.code, name, c.precision))
        rows.append({"what": "tagged share", "code": c.code, "category": name, "value": round(c.tagged, 4), "sentences": c.share.sentences})
        rows.append(_row("corrected share", c.code, name, c.share))
    return rows


def _row(what: str, code: int | None, category: str, one: Estimated) -> Row:
    figures = {"value": round(one.value, 4), "low": round(one.low, 4), "high": round(one.high, 4)}
    return {"what": what, "code": code, "category": category, **figures, "labels": one.labels, "sentences": one.sentences}
