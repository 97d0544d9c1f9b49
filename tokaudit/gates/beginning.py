"""A configuration to begin with: what a folder holds, and limits to uncomment."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TOKENIZERS = ("tokenizer.json", "tekken.json", "*.tiktoken", "*.model", "*.gguf")
DEEPEST, MOST = 3, 5  # folders below, files of a kind
TEXT = """\
# Limits for tokenizers. `tokaudit check` holds them and exits with 1 if one is broken.
# Paths are named from the folder of this file. `tokaudit explain RULE` explains a finding.

# What is checked: a spec of any kind (./folder, tokenizer.json, cl100k_base, org/name@COMMIT).
tokenizers = [{tokenizers}]

# What limits may compare with, and is not checked itself.
# compare-with = ["o200k_base"]

# Parquet with columns text, lang and, for parallel rows, id; without any, builtin:parallel.
{corpora}
# langs = ["eng_Latn", "hin_Deva"]
# reference = "eng_Latn"

# Figures that limits such as "fertility: +2%" compare with; tokaudit check --update-baseline
# writes it. Commit it.
baseline = "tokaudit-baseline.json"

limits = [
  "findings.error == 0",
  # A figure of any table: of every language, of one, or over all (max, min, mean, median, sum).
  # "fertility[hin_Deva] <= 2.1",
  # "premium.max <= 5",
  # The end of its 95 % interval (low, high).
  # "fertility.high <= 1.5",
  # Against the baseline: at most 2 % more; at most 1 % less.
  # "fertility: +2%",
  # "bytes_per_token: -1%",
  # Against another tokenizer.
  # "tokens <= o200k_base + 5%",
  # 'digits.strategy == "single"',
]

# fail-on = "error"            # or "warning", "note"
# ignore = ["TA002"]
# severity = {{ TA003 = "note" }}
"""


def begin(folder: Path) -> str:
    """Write a configuration for what a folder holds, as TOML."""
    found = [f"./{path.relative_to(folder)}" for path in _tokenizers(folder)]
    corpora = [str(path.relative_to(folder)) for path in _corpora(folder)]
    named = f"corpora = [{_listed(corpora)}]" if corpora else '# corpora = ["texts.parquet"]'
    return TEXT.format(tokenizers=_listed(found or ["cl100k_base"]), corpora=named)


def _tokenizers(folder: Path) -> Iterator[Path]:
    """Find files of tokenizers; one tokenizer.json stands for its folder."""
    found = (path for pattern in TOKENIZERS for path in _below(folder, pattern))
    folders = {path.parent for path in _below(folder, "tokenizer.json")}
    chosen = [p for p in found if p.name == "tokenizer.json" or p.parent not in folders]
    yield from chosen[:MOST]


def _corpora(folder: Path) -> Iterator[Path]:
    """Find Parquet files that have texts and languages."""
    for path in _below(folder, "*.parquet")[: 4 * MOST]:
        try:
            names = pq.read_schema(path).names
        except (OSError, pa.ArrowException):
            continue
        if {"text", "lang"} <= set(names):
            yield path


def _below(folder: Path, pattern: str) -> list[Path]:
    """Find files by name, a few folders deep, those of hidden folders left out."""
    found = [path for depth in range(DEEPEST + 1) for path in folder.glob("*/" * depth + pattern)]
    mine = [path for path in found if not _hidden(path.relative_to(folder))]
    return sorted(path for path in mine if path.is_file())


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts)


def _listed(names: Sequence[str]) -> str:
    """Write names as TOML strings."""
    return ", ".join(f'"{_escaped(name)}"' for name in names)


def _escaped(name: str) -> str:
    kept = name.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in kept)
