"""Loaders: one file, one place tokenizers come from, named by its scheme.

A spec is `scheme:ref[@revision][#subfolder][?key=value]`. What is written as a path (`./dir`,
`tokenizer.json`, `x.model`) is a path; a bare name is a tiktoken encoding or, with a slash, a
repository on the Hub. Schemes that are not here may come from other packages (`plugins`).
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from tokaudit import notes, plugins, rooms
from tokaudit.errors import BadTokenizer, EngineFailed
from tokaudit.text import line, whole_letters
from tokaudit.tokenizer import SourceFile, Tokenizer

# What a file holds decides who loads it; the name says what it holds.
FILE_KINDS: dict[str, Callable[[str], bool]] = {
    "tekken": lambda name: name.startswith("tekken") and name.endswith(".json"),
    "hf": lambda name: name.endswith(".json"),
    "gguf": lambda name: name.endswith(".gguf"),
    "sentencepiece": lambda name: ".model" in name,
    "ranks": lambda name: name.endswith(".tiktoken"),
}

VERSIONED = ("auto", "hf")
SUFFIXES = (".json", ".model", ".tiktoken", ".gguf")
QUERY = re.compile(r"\?([a-z_]+=[^?&]*(?:&[a-z_]+=[^?&]*)*)$")
# What may be asked after `?`, and of whom.
ASKED = {"pattern": ("hf", "path", "pkg", "ranks")}
LARGEST_FILE = 64 * 2**20
GIT_LFS = b"version https://git-lfs"


@dataclass(frozen=True)
class Spec:
    """A tokenizer as the user wrote it, taken apart; `str(spec)` is what was written.

    `trusted` says that code which comes with the tokenizer may run.
    """

    written: str
    scheme: str
    ref: str
    revision: str | None = None
    subfolder: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    trusted: bool = False

    def __str__(self) -> str:
        """Give back what was written."""
        return self.written


class Loader(Protocol):
    """A module is a loader if it has this function."""

    def load(self, spec: Spec) -> Tokenizer:
        """Load a tokenizer; raises BadTokenizer."""


def names() -> list[str]:
    """List every scheme there is."""
    return sorted({*rooms.names(__name__), *plugins.names()})


def parse(written: str) -> Spec:
    """Take a spec apart; raises BadTokenizer with what would have worked."""
    asked = QUERY.search(written)
    query = dict(pair.split("=", 1) for pair in asked[1].split("&")) if asked else {}
    whole = written[: asked.start()] if asked else written
    scheme, colon, ref = whole.partition(":")
    if not colon or (scheme not in names() and is_path(whole)):
        scheme, ref = _guess(whole), whole
    if scheme not in names() or not ref:
        known = ", ".join(f"{name}:" for name in names())
        raise BadTokenizer(
            f"no tokenizer {line(written)!r}: write a path, an encoding of tiktoken such as"
            f" cl100k_base, org/name on the Hub, or one of {known} before the name"
        )
    if is_path(ref):
        return Spec(written, scheme, ref, query=query)
    ref, _, subfolder = ref.partition("#")
    ref, _, revision = ref.partition("@")
    if not ref:
        raise BadTokenizer(f"{line(written)!r} names no tokenizer")
    return Spec(written, scheme, ref, revision or None, subfolder or None, query)


def load(written: str, trusted: bool = False) -> Tokenizer:
    """Load a tokenizer through the loader its scheme names; raises BadTokenizer.

    `trusted` lets `auto:` run code that comes with the tokenizer; only a person may say so.
    """
    if whole_letters(written) != written:
        raise BadTokenizer(f"{line(written)}: a name that is not UTF-8 cannot stand in a report")
    spec = replace(parse(written), trusted=trusted)
    with notes.about(written):
        if spec.scheme not in rooms.names(__name__):
            return plugins.load(spec.scheme, spec)
        _check(spec)
        loader: Loader = rooms.enter(__name__, spec.scheme)
        try:
            return loader.load(spec)
        except (BadTokenizer, EngineFailed) as error:
            named = line(written) in str(error) or line(spec.ref) in str(error)
            raise BadTokenizer(f"{error}" if named else f"{line(written)}: {error}") from error


def _check(spec: Spec) -> None:
    """Raise BadTokenizer for a part of a spec that its loader would not heed."""
    if (spec.revision or spec.subfolder) and spec.scheme not in VERSIONED:
        raise BadTokenizer(
            f"{line(spec.written)}: {spec.scheme}: has no revisions and no subfolders"
        )
    for key in spec.query:
        if spec.scheme not in ASKED.get(key, ()):
            raise BadTokenizer(f"{line(spec.written)}: {spec.scheme}: knows no ?{line(key)}=")


def path_of(ref: str) -> Path:
    """Turn what was written into a path, `~` resolved; raises BadTokenizer."""
    try:
        path = Path(ref).expanduser()
        path.exists()  # a name may be too long even to ask for
    except (RuntimeError, OSError, ValueError) as error:
        raise BadTokenizer(f"{line(ref)} can be no path: {line(str(error))}") from error
    return path


def load_file(spec: Spec, path: Path) -> Tokenizer:
    """Load a vocabulary file by whoever understands it; raises BadTokenizer."""
    for scheme, fits in FILE_KINDS.items():
        if fits(path.name):
            if "pattern" in spec.query and scheme != "ranks":
                raise BadTokenizer(
                    f"{line(path.name)} brings its own pattern: ?pattern= is for files of ranks"
                    f" (to read it as one, write ranks:{line(str(path))}?pattern=...)"
                )
            tokenizer: Tokenizer = rooms.enter(__name__, scheme).load_path(spec, path)
            return tokenizer
    if path.suffix == ".parquet":
        raise BadTokenizer(
            f"{line(str(path))} is a corpus, named where a tokenizer is to be"
            " (`tokaudit compare` takes corpora as --corpus)"
        )
    raise BadTokenizer(
        f"cannot tell what {line(str(path))} holds: tokenizer.json, tekken*.json, *.model,"
        " *.tiktoken and *.gguf load"
    )


def check_link(folder: Path, path: Path) -> None:
    """Raise BadTokenizer for a link that leads out of its directory (and out of the Hub's cache).

    The Hub's cache keeps files in `blobs` beside the `snapshots` that link to them.
    """
    try:
        here, target = folder.resolve(), path.resolve()
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise BadTokenizer(f"{line(str(path))} is a link that leads nowhere") from error
    roots = [here, *(p.parent / "blobs" for p in (here, *here.parents) if p.name == "snapshots")]
    if not any(target.is_relative_to(root) for root in roots):
        raise BadTokenizer(f"{line(str(path))} is a link that leads out of its directory")


def contents(path: Path) -> tuple[bytes, SourceFile]:
    """Read a vocabulary file; raises BadTokenizer if it is absent, too large or a stand-in."""
    try:
        if not path.is_file():
            raise BadTokenizer(f"{line(str(path))} is not a file")
        if (size := path.stat().st_size) > LARGEST_FILE:
            raise BadTokenizer(
                f"{line(str(path))} has {size:,} bytes; vocabulary files over"
                f" {LARGEST_FILE:,} are refused"
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadTokenizer(f"cannot read {line(str(path))}: {error.strerror}") from error
    if why := stand_in(data):
        raise BadTokenizer(f"{line(str(path))} is {why}")
    return data, SourceFile(path.name, hashlib.sha256(data).hexdigest(), len(data))


def stand_in(data: bytes) -> str | None:
    """Say what a file is if it only stands where a vocabulary should be."""
    if not data.strip():
        return "empty"
    if data.startswith(GIT_LFS):
        return "a git-lfs pointer: run git lfs pull"
    if data.lstrip()[:1] == b"<":
        return "an HTML or XML page, perhaps an error that was saved: download the file again"
    return None


def offline() -> bool:
    """Say whether the network was forbidden (`--offline`, HF_HUB_OFFLINE)."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def is_path(ref: str) -> bool:
    """Say whether something is written as a path, and not as a name."""
    return ref.startswith(("./", "../", "/", "~")) or ref.endswith(SUFFIXES)


def _guess(written: str) -> str:
    if is_path(written):
        return "path"
    return "hf" if "/" in written else "tiktoken"
