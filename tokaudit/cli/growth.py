"""How the time a tokenizer takes grows with its input: measured only when asked for.

Each tokenizer is loaded once more in a process of its own, with limits of time and memory, so that
one that hangs or aborts is a figure and no accident.
"""

import math
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import pyarrow as pa

from tokaudit import loaders
from tokaudit.errors import TokauditError
from tokaudit.findings import Finding
from tokaudit.report import Report
from tokaudit.splits.worst import FAMILIES
from tokaudit.tokenizer import Tokenizer

try:
    import resource
except ImportError:  # there is none on Windows
    resource = None  # type: ignore[assignment]

SIZES = (1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000)  # bytes of one text
ROUNDS, SHORT = 3, 0.5  # the best of so many rounds, where one takes less seconds than this
PATIENCE = 10.0  # seconds for one text
LOADING = 120.0  # seconds for loading
MEMORY = 8 * 2**30  # bytes that a process may map, where the system keeps such a limit
STEPS, STEEP = 2, 1.3  # over so many sizes; time that grows faster than that power is a finding
LOST = "stopped"  # how the reason begins if the process is no more


class Run(NamedTuple):
    """One family: the seconds of each size that was done, and why no larger one was."""

    family: str
    seconds: tuple[float, ...]
    stopped: str = ""


def grown(tokenizers: Sequence[Tokenizer], report: Report, trusted: bool) -> Report:
    """Add to a report's environment the time of long texts, and findings where it is steep.

    Tokenizers whose own code is `trusted` run it.
    """
    rows: list[dict[str, Any]] = []
    found: list[Finding] = []
    for tokenizer in tokenizers:
        for run in runs(tokenizer.spec, trusted):
            rows.append({"tokenizer": tokenizer.spec, **_row(run)})
            found += _findings(tokenizer.spec, run)
    timings = {**report.environment.get("timings", {}), "adversarial": rows}
    environment = {**report.environment, "timings": timings}
    return replace(report, environment=environment, findings=(*report.findings, *found))


def runs(spec: str, trusted: bool = False) -> Iterator[Run]:
    """Time every family; a process that is lost is replaced for the families that are left."""
    left = list(FAMILIES)
    while left:
        for run in _in_a_process(spec, trusted, tuple(left)):
            left.remove(run.family)
            yield run


def _in_a_process(spec: str, trusted: bool, families: Sequence[str]) -> Iterator[Run]:
    """Time families until the process is lost; at least one run is given."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(spec, trusted, families, there), daemon=True)
    process.start()
    there.close()
    try:
        ready, why = _heard(here, LOADING)
        for family in families:
            run = _followed(here, family) if ready is not None else Run(family, (), why)
            yield run
            if run.stopped.startswith(LOST):
                return
    finally:
        process.kill()
        process.join()


def _followed(here: Connection, family: str) -> Run:
    """Hear how long each size of a family takes."""
    seconds: list[float] = []
    for size in SIZES:
        said, why = _heard(here, PATIENCE)
        if said is None:
            return Run(family, tuple(seconds), f"{why} ({size:,} bytes)")
        seconds.append(said)
    return Run(family, tuple(seconds))


def _heard(here: Connection, patience: float) -> tuple[float | None, str]:
    """Wait for a number of seconds, or say why there is none."""
    try:
        if not here.poll(patience):
            return None, f"{LOST} after {patience:.0f} s"
        said = here.recv()
    except EOFError:
        return None, f"{LOST}: it ended its process"
    return (None, said) if isinstance(said, str) else (said, "")


def _measure(spec: str, trusted: bool, families: Sequence[str], there: Connection) -> None:
    """Load a tokenizer and time it: send seconds, or a sentence instead of a family's others."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a library has to say when it panics
    try:
        tokenizer = loaders.load(spec, trusted).by_reference()
    except TokauditError as error:
        there.send(f"not loaded: {error}")
        return
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _best(tokenizer, "warm up")
    there.send(0.0)
    for family in families:
        try:
            for size in SIZES:
                there.send(_best(tokenizer, FAMILIES[family](size)))
        except (TokauditError, MemoryError) as error:
            there.send(f"refused: {error or 'out of memory'}")


def _best(tokenizer: Tokenizer, text: str) -> float:
    """Take the best of some rounds, or the only one of a slow text; raises EngineFailed."""
    texts, best = pa.array([text], pa.large_string()), math.inf
    for _ in range(ROUNDS):
        start = time.perf_counter()
        tokenizer.encode(texts)
        best = min(best, time.perf_counter() - start)
        if best > SHORT:
            break
    return best


def power(run: Run) -> float | None:
    """Say to which power of its size the time of the largest texts grows, over the last 16 x."""
    if len(run.seconds) < STEPS + 1:
        return None
    few, many = run.seconds[-1 - STEPS], run.seconds[-1]
    sizes = SIZES[: len(run.seconds)]
    return math.log(many / few) / math.log(sizes[-1] / sizes[-1 - STEPS])


def _row(run: Run) -> dict[str, Any]:
    """Give nanoseconds per byte for each size, the power, and what stopped it."""
    per_byte = [round(s / size * 1e9, 1) for s, size in zip(run.seconds, SIZES, strict=False)]
    names = (f"ns_at_{size // 1_000}k" for size in SIZES)
    named = dict(zip_longest(names, per_byte))
    grows = power(run)
    return {
        "family": run.family,
        **named,
        "power": None if grows is None else round(grows, 2),
        "stopped": run.stopped.partition(":")[0] or None,
    }


def _findings(spec: str, run: Run) -> Iterator[Finding]:
    grows = power(run)
    if grows is not None and grows > STEEP:
        size = SIZES[len(run.seconds) - 1]
        said = f"{run.family}: up to {size:,} bytes time grows with the size to the {grows:.1f}"
        yield Finding("TA540", said, spec)
    if run.stopped:
        yield Finding("TA541", f"{run.family}: {run.stopped}", spec)
