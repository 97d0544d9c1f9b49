"""The time that long runs of digits take: measured only when asked for, beside all figures."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from tokaudit.errors import EngineFailed
from tokaudit.findings import Finding
from tokaudit.report import Report
from tokaudit.tokenizer import Tokenizer

LENGTHS = (1_000, 4_000, 16_000, 64_000)  # digits in one run
ROUNDS = 3
PATIENCE = 2.0  # seconds: after a run that takes longer, no longer one is tried
STEEP = 1.3  # time that grows faster than digits to this power is a finding


def timed(tokenizers: Sequence[Tokenizer], report: Report) -> Report:
    """Add to a report's environment how long runs of digits take, and a finding where it is steep.

    Nanoseconds per digit, the best of three rounds.
    """
    rows = [row for tokenizer in tokenizers for row in _rows(tokenizer)]
    found = [finding for t in tokenizers for finding in _steep(t.spec, rows)]
    environment = {**report.environment, "timings": {"digits": rows}}
    return replace(report, environment=environment, findings=(*report.findings, *found))


def _rows(tokenizer: Tokenizer) -> Iterator[dict[str, Any]]:
    for digits in LENGTHS:
        run = pa.array(["1234567890" * (digits // 10)], pa.large_string())
        try:
            seconds = min(_seconds(tokenizer, run) for _ in range(ROUNDS))
        except EngineFailed:
            return
        yield {
            "tokenizer": tokenizer.spec,
            "digits": digits,
            "ns_per_digit": round(seconds / digits * 1e9, 1),
        }
        if seconds > PATIENCE:
            return


def _seconds(tokenizer: Tokenizer, texts: pa.LargeStringArray) -> float:
    start = time.perf_counter()
    tokenizer.encode(texts)
    return time.perf_counter() - start


def _steep(spec: str, rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    own = [(row["digits"], row["ns_per_digit"]) for row in rows if row["tokenizer"] == spec]
    if len(own) < 2:
        return
    (few, less), (many, more) = own[-2:]
    power = 1 + math.log(more / less) / math.log(many / few)
    if power > STEEP:
        message = f"from {few:,} to {many:,} digits time grows with their number to the {power:.1f}"
        yield Finding("TA020", message, spec)
