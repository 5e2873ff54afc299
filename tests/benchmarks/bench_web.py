"""The pages as readers meet them: a search page's time in the server, its size, and fifty readers at once beside somebody who labels.

    python tests/benchmarks/bench_web.py [--sizes 100000 1000000] [--readers 50] [--seconds 60]

For each size: how long the first page takes from the start of the process, the median and the 95th percentile of search pages (asked one at a time) beside
that of a small file in the same run, the largest page, and then what became of the readers' requests and of the labels. Whatever fails is an error of the benchmark.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
from synthetic import stored

from pipeline.corpus import Corpus

TERMS = (
    "行政", "发展", "建设", "改革", "法治", "制度", "监督", "服务", "企业", "农村", "教育", "经济增长", "公共服务", "行政审批", "依法行政", "社会保障", "科技创新", "生态环境",
    "乡村振兴", "营商环境", "重大", "安全生产", "市场监管", "人民群众", "不存在的词语", "加强 监督", "改革 OR 开放", "发展 NOT 经济", "法治*建设", "改革 NEAR/8 开放",
)  # fmt: skip
FILTERS = ("", " year:2015..2020", " category:disputes", " role:measures", " district:青")
VIEWS = ("", "", "", "&sort=year", "&page=3", "&view=counts", "&view=kwic")


@dataclass
class Load:
    """What the readers and the annotator met."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    labelled: int = 0


def searches(count: int, seed: int = 7) -> list[str]:
    """Addresses of search pages as researchers ask for them."""
    choose = random.Random(seed)
    return [f"/search?q={choose.choice(TERMS)}{choose.choice(FILTERS)}{choose.choice(VIEWS)}" for _ in range(count)]


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str, float]:
    """A server in a process of its own, its address, and how long its first page took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = "from pipeline.cli.app import main; main()"
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", run, "serve", "--corpus", str(folder), "--port", str(port), "--no-open"])
    home = f"http://127.0.0.1:{port}"
    while process.poll() is None:
        try:
            httpx.get(home, timeout=60).raise_for_status()
            return process, home, time.perf_counter() - begin
        except httpx.TransportError:
            time.sleep(0.02)
    raise SystemExit("the server ended")


def alone(home: str, count: int) -> None:
    """Search pages one after the other."""
    took, sizes = [], []
    with httpx.Client(base_url=home, timeout=60) as client:
        client.get(searches(1)[0])
        bare = statistics.median(timed(client, "/static/icon.svg")[0] for _ in range(100))
        for address in searches(count):
            milliseconds, size = timed(client, address)
            took.append(milliseconds)
            sizes.append(size)
    print(
        f"  search page: median {statistics.median(took):.1f} ms, p95 {percentile(took, 95):.1f} ms, slowest {max(took):.1f} ms; largest {max(sizes) / 1000:.0f} KB"
    )
    print(f"  a small file in the same run: median {bare:.1f} ms")


def timed(client: httpx.Client, address: str) -> tuple[float, int]:
    """How many milliseconds an answer takes, and its size."""
    begin = time.perf_counter()
    answer = client.get(address)
    took = 1000 * (time.perf_counter() - begin)
    answer.raise_for_status()
    return took, len(answer.content)


def percentile(values: list[float], part: int) -> float:
    """The value that so many in a hundred do not pass."""
    return sorted(values)[min(len(values) - 1, len(values) * part // 100)]


async def crowd(home: str, readers: int, seconds: float, report: str) -> Load:
    """Readers who search and read without a pause, and one who labels."""
    load, end = Load(), time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=readers + 1)
    async with httpx.AsyncClient(base_url=home, timeout=120, limits=limits) as client:
        await asyncio.gather(*(read(client, load, end, seed, report) for seed in range(readers)), label(client, load, end, report))
    return load


async def read(client: httpx.AsyncClient, load: Load, end: float, seed: int, report: str) -> None:
    """One reader."""
    for address in searches(10_000, seed):
        if time.perf_counter() > end:
            return
        begin = time.perf_counter()
        try:
            answer = await client.get(address if random.random() < 0.9 else f"/report?name={report}")
            if answer.status_code != 200:
                load.errors.append(f"{answer.status_code} {address}")
        except httpx.HTTPError as error:
            load.errors.append(f"{type(error).__name__} {address}")
        load.took.append(1000 * (time.perf_counter() - begin))


async def label(client: httpx.AsyncClient, load: Load, end: float, report: str) -> None:
    """Somebody who labels a sentence about three times a second."""
    while time.perf_counter() < end:
        data = {"report": report, "sentence": str(load.labelled % 100 + 1), "code": str(load.labelled % 8), "annotator": "bench"}
        answer = await client.post("/label", data=data, headers={"Accept": "application/json"})
        if answer.status_code != 200:
            load.errors.append(f"{answer.status_code} label")
        else:
            load.labelled += 1
        await asyncio.sleep(0.3)


def together(home: str, folder: Path, readers: int, seconds: float) -> None:
    """The crowd, and whether every label is there afterwards."""
    with Corpus.open(folder) as corpus:
        report, before = corpus.reports()[0].name, len(corpus.labels.all())
    load = asyncio.run(crowd(home, readers, seconds, report))
    with Corpus.open(folder) as corpus:
        kept = len(corpus.labels.all()) - before
    rate = len(load.took) / seconds
    print(
        f"  {readers} readers for {seconds:.0f} s: {len(load.took)} pages ({rate:.0f} a second), median {statistics.median(load.took):.0f} ms, p95 {percentile(load.took, 95):.0f} ms"
    )
    print(f"  {len(load.errors)} errors {load.errors[:3]}; {load.labelled} labels given, {kept} kept")
    if load.errors or kept != load.labelled:
        raise SystemExit("something failed")


def main() -> None:
    """Measure every size."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="*", default=[100_000, 1_000_000], help="numbers of sentences")
    options.add_argument("--requests", type=int, default=300)
    options.add_argument("--readers", type=int, default=50)
    options.add_argument("--seconds", type=float, default=60)
    asked = options.parse_args()
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "corpus"
            shutil.copytree(stored(size).folder, folder)
            process, home, first = start(folder)
            try:
                print(f"{size:,} sentences\n  first page {first:.2f} s after the start")
                alone(home, asked.requests)
                if asked.seconds:
                    together(home, folder, asked.readers, asked.seconds)
            finally:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
