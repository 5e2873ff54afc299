"""What ``fazhi labels agreement`` measures and shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.common import Format, say
from pipeline.cli.shown import show
from pipeline.errors import LabelError, ModelError, OutputError

if TYPE_CHECKING:
    from pipeline.categories import Scheme
    from pipeline.learn.agreement import Coefficient
    from pipeline.show import Row
    from pipeline.tag import Tagger

FIELDS = ("measure", "between", "code", "category", "sentences", "value", "low", "high")


def show_agreement(
    folder: Path,
    model: Path | None,
    scheme: Scheme | None,
    *,
    with_model: bool,
    by_category: bool,
    disagreements: Path | None,
    format: Format,
    output: Path | None,
) -> None:
    """Measure, show, and write what people differ on."""
    from pipeline.categories import of_corpus
    from pipeline.learn.agreement import agreement, ratings
    from pipeline.learn.disagreements import model_codes, write_disagreements
    from pipeline.learn.places import Places
    from pipeline.store import Database, Labels

    scheme = scheme or of_corpus(folder)
    if disagreements and disagreements.suffix.lower() != ".xlsx":
        raise OutputError(str(disagreements), "the file has a drop-down and must be a spreadsheet", "name it OUT.xlsx")
    database = Database(folder / "corpus.sqlite")
    try:
        labels, places = Labels(database).current(), Places.of(database)
    finally:
        database.close()
    if not labels:
        raise LabelError(str(folder), "the corpus holds no labels", "take some in with `fazhi labels import`")
    tags = model_codes(labels, places, _tagger(model, scheme)) if with_model else None
    rated = ratings(labels, tags)
    found = [one for one in agreement(rated, (0, *scheme.codes)) if by_category or one.code is None]
    show([_row(one, scheme) for one in found], FIELDS, format=format, output=output, provenance=None, left=("code",))
    if disagreements:
        say(f"{write_disagreements(rated, scheme, places, disagreements)} sentences written to {disagreements}; settle them and import the file")


def _tagger(model: Path | None, scheme: Scheme) -> Tagger | None:
    """The model for sentences without a tag; where no model was asked for, none is needed."""
    from pipeline.tag import Tagger

    try:
        tagger = Tagger.load(model) if model else Tagger.current(scheme)
    except ModelError as error:
        if model:
            raise
        say(f"fazhi: {error}; sentences without a tag in the corpus are left out")
        return None
    if tagger.scheme.codes != scheme.codes:
        raise LabelError(str(model), f"the model has the scheme {tagger.scheme.name}, the labels have {scheme.name}", "name a model of the same scheme")
    return tagger


def _row(one: Coefficient, scheme: Scheme) -> Row:
    names = {"agreement": "observed agreement", "cohen": "Cohen's kappa", "fleiss": "Fleiss' kappa", "krippendorff": "Krippendorff's alpha"}
    values = {name: None if value is None else round(value, 4) for name, value in (("value", one.value), ("low", one.low), ("high", one.high))}
    category = "all" if one.code is None else scheme.slug(one.code) or "none"
    return {"measure": names[one.measure], "between": " and ".join(one.between), "code": one.code, "category": category, "sentences": one.sentences, **values}
