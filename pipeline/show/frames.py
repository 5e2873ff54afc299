"""Tagged sentences as a pandas table. The one file that knows pandas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.data import TaggedReport
from pipeline.show.rows import TAG_FIELDS, hit_row, tag_rows
from pipeline.store import StoredSentence

if TYPE_CHECKING:
    import pandas


def sentences_frame(sentences: Iterable[StoredSentence]) -> pandas.DataFrame:
    """Stored sentences, one a row, with ``report district year role heading category code probability … text``."""
    import pandas

    rows = ({key: value for key, value in hit_row(s, (), 0.0).items() if key not in {"matches", "score"}} for s in sentences)
    return pandas.DataFrame(rows).convert_dtypes()


def tagged_frame(tagged: Iterable[TaggedReport]) -> pandas.DataFrame:
    """Tagged reports, one sentence a row, with the columns that ``fazhi tag`` writes."""
    import pandas

    return pandas.DataFrame((row for report in tagged for row in tag_rows(report)), columns=list(TAG_FIELDS)).convert_dtypes()
