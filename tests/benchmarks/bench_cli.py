"""Whole processes: how long a person waits for a command.

    python tests/benchmarks/bench_cli.py

Prints the median of five runs of each command, and its ratio to an interpreter that does nothing, taken in the same run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline import resources

RUN = [sys.executable, "-c", "from pipeline.cli.app import main; main()"]
RUNS = 5


def seconds(words: list[str]) -> float:
    """The median time of a process, after one run that warms the disk."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(words, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Run the commands and print a line each."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = str(Path(folder) / "corpus")
        subprocess.run([*RUN, "add", "--baseline", "--corpus", corpus], check=True, capture_output=True)
        report = str(resources.baseline_path())
        nothing = seconds([sys.executable, "-c", "pass"])
        print(f"{'command':40} {'median':>8} {'ratio to python -c pass':>24}")
        for words in (
            ["--help"],
            ["search", "法律援助", "--corpus", corpus],
            ["search", "“行政复议” year:2023 category:disputes", "--corpus", corpus],
            ["reports", "--corpus", corpus],
            ["parse", report],
            ["tag", report, "-o", str(Path(folder) / "out.jsonl")],
        ):
            took = seconds([*RUN, *words])
            print(f"fazhi {' '.join(words[:2])[:34]:34} {took:7.2f}s {took / nothing:23.0f}x")


if __name__ == "__main__":
    main()
