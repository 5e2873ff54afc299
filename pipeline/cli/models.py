"""``fazhi models``: the versions of the model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import Format, Output, say

if TYPE_CHECKING:
    from pipeline.categories import Scheme
    from pipeline.show import Row

app = typer.Typer(help="List, compare, promote and carry the versions of the model.", no_args_is_help=True, rich_markup_mode=None)


class Language(StrEnum):
    """Languages of a methods paragraph."""

    zh = "zh"
    en = "en"


Name = Annotated[str, typer.Argument(metavar="VERSION", help="A version, as `fazhi models list` shows it.")]
Models = Annotated[Path | None, typer.Option("--models", metavar="DIR", help="Where models are kept.  [default: the user's models]")]
SchemeFile = Annotated[Path | None, typer.Option("--scheme", metavar="FILE", help="A categories file; the current model of that scheme is meant.")]


@app.command("list")
def list_(
    models: Models = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="Format of the output.")] = Format.table,
    output: Output = None,
) -> None:
    """List the versions: which is current, what it was made from, its cross-validated macro-F1, and the verdict when it was trained."""
    from pipeline.learn import tables
    from pipeline.learn.versions import Versions

    _write(tables.version_rows(Versions(models).list()), tables.VERSION_FIELDS, format, output, numbers=tables.VERSION_FIELDS[3:6])


@app.command()
def show(
    version: Annotated[str | None, typer.Argument(metavar="[VERSION]", help="A version; the current one without it.")] = None,
    methods: Annotated[Language | None, typer.Option("--methods", help="Write a methods paragraph for a paper, in Chinese or English.")] = None,
    scheme: SchemeFile = None,
    models: Models = None,
) -> None:
    """Show a version's card: its data, figures, comparison, promotions and weaknesses; or a methods paragraph."""
    from pipeline.learn.methods import paragraph
    from pipeline.learn.versions import Versions

    versions = Versions(models)
    card = versions.card(version if version is not None else versions.current(_scheme(scheme)))
    typer.echo(paragraph(card, methods.value) if methods else json.dumps(card, ensure_ascii=False, indent=1))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The old version.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The new version.")],
    models: Models = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="Format of the output; all but table hold the sentences alone.")] = Format.table,
    output: Output = None,
) -> None:
    """Compare two versions on sentences that neither had seen: what changes for every category, and every sentence whose tag differs."""
    from pipeline.cli.train import show_comparison
    from pipeline.learn import tables
    from pipeline.learn.versions import Versions

    versions = Versions(models)
    comparison = versions.compare(new, old)
    if format is Format.table and output is None:
        show_comparison(comparison, versions.tagger(new).scheme, limit=None)
    else:
        _write(tables.flip_rows(comparison), tables.FLIP_FIELDS, format, output)


@app.command()
def promote(
    version: Name,
    force: Annotated[
        str | None, typer.Option("--force", metavar="REASON", help="Take it even if it is worse or cannot be compared; the card keeps why.")
    ] = None,
    models: Models = None,
) -> None:
    """Make a version the current one. One that is worse than the current one beyond chance is refused."""
    from pipeline.learn.versions import Versions

    done = Versions(models).promote(version, force=force)
    if not done.changed:
        say(f"{version} is the current model already")
        return
    if done.comparison is not None:
        say(done.comparison.sentence)
    say(f"{version} is the current model" + (f" (forced: {done.reason})" if done.reason else "") + "; for each corpus: fazhi retag --corpus DIR")


@app.command()
def rollback(scheme: SchemeFile = None, models: Models = None) -> None:
    """Make the version current that was so before the last promotion, back to the one that ships with Fazhi."""
    from pipeline.learn.versions import Versions

    say(f"{Versions(models).rollback(_scheme(scheme))} is the current model; for each corpus: fazhi retag --corpus DIR")


@app.command()
def export(
    version: Name,
    to: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write, or the folder to write it into.")],
    models: Models = None,
) -> None:
    """Write a version to one .fazhi-model file, to be carried to another machine. It holds the labelled sentences that it was made from."""
    from pipeline.learn.versions import Versions

    say(f"{version} is written to {Versions(models).export(version, to)}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .fazhi-model file.")],
    models: Models = None,
) -> None:
    """Take a version out of a .fazhi-model file. It is read as data and nothing in it is run; what is current stays so."""
    from pipeline.learn.versions import Versions

    version = Versions(models).import_(file)
    say(f"{version} is taken in; to make it current: fazhi models promote {version}")


def _scheme(file: Path | None) -> Scheme | None:
    from pipeline import categories

    return categories.scheme(file) if file is not None else None


def _write(rows: Sequence[Row], fields: tuple[str, ...], format: Format, output: Path | None, *, numbers: tuple[str, ...] = ()) -> None:
    from pipeline.cli.common import FileFormat
    from pipeline.show import write_rows
    from pipeline.show.tables import print_table

    if format is Format.table and output is None:
        print_table(rows, fields, numbers=numbers)
        return
    write_rows(rows, fields, to=output, format=FileFormat.csv if format is Format.table else FileFormat(format.value))
