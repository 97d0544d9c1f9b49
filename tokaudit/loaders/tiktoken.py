"""`tiktoken:o200k_base`: OpenAI's encodings, and those of installed `tiktoken_ext` plugins.

Rank files come from tiktoken's own cache (TIKTOKEN_CACHE_DIR) or are downloaded into it.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import requests
import tiktoken
import tiktoken.load

from tokaudit import downloads, encodings
from tokaudit.engines import contained
from tokaudit.engines.tiktoken import TiktokenEngine
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import LARGEST_FILE, Spec, offline
from tokaudit.ranks import CACHES
from tokaudit.text import line
from tokaudit.tokenizer import Library, Opened, SourceFile, Tokenizer
from tokaudit.vocabulary import LARGEST_ID, Vocabulary

UNREACHED = requests.RequestException


def load(spec: Spec) -> Tokenizer:
    """Load an encoding by its name."""
    encoding, files = _encoding(spec.ref)
    return replace(from_encoding(spec, encoding, files), library=library(encoding))


def library(encoding: tiktoken.Encoding) -> Library:
    """Give tiktoken itself, which refuses a text that holds a special token."""
    return Library("tiktoken", lambda: Opened(encoding.encode, encoding.decode))


@cache
def _encoding(name: str) -> tuple[tiktoken.Encoding, tuple[SourceFile, ...]]:
    definition = encodings.definition(name)
    try:
        with _reading() as files, contained(f"tiktoken cannot use {line(name)}", UNREACHED):
            parts = definition()
            check(parts["mergeable_ranks"], parts["special_tokens"])
            return tiktoken.Encoding(**parts), tuple(files)
    except UNREACHED as error:
        cache = next((os.environ[each] for each in CACHES if os.environ.get(each)), None)
        why = (
            "offline was asked for"
            if offline()
            else f"the download failed: {downloads.reason(error)}"
        )
        raise BadTokenizer(
            f"tiktoken's cache ({line(cache or 'its default place')}) lacks {line(name)} and {why};"
            " set TIKTOKEN_CACHE_DIR to a cache that has it, or run once with a network"
        ) from error


@contextmanager
def _reading() -> Iterator[list[SourceFile]]:
    """List the files that tiktoken reads; bound its downloads, which know no deadline."""
    files: list[SourceFile] = []
    cached, plain = tiktoken.load.read_file_cached, tiktoken.load.read_file

    def listed(place: str, expected_hash: str | None = None) -> bytes:
        data = cached(place, expected_hash)
        name = place.rpartition("/")[2]
        files.append(SourceFile(name, hashlib.sha256(data).hexdigest(), len(data)))
        return data

    def bounded(place: str) -> bytes:
        if "://" not in place:
            return plain(place)
        if offline():
            raise requests.ConnectionError(f"offline: {place}")
        is_web = place.startswith(("http://", "https://"))
        return downloads.get(place, LARGEST_FILE) if is_web else plain(place)

    try:
        vars(tiktoken.load).update(read_file_cached=listed, read_file=bounded)
        yield files
    finally:
        vars(tiktoken.load).update(read_file_cached=cached, read_file=plain)


def check(ranks: Mapping[bytes, int], special: Mapping[str, int]) -> None:
    """Raise BadTokenizer for tokens that tiktoken panics on, or searches a text for endlessly."""
    if b"" in ranks or "" in special:
        raise BadTokenizer("one of its tokens is empty")
    if missing := [byte for byte in range(256) if bytes([byte]) not in ranks]:
        raise BadTokenizer(f"it has no rank for {len(missing)} of the 256 bytes")
    if wrong := [
        rank for rank in (*ranks.values(), *special.values()) if not 0 <= rank <= LARGEST_ID
    ]:
        raise BadTokenizer(f"rank {wrong[0]} is not between 0 and {LARGEST_ID}")
    if len(set(ranks.values())) < len(ranks):
        raise BadTokenizer("two tokens have the same rank")


def from_encoding(
    spec: Spec, encoding: tiktoken.Encoding, files: tuple[SourceFile, ...] = ()
) -> Tokenizer:
    """Describe an encoding that is there already."""
    special = encoding._special_tokens
    entries = {number: token for token, number in encoding._mergeable_ranks.items()}
    entries |= {number: name.encode() for name, number in special.items()}
    return Tokenizer(
        spec=str(spec),
        algorithm="byte-level BPE",
        vocabulary=Vocabulary.of(entries, set(special.values())),
        engine=TiktokenEngine(encoding),
        pipeline={"pattern": encoding._pat_str, "special": special},
        files=files,
    )
