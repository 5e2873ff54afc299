"""How fast the tagger is: ratios to a plain recipe that runs beside it, medians of five runs, on one core.

``python tests/benchmarks/bench_tag.py`` prints

- (a) single sentences from memory, against ``jieba.lcut`` + ``TfidfVectorizer`` + ``LogisticRegression``;
- (b) from report files to tagged JSON lines, against the same recipe between the same reading, parsing and writing;
- (c) one report as a whole process, in seconds;
- (d) the size of the model file;
- (e) the peak memory of a process that tags a batch;
- (f) the time to train, with cross-validation, on all cores (add ``--no-training`` to leave it out).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

RUNS = 5
SENTENCES = 20_000


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def beside(ours: Callable[[], object], plain: Callable[[], object]) -> tuple[float, float, float]:
    """Medians of both jobs' seconds and of their ratio; they take turns, so that what else the machine does falls on both."""
    rounds = [(seconds(ours), seconds(plain)) for _ in range(RUNS)]
    return statistics.median(a for a, _ in rounds), statistics.median(b for _, b in rounds), statistics.median(b / a for a, b in rounds)


def plain_recipe():
    """The recipe that anyone writes first, trained on the same reports."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from pipeline.learn import training_corpus

    jieba.setLogLevel(60)
    reports = training_corpus()
    recipe = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, min_df=2), LogisticRegression(C=10, max_iter=300))
    return recipe.fit([s.text for r in reports for s in r.sentences], [s.label for r in reports for s in r.sentences])


def sentences(count: int) -> list[str]:
    from pipeline.learn import training_corpus

    texts = [s.text for r in training_corpus() for s in r.sentences]
    return (texts * (count // len(texts) + 1))[:count]


def report_files(folder: Path) -> list[Path]:
    from pipeline.learn import training_corpus
    from pipeline.learn.render import render

    paths = []
    for report in training_corpus()[:40]:
        path = folder / f"{report.name}.txt"
        path.write_text(render(report, furniture=True), encoding="utf-8")
        paths.append(path)
    return paths


def bench_sentences(tagger, recipe) -> None:
    texts = sentences(SENTENCES)
    few = texts[:2000]
    tagger.tag_sentences(few)
    ours, plain, ratio = beside(lambda: tagger.tag_sentences(texts), lambda: recipe.predict_proba(few))
    share = len(texts) / len(few)
    print(f"(a) sentences alone: {len(texts) / ours:,.0f} a second; the plain recipe {len(few) / plain:,.0f}; ratio {ratio * share:.1f}")


def plainly_tagged(report, recipe):
    from pipeline.categories import scheme
    from pipeline.data import Tag, TaggedReport

    slug, tags = scheme().slug, []
    for row in recipe.predict_proba([s.text for s in report.sentences]):
        first, second = (int(code) for code in row.argsort()[::-1][:2])
        tags.append(Tag(slug(first), first, float(row[first]), slug(second), second, float(row[second]), "plain"))
    return TaggedReport(report, tuple(tags))


def bench_files(tagger, recipe, folder: Path) -> None:
    from pipeline import batch, read, structure
    from pipeline.data import TaggedReport
    from pipeline.show import TAG_FIELDS, tag_rows, write_rows

    paths = report_files(folder)
    out = folder / "out.jsonl"

    def ours() -> None:
        results = batch.tag_files(paths, tagger=tagger, jobs=1)
        write_rows((row for result in results if isinstance(result, TaggedReport) for row in tag_rows(result)), TAG_FIELDS, to=out, format="jsonl")

    def plain() -> None:
        write_rows((row for path in paths for row in tag_rows(plainly_tagged(structure.parse(read.read(path)), recipe))), TAG_FIELDS, to=out, format="jsonl")

    ours()
    mine, others, ratio = beside(ours, plain)
    print(f"(b) {len(paths)} files to JSON lines: {len(paths) / mine:.0f} reports a second; the plain recipe {len(paths) / others:.0f}; ratio {ratio:.1f}")


def bench_process(folder: Path) -> None:
    path = report_files(folder)[0]
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "tag", str(path), "-o", str(folder / "one.jsonl")]
    taken = statistics.median(seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)) for _ in range(RUNS))
    print(f"(c) one report, whole process: {taken:.2f} s")


def bench_memory(folder: Path) -> None:
    code = (
        "import re, sys; from pipeline.tag import Tagger; from pipeline.batch import tag_files\n"
        "sum(1 for _ in tag_files(sys.argv[1:], tagger=Tagger.load(), jobs=1))\n"
        "print(int(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, *map(str, report_files(folder))], cwd=ROOT, check=True, capture_output=True, text=True)
    print(f"(e) peak memory of a worker: {float(done.stdout):.0f} MB")


def bench_training() -> None:
    code = "from pipeline.learn import train\nif __name__ == '__main__':\n    train()"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "run.py"
        script.write_text(code, encoding="utf-8")
        start = time.perf_counter()
        subprocess.run([sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    print(f"(f) training with cross-validation: {time.perf_counter() - start:.0f} s on {os.cpu_count()} cores")


def main() -> None:
    # Before numpy is imported: one core for everyone.
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    from pipeline.tag import Tagger

    tagger, recipe = Tagger.load(), plain_recipe()
    bench_sentences(tagger, recipe)
    with tempfile.TemporaryDirectory() as folder:
        bench_files(tagger, recipe, Path(folder))
        bench_process(Path(folder))
        print(f"(d) model file: {tagger.path.stat().st_size / 1e6:.2f} MB")
        bench_memory(Path(folder))
    if "--no-training" not in sys.argv:
        bench_training()


if __name__ == "__main__":
    main()
