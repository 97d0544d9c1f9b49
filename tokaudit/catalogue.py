"""A catalogue: the tokenizers that can be loaded here and now, each by the spec that loads it."""

import csv
import os
import re
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tokaudit.errors import BadTokenizer
from tokaudit.loaders import FILE_KINDS, parse, pkg
from tokaudit.text import line

if TYPE_CHECKING:
    from huggingface_hub import CachedRevisionInfo

HEAD = 64 * 2**10  # bytes that are read to tell a vocabulary from other JSON
TOKENIZER_JSON = re.compile(rb'"(?:added_tokens|pre_tokenizer)"\s*:|"vocab"\s*:\s*[\[{]')
FITS = re.compile(r"\.json\b|\.model")
PROTOBUF_PIECE = b"\n"  # a SentencePiece model begins with field 1, its first piece
FROM_HUB = "tokenizer.json"


class Holding(NamedTuple):
    """A tokenizer that can be named: `ready` says that it loads without a network."""

    spec: str
    source: str
    size: int | None
    ready: bool = True
    note: str = ""


def catalogue() -> Iterator[Holding]:
    """List everything, source by source; imports no package that it looks into."""
    for source in SOURCES:
        yield from source()


def builtins() -> Iterator[Holding]:
    """List what needs no file."""
    for name in ("bytes", "chars"):
        yield Holding(f"builtin:{name}", "built in", None)


def packages() -> Iterator[Holding]:
    """List vocabulary files inside installed packages, by their records."""
    holding: dict[str, tuple[metadata.Distribution, list[Path]]] = {}
    for package in metadata.distributions():
        if (files := _recorded(package)) and package.name:
            holding.setdefault(_normal(package.name), (package, files))  # the first is imported
    for name, (package, files) in sorted(holding.items()):
        source = f"package {name} {package.version}"
        for path in filter(_is_vocabulary, files):
            spec = f"pkg:{name}/{path.name}"
            alone = [each.name for each in files].count(path.name) == 1
            named = alone and parse(spec).ref == spec.removeprefix("pkg:")
            yield Holding(spec if named else str(path), source, path.stat().st_size)


def _recorded(package: metadata.Distribution) -> list[Path]:
    """List files whose names would fit, from the record as text: `files` takes seconds for all."""
    try:
        lines = (package.read_text("RECORD") or "").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    names = (row[0] for row in csv.reader(each for each in lines if FITS.search(each)) if row)
    located = (Path(str(package.locate_file(each))) for each in names if ".dist-info/" not in each)
    return sorted(path for path in located if pkg.may_be_vocabulary(path.name))


def _normal(name: str) -> str:
    """Write a package's name as PyPI does (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_vocabulary(path: Path) -> bool:
    """Look into a file whose name would fit."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    if FILE_KINDS["tekken"](path.name):
        return b'"vocab"' in head or b'"config"' in head
    if FILE_KINDS["hf"](path.name):
        return TOKENIZER_JSON.search(head) is not None
    return head.startswith(PROTOBUF_PIECE)


def encodings() -> Iterator[Holding]:
    """List tiktoken's encodings and those of its plugins, and whether their files are cached."""
    from tokaudit import encodings

    for name in encodings.names():
        yield _encoding(name)


def _encoding(name: str) -> Holding:
    from tokaudit.ranks import rank_files

    try:
        sizes = [file.size for file in rank_files(name)]
    except BadTokenizer as error:
        return Holding(f"tiktoken:{name}", "tiktoken", None, False, str(error))
    there = [size for size in sizes if size is not None]
    ready = len(there) == len(sizes)
    note = "cached" if ready else "needs download"
    return Holding(f"tiktoken:{name}", "tiktoken", sum(there) if ready else None, ready, note)


def repositories() -> Iterator[Holding]:
    """List what lies in the Hub's cache, each commit by itself."""
    import huggingface_hub
    from huggingface_hub import constants

    folder = Path(constants.HF_HUB_CACHE)
    if not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):  # `doctor` says why
        return
    found = huggingface_hub.scan_cache_dir()
    for repo in sorted(found.repos, key=lambda each: each.repo_id):
        for revision in sorted(repo.revisions, key=lambda each: each.commit_hash):
            if repo.repo_type == "model":
                yield from _revision(repo.repo_id, revision)


def _revision(repo_id: str, revision: "CachedRevisionInfo") -> Iterator[Holding]:
    """List the tokenizers of one commit: a tokenizer.json by the Hub's name, others by path."""
    paths = {file.file_path: file.size_on_disk for file in revision.files}
    refs = ", ".join(sorted(map(line, revision.refs)))
    for path, size in sorted(paths.items()):
        if path.name == FROM_HUB:
            inside = path.parent.relative_to(revision.snapshot_path).as_posix()
            subfolder = "" if inside == "." else f"#{inside}"
            spec = f"hf:{repo_id}@{revision.commit_hash}{subfolder}"
        elif path.with_name(FROM_HUB) not in paths and _is_other(path):
            spec = os.fspath(path)
        else:
            continue
        yield Holding(spec, "Hub cache", size, note=refs)


def _is_other(path: Path) -> bool:
    kinds = (FILE_KINDS["tekken"], FILE_KINDS["sentencepiece"])
    return any(fits(path.name) for fits in kinds) and _is_vocabulary(path)


SOURCES: tuple[Callable[[], Iterator[Holding]], ...] = (builtins, packages, encodings, repositories)
