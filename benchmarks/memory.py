"""How much memory an audit takes as its corpus grows: peaks of whole runs of the command line.

For each size a Parquet file of made-up words is streamed to disk, audited by the command line in
processes of their own, and deleted. Words are drawn from a long-tailed vocabulary, one word in
fifty is new and never comes again, and there are five languages: texts that repeat, and do not.

Usage: python benchmarks/memory.py [--gb N ...] [--audit NAME] [-t SPEC ...] [--memory SIZE]
           [--jobs N] [--folder DIR]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

LANGS = ("eng_Latn", "deu_Latn", "tur_Latn", "fra_Latn", "spa_Latn")
GROUP = 32 * 2**20  # bytes of text in a row group
WORDS, LONGEST_ROW = 200_000, 400  # distinct words; words of a row
NEW = 50  # one word in so many is a new one
LOOK = 0.2  # seconds between two looks at the processes


def main() -> None:
    options = _options()
    needed = max(options.gb) * 1e9
    if (free := shutil.disk_usage(options.folder).free) < 1.5 * needed:
        sys.exit(
            f"{needed / 1e9:g} GB of text need about as much disk, and {free / 1e9:.1f} are free"
        )
    asked = f"tokaudit {options.audit} {' '.join(options.specs)}"
    print(f"{asked} --memory {options.memory} --jobs {options.jobs}\n", flush=True)
    print(f"{'GB of text':>10}{'rows':>12}{'seconds':>9}{'MB/s':>7}{'peak MB':>9}", flush=True)
    for size in options.gb:
        _one(int(size * 1e9), options)


def _one(size: int, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "corpus.parquet"
        rows = write(path, size)
        command = [sys.executable, "-m", "tokaudit", options.audit, str(path), "--quiet"]
        command += [word for spec in options.specs for word in ("-t", spec)]
        command += ["--memory", options.memory, "--jobs", str(options.jobs)]
        seconds, peak = audited([*command, "-o", str(Path(folder) / "report.json")])
    megabytes = size / 1e6
    told = f"{size / 1e9:>10.1f}{rows:>12,}{seconds:>9.0f}{megabytes / seconds:>7.1f}"
    print(f"{told}{peak / 2**20:>9.0f}", flush=True)


def write(path: Path, size: int) -> int:
    """Write about `size` bytes of text, a row group at a time; give the number of rows."""
    rows = 0
    schema = pa.schema([("text", pa.large_string()), ("lang", pa.string())])
    with pq.ParquetWriter(path, schema) as file:
        for table in _tables(np.random.default_rng(1), size, schema):
            file.write_table(table)
            rows += table.num_rows
    return rows


def _tables(dice: np.random.Generator, size: int, schema: pa.Schema) -> Iterator[pa.Table]:
    common = np.array(_words(dice, WORDS), dtype=object)
    likely = 1 / (np.arange(WORDS) + 10)
    bounds = np.cumsum(likely / likely.sum())
    while size > 0:
        texts = list(_texts(dice, common, bounds, min(size, GROUP)))
        size -= sum(map(len, texts))
        langs = np.array(LANGS, dtype=object)[dice.integers(len(LANGS), size=len(texts))]
        yield pa.table({"text": texts, "lang": langs.tolist()}, schema)


def _texts(
    dice: np.random.Generator, common: np.ndarray, bounds: np.ndarray, size: int
) -> Iterator[str]:
    while size > 0:
        words = common[np.searchsorted(bounds, dice.random(dice.integers(1, LONGEST_ROW)))]
        words[::NEW] = _words(dice, len(words[::NEW]))
        text = " ".join(words)
        size -= len(text)
        yield text


def _words(dice: np.random.Generator, count: int) -> list[str]:
    """Make words of 2 to 13 letters."""
    lengths = dice.integers(2, 14, count)
    letters = dice.integers(97, 123, size=(count, 13), dtype=np.uint8)
    return [row[:n].tobytes().decode() for row, n in zip(letters, lengths, strict=True)]


def audited(command: Sequence[str]) -> tuple[float, int]:
    """Run a command: its seconds, and the largest sum of memory of its processes, in bytes."""
    peak, began = [0], time.monotonic()
    process = subprocess.Popen(command)
    watching = threading.Thread(target=_watch, args=(process, peak))
    watching.start()
    code = process.wait()
    watching.join()
    if code:
        sys.exit(f"{' '.join(command)} ended with {code}")
    return time.monotonic() - began, peak[0]


def _watch(process: "subprocess.Popen[bytes]", peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_resident, _family(process.pid))))
        time.sleep(LOOK)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in found:
        yield from _family(int(child))


def _resident(pid: int) -> int:
    """Bytes of a process in memory, what it shares with others counted once for each."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--gb", type=float, nargs="+", default=[0.1, 1, 10])
    parser.add_argument("--audit", default="fertility")
    parser.add_argument("-t", dest="specs", action="append", default=[])
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    options.specs = options.specs or ["pkg:mistral-common/tekken_240911"]
    return options


if __name__ == "__main__":
    main()
