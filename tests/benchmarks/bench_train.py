"""What training costs, and whether promoting can be trusted.

``python tests/benchmarks/bench_train.py [cost] [worse] [equal]`` runs what is named, or all:

- cost: `fazhi train` on the whole training corpus and 300 labels of a corpus, curve and comparison included, in a process of its own: seconds on the
  clock, seconds of processor, and the most memory that it and its workers held together (must stay below 90 s on two quiet cores, and 1 GB);
- worse: a candidate with a quarter of its labels shuffled must be refused;
- equal: a candidate from the same data with a setting changed next to nothing must not be called better.
"""

from __future__ import annotations

import dataclasses
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pipeline.corpus import Corpus
from pipeline.errors import ModelError
from pipeline.learn import Versions, train, training_corpus
from pipeline.store.labels import NewLabel
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.model import Model

COMMAND = "from pipeline.cli.app import main; main()"


def held(process: int) -> int:
    """The memory that a process and its children hold together, shared pages counted once: bytes, or 0 where the system does not tell."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == process:
                total += 1024 * sum(int(line.split()[1]) for line in (folder / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
        except (OSError, ValueError):
            continue
    return total


def cost() -> None:
    with tempfile.TemporaryDirectory() as folder:
        dice = random.Random(0)
        sentences = [(s.text, s.label) for report in training_corpus() for s in report.sentences]
        with Corpus.open(Path(folder) / "corpus", create=True) as corpus:
            chosen = dice.sample(sentences, 300)
            corpus.labels.add([NewLabel(f"另外,{text}", label, "甲", report=f"某区-{i % 12}") for i, (text, label) in enumerate(chosen)], source="bench")
        environment = os.environ | {"FAZHI_MODELS": str(Path(folder) / "models")}
        begin, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        running = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "train", "--corpus", f"{folder}/corpus", "--jobs", "2"],
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        peak, over = [0], threading.Event()

        def watch() -> None:
            while not over.wait(0.5):
                peak[0] = max(peak[0], held(running.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = running.wait()
        over.set()
        watcher.join()
        seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        print(
            f"fazhi train: {seconds:.1f} s on the clock, {processor:.1f} s of processor, {peak[0] / 1e6:.0f} MB at most, exit {code}, load {os.getloadavg()[0]:.1f}"
        )
        assert code == 0
        assert peak[0] < 1e9
        assert min(seconds, processor / 2 * 1.3) < 90


def worse() -> None:
    reports, dice = training_corpus(), random.Random(5)
    labels = [s.label for report in reports for s in report.sentences]
    chosen = dice.sample(range(len(labels)), len(labels) // 4)
    dealt = [labels[i] for i in chosen]
    dice.shuffle(dealt)
    for i, label in zip(chosen, dealt, strict=True):
        labels[i] = label
    rest = iter(labels)
    bad = [dataclasses.replace(r, sentences=tuple(dataclasses.replace(s, label=next(rest)) for s in r.sentences)) for r in reports]
    with tempfile.TemporaryDirectory() as folder:
        versions, candidate = Versions(Path(folder)), train(bad, jobs=2)
        versions.save(candidate)
        try:
            versions.promote(candidate.version)
        except ModelError as error:
            print(f"a quarter shuffled: {error}")
        else:
            raise AssertionError("a candidate with a quarter of its labels shuffled was promoted")


def equal() -> None:
    with tempfile.TemporaryDirectory() as folder:
        versions, candidate = Versions(Path(folder)), train(model=Model(sentence=SentenceEvidence(C=3.1)), jobs=2)
        versions.save(candidate)
        done = versions.promote(candidate.version)
        assert done.comparison is not None
        print(f"next to the same: {done.comparison.sentence}")
        assert done.comparison.verdict == "not told apart"


if __name__ == "__main__":
    for part in (cost, worse, equal):
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            part()
