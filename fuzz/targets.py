"""Every parser of ours as a function of bytes: it accepts them, or refuses them in one sentence.

A target raises what a user would meet as a crash. What it accepts is used as the program would use
it, as far as that needs no tokenizer and no network.
"""

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pyarrow.fs as pafs

from tokaudit import gold, limits, loaders, sources, state
from tokaudit.comparing import weights
from tokaudit.errors import TokauditError
from tokaudit.gates import configuration
from tokaudit.gates.baseline import Baseline
from tokaudit.gates.checking import about
from tokaudit.gates.limits import Limit
from tokaudit.loaders import gguf, ranks, tekken
from tokaudit.parity.recorded import Recorded
from tokaudit.reach.parsed import UnreadPatternError
from tokaudit.reach.patterns import Automaton
from tokaudit.records import read
from tokaudit.records.asked import Asked
from tokaudit.restored import restored
from tokaudit.shards import Shard
from tokaudit.splits import segments
from tokaudit.text import harmless, line, show

Target = Callable[[bytes], None]
IN_MEMORY = Path("/dev/shm")
PLACE = Path(
    tempfile.mkdtemp(prefix="tokaudit-fuzz-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
)
atexit.register(shutil.rmtree, PLACE, ignore_errors=True)
vars(loaders)["names"] = cache(loaders.names)  # schemes are listed once, not for every spec
ANY = loaders.parse("ranks:x.tiktoken?pattern=cl100k_base")


@contextmanager
def refusing() -> Iterator[None]:
    """Let a refusal pass if it is one sentence that nothing obeys."""
    try:
        yield
    except TokauditError as error:
        said = str(error)
        assert said.strip() and harmless(said.replace("\\u{3a}", "")), ascii(said)


def file(name: str, data: bytes) -> Path:
    """Write what is to be read, over what was there before."""
    path = PLACE / name
    path.write_bytes(data)
    return path


def text(data: bytes) -> str:
    """Give an argument as a shell passes it, bytes that are no UTF-8 among them."""
    return data.replace(b"\0", b"").decode("utf-8", "surrogateescape")


def spec(data: bytes) -> None:
    """Take apart what stands behind `-t`."""
    written = text(data)
    assert str(loaders.parse(written)) == written


def limit(data: bytes) -> None:
    """Read a limit, and find the audits that it is about."""
    found = Limit.parse(text(data))
    assert found.written == text(data)
    about(found)


def settings(data: bytes) -> None:
    """Read a tokaudit.toml and its limits, and what a pyproject.toml may hold of them."""
    with refusing():
        configuration.read(file("pyproject.toml", data))
    path = file("tokaudit.toml", data)
    asks = configuration.read(path)
    asks.with_options(path, None, ()).check(path)
    for each in asks.limits:
        Limit.parse(each)


def baseline(data: bytes) -> None:
    """Read a committed baseline, and look a figure up."""
    found = Baseline.read(file("baseline.json", data))
    found.figure(Limit.parse("fertility: +2%"), "builtin:bytes", "en")


def weighted(data: bytes) -> None:
    """Read weights of languages from a file and from the command line."""
    for written in (str(file("weights.txt", data)), text(data) + "="):
        with refusing():
            found = weights.read(written)
            assert all(number >= 0 for number in found.values())


def rank_file(data: bytes) -> None:
    """Load a file of tiktoken's ranks."""
    ranks.load_path(ANY, file("x.tiktoken", data))


def tekken_file(data: bytes) -> None:
    """Load a tekken.json."""
    tekken.load_path(ANY, file("tekken.json", data))


def gguf_file(data: bytes) -> None:
    """Load a GGUF file."""
    gguf.load_path(ANY, file("x.gguf", data))


def tokenizer_json(data: bytes) -> None:
    """Check what a tokenizer.json asks for, before any library sees it."""
    try:
        config = json.loads(data)
    except (ValueError, RecursionError):
        return
    with loaders_refuse():
        limits.check(config)


@contextmanager
def loaders_refuse() -> Iterator[None]:
    """Do as the loader does around `limits`: what a check trips over is a refusal."""
    from tokaudit.engines import contained

    with contained("x is not a tokenizer.json"):
        yield


def segmentation(data: bytes) -> None:
    """Read words with their segments: comma, tab or Parquet, as the first byte says."""
    suffix = sorted(segments.SUFFIXES)[(data[0] if data else 0) % len(segments.SUFFIXES)]
    segments.load(file(f"segments{suffix}", data[1:]))


def treebank(data: bytes) -> None:
    """Read a CoNLL-U file, and cut one of its sentences."""
    found = gold.segmenter(str(file("x.conllu", data)))
    found.cut("The bread is good.")


def ids_file(data: bytes) -> None:
    """Read an ids.jsonl as a side of `parity`."""
    list(Recorded.open(str(file("ids.jsonl", data))).rest(()))


def records(data: bytes) -> None:
    """Read a file of texts for `corpus build`, in the format that the first byte says."""
    suffix = (".txt", ".jsonl", ".csv", ".tsv")[(data[0] if data else 0) % 4]
    path = file(f"records{suffix}", data[1:])
    for each in read(sources.Source(pafs.LocalFileSystem(), str(path)), Asked(said={}), None):
        assert each.keys() <= {"lang", "id", "domain", "text"}


def saved_report(data: bytes) -> None:
    """Read a report back."""
    restored(data, "it")


def shard(data: bytes) -> None:
    """Read the totals of a shard."""
    Shard.read(file("x.shard", data))


def totals(data: bytes) -> None:
    """Turn JSON into totals, and totals into the same JSON."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    state.decode(value)


def glob(data: bytes) -> None:
    """Find the files that a glob names."""
    sources.find(f"{PLACE}/{text(data)}*")


def pattern(data: bytes) -> None:
    """Read the pattern of a pre-tokenizer."""
    written = data.decode("utf-8", "replace")
    try:
        found = Automaton.of(written)
    except UnreadPatternError:
        return
    found.holds("a 1")


def shown(data: bytes) -> None:
    """Show any bytes and any text."""
    for each in (data, data.decode("utf-8", "surrogateescape")):
        assert harmless(show(each))
    assert harmless(line(data.decode("utf-8", "surrogateescape")))


TARGETS: dict[str, Target] = {
    "spec": spec,
    "limit": limit,
    "settings": settings,
    "baseline": baseline,
    "weights": weighted,
    "ranks": rank_file,
    "tekken": tekken_file,
    "gguf": gguf_file,
    "tokenizer_json": tokenizer_json,
    "segments": segmentation,
    "treebank": treebank,
    "ids": ids_file,
    "records": records,
    "report": saved_report,
    "shard": shard,
    "totals": totals,
    "glob": glob,
    "pattern": pattern,
    "shown": shown,
}


def run(name: str, data: bytes) -> None:
    """Give bytes to a target; raises what is a defect."""
    with refusing():
        TARGETS[name](data)
