"""What a table was made from, in one state of the corpus."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import pipeline
from pipeline.analysis.source import Source
from pipeline.search.parser import parse
from pipeline.search.wording import typed
from pipeline.show import Provenance
from pipeline.tokenize import Segmenter


def of_query(source: Source, query: str | None, options: Mapping[str, object]) -> Provenance:
    """The provenance of what a query found: the same for the same query and options in the same state of the corpus, whenever it is asked."""
    reports = source.database.reports()
    content = json.dumps([(report.name, report.sha256, report.model) for report in reports], ensure_ascii=False)
    return Provenance(
        query=query or "",
        read_as=typed(parse(query)) if query else "",
        options={name: value for name, value in options.items() if value is not None and value is not False},
        changed=source.database.changed(),
        corpus=hashlib.sha256(content.encode("utf-8")).hexdigest()[:16],
        reports=len(reports),
        sentences=sum(report.sentences for report in reports),
        models=", ".join(sorted({report.model for report in reports if report.model})),
        dictionary=Segmenter.default().version,
        program=f"fazhi {pipeline.__version__}",
    )
