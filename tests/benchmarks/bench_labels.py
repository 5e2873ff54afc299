"""How long the import of a large sheet of labels takes: ``python -m tests.benchmarks.bench_labels [ROWS]``.

The sentences are made from parts, so that many are nearly the same; one row in fifty has another label than its like, one in a hundred is a repetition, and two
people label. A corpus with some of the sentences stands beside it, and everything is imported twice.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.learn.imports import import_labels

_PLACES = ["大河", "青禾", "云门", "石峡", "临江", "白鹭", "双桥", "长堤", "南浦", "北关"]
_MEASURES = (
    (1, "深化行政审批制度改革，{a}事项实现{n}个部门联办，群众跑动次数减少{m}次"),
    (2, "对{a}规范性文件开展合法性审核{n}件，提出意见建议{m}条"),
    (3, "在{a}领域开展联合执法检查{n}次，责令整改问题{m}个"),
    (4, "修订{a}突发事件应急预案{n}个，组织演练{m}场"),
    (5, "办理{a}人大代表建议{n}件、政协提案{m}件，办结率百分之百"),
    (6, "{a}人民调解组织受理矛盾纠纷{n}件，调解成功{m}件"),
    (7, "组织{a}领导干部学法{n}次，参训{m}人次"),
)
_CHARACTERS = "东西南北中山河林泉桥塘湾坡岭田园店庄营堡门口井沟柳杨松梅桃杏竹兰荷菊"
_SUBJECTS = ["市场监管", "生态环境", "交通运输", "文化旅游", "安全生产", "农业农村", "城市管理", "医疗卫生", "教育培训", "劳动保障", "住房建设", "自然资源"]


def rows(count: int, seed: int = 2023) -> Iterator[tuple[str, str, str, str, str]]:
    """Rows of report, sentence, label, annotator and note."""
    draw, before = random.Random(seed), ("", 0)
    for number in range(count):
        code, words = draw.choice(_MEASURES)
        body = words.format(a=draw.choice(_SUBJECTS), n=draw.randint(1, 900), m=draw.randint(1, 90))
        village = "".join(draw.choices(_CHARACTERS, k=3 if draw.random() > 0.05 else 0))
        text = f"{draw.choice(_PLACES)}{draw.choice('区县镇')}{village}{'村街道'[draw.random() > 0.5]}{body}。"
        label = code if draw.random() > 0.02 else code % 7 + 1
        if draw.random() < 0.01 and number:
            text, label = before
        before = text, label
        yield f"报告-{number // 100}", text, str(label), draw.choice(("王", "李")), "已核" if draw.random() < 0.1 else ""


def write_sheet(path: Path, count: int) -> None:
    """Write a sheet of labels."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([("报告", "句子", "类别", "标注人", "备注"), *rows(count)]):
            for column, cell in enumerate(row):
                if column == 2 and at:
                    sheet.write_number(at, column, int(cell))
                else:
                    sheet.write_string(at, column, cell)


def main() -> None:
    """Print the seconds that each import takes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sheet(folder / "labels.xlsx", count)
        for which in ("first", "again"):
            start, processor = time.perf_counter(), time.process_time()
            report = import_labels(folder / "corpus", [folder / "labels.xlsx"])
            seconds, processor = time.perf_counter() - start, time.process_time() - processor
            print(f"{which}: {seconds:.2f} s, {processor:.2f} s of processor, for {count:,} rows; {report.taken:,} taken, {report.already:,} there, {report.repeated:,} repeated, "
                  f"{len(report.conflicts):,} conflicts, {len(report.near):,} near pairs")  # fmt: skip
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
