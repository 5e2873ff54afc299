"""``fazhi search``: find phrases across the reports of a corpus."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import searched
from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output
from pipeline.cli.shown import Exact, HowToShow, WithProvenance, wanted


class Sort(StrEnum):
    """Orders of hits."""

    relevance = "relevance"
    year = "year"
    district = "district"
    report = "report"
    left = "left"
    right = "right"


class By(StrEnum):
    """What hits are counted by."""

    year = "year"
    district = "district"
    category = "category"
    role = "role"
    heading = "heading"
    report = "report"


class Measure(StrEnum):
    """What a table of terms holds."""

    occurrences = "occurrences"
    sentences = "sentences"
    per_10000 = "per_10000"


def command(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="QUERY", help="What to find; see below. May be left out with --terms.", show_default=False)
    ] = None,
    corpus: CorpusFolder = DEFAULT_CORPUS,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="How many sentences (with --kwic, lines) to show.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Show all of them.")] = False,
    sort: Annotated[Sort, typer.Option("--sort", help="Order; left and right are for --kwic.")] = Sort.relevance,
    exact: Exact = False,
    context: Annotated[int, typer.Option("--context", "-c", min=0, metavar="N", help="Show N sentences before and behind each.")] = 0,
    kwic: Annotated[int | None, typer.Option("--kwic", min=0, metavar="N", help="Show every occurrence on a line, with N characters on each side.")] = None,
    facets: Annotated[bool, typer.Option("--facets", help="Show how many there are by year, district, category, role and heading.")] = False,
    by: Annotated[By | None, typer.Option("--by", help="Count by this, with occurrences per 10,000 characters.")] = None,
    terms: Annotated[Path | None, typer.Option("--terms", metavar="FILE", help="Count many terms, one a line, by report or what --by says.")] = None,
    measure: Annotated[Measure, typer.Option("--measure", help="What --terms counts.")] = Measure.occurrences,
    explain: Annotated[bool, typer.Option("--explain", help="Show how the query is read, and what each part of it finds.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Compare the answer with a scan of all stored text.")] = False,
    format: HowToShow = Format.table,
    output: Output = None,
    provenance: WithProvenance = False,
) -> None:
    """Find every sentence that contains a phrase.

    A term is literal and finds what contains it, whatever its words: 行政复议 finds 行政复议委员会. A space or AND (与) means both, OR (或 |) either, NOT (非 -) neither;
    parentheses group. Quote a phrase that holds spaces or marks, with any quotes: “双随机、一公开”. Patterns: 行政?议 法治*建设 /第[一二]条/. Near each other: 法治 NEAR/8 培训 (近/8), in
    this order 法治 BEFORE/8 培训 (先/8), in one paragraph PARA(法治 培训) (同段), in one section SECTION(法治 培训) (同节). Filters: district:大兴 year:2020..2023 category:disputes code:6
    role:measures heading:复议 report:NAME, or 地区 年份 类别 编码 部分 标题 报告.
    """
    from pipeline.corpus import Corpus

    _one_mode(kwic=kwic is not None, facets=facets, by=by is not None and terms is None, terms=terms is not None, explain=explain, verify=verify)
    if kwic is None and sort in {Sort.left, Sort.right}:
        raise typer.BadParameter(f"{sort} orders lines; add --kwic 20", param_hint="--sort")
    query = " ".join(words or ())
    if not query and terms is None:
        raise typer.BadParameter("give a query, or a list of terms with --terms FILE", param_hint="QUERY")
    most = None if everything else limit
    if explain:
        searched.explain(query, corpus, exact)
        return
    with Corpus.open(corpus) as opened:
        if verify:
            searched.verify(opened, query, exact)
            return
        options: dict[str, object] = {
            "verb": "search",
            "limit": most,
            "sort": sort,
            "exact": exact,
            "kwic": kwic,
            "context": context or None,
            "facets": facets,
            "by": by,
        }
        listed = searched.term_list(terms) if terms is not None else []
        if listed:
            options |= {"by": by or By.report, "terms": listed, "measure": measure}
        made = opened.provenance(query, **options) if wanted(format, provenance) else None
        face = searched.Asked(opened, query, exact, format, output, made)
        if listed:
            searched.show_terms(face, listed, by or By.report, measure)
        elif by is not None:
            searched.show_counts(face, by)
        elif facets:
            searched.show_facets(face, None if everything else 10)
        elif kwic is not None:
            searched.show_kwic(face, kwic, sort, most)
        else:
            searched.show_hits(face, sort, most, context)


def _one_mode(**asked: bool) -> None:
    chosen = [f"--{name}" for name, on in asked.items() if on]
    if len(chosen) > 1:
        raise typer.BadParameter("give one of them at a time", param_hint=" and ".join(chosen))
