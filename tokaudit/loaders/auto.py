"""`auto:org/name@revision#subfolder`, `auto:./dir`: what transformers' AutoTokenizer makes of it.

That may differ from the tokenizer.json beside it: for some classes transformers builds the
pipeline anew from vocabulary and merges. Here its result is taken as it is. Code of a repository
runs only if `--trust-remote-code` stands on the command line.
"""

import contextlib
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit import coded, evidence, limits, tokenizer_json
from tokaudit.engines import contained, flat
from tokaudit.engines.transformers import ids, options
from tokaudit.errors import BadTokenizer, EngineFailed
from tokaudit.loaders import Spec, check_link, contents, is_path, offline, path_of
from tokaudit.silence import silent
from tokaudit.text import line
from tokaudit.tokenizer import Engine, Library, Opened, SourceFile, Tokenizer

COMMIT = re.compile(r"[0-9a-f]{40}")
CONFIG = "tokenizer_config.json"
# All that a tokenizer may be made of; weights are not.
DATA = ("*.json", "*.txt", "*.model", "*.spm", "*.bpe", "*.vocab", "*.codes", "*.tiktoken")
CODE = ("*.py",)


def load(spec: Spec) -> Tokenizer:
    """Build the tokenizer as AutoTokenizer does; raises BadTokenizer."""
    local = is_path(spec.ref)
    folder = path_of(spec.ref) if local else _fetched(spec)
    if not folder.is_dir():
        raise BadTokenizer(f"no directory {line(str(folder))}: auto: takes one, or org/name")
    files = tuple(_files(folder))
    if not files:
        raise BadTokenizer(f"{line(str(folder))} holds no file that a tokenizer is made of")
    _refuse_code(spec, folder)
    name = str(folder) if local else spec.ref
    tokenizer = _described(spec, _built(spec, name, local))
    unpinned = not local and not COMMIT.fullmatch(spec.revision or "")
    library = Library("transformers", lambda: _opened(spec, name, local))
    return replace(tokenizer, files=files, unpinned=unpinned, library=library)


def _opened(spec: Spec, name: str, local: bool) -> Opened:
    backend = _built(spec, name, local)
    return Opened(lambda text: ids(backend, text, {}), backend.decode)


def _fetched(spec: Spec) -> Path:
    """Bring every file a tokenizer may need into the Hub's cache (or find them there)."""
    import huggingface_hub
    from huggingface_hub import errors

    if path_of(spec.ref).exists():
        raise BadTokenizer(
            f"{line(spec.written)} names the Hub, but transformers would take {line(spec.ref)}"
            f" that is here: write auto:./{line(spec.ref)}, or run it from another directory"
        )
    inner = f"{spec.subfolder}/" if spec.subfolder else ""
    wanted = [inner + name for name in (*DATA, *(CODE if spec.trusted else ()))]
    try:
        with silent():
            found = huggingface_hub.snapshot_download(
                spec.ref, revision=spec.revision, allow_patterns=wanted
            )
    except errors.LocalEntryNotFoundError as error:
        why = "offline was asked for" if offline() else "the Hub cannot be reached"
        raise BadTokenizer(f"the Hub's cache lacks {line(spec.written)} and {why}") from error
    except (errors.HfHubHTTPError, errors.HFValidationError, OSError, ValueError) as error:
        reason = line(str(error).strip().partition("\n")[0])
        raise BadTokenizer(f"cannot fetch {line(spec.written)}: {reason}") from error
    return Path(found, inner)


def _files(folder: Path) -> Iterator[SourceFile]:
    """Read what may be the tokenizer, so that limits hold and digests are known beforehand."""
    for path in sorted({path for name in DATA for path in folder.glob(name)}):
        check_link(folder, path)
        data, file = contents(path)
        if path.name == "tokenizer.json":
            with contained(f"{line(str(path))} is not a tokenizer.json"):
                limits.check(json.loads(data))
        yield file


def _refuse_code(spec: Spec, folder: Path) -> None:
    """Raise BadTokenizer if the directory asks for code of its own that nobody allowed."""
    path = folder / CONFIG
    if spec.trusted or not path.is_file():
        return
    with contained(f"{line(str(path))} is not a configuration"):
        config = json.loads(path.read_bytes())
        if not isinstance(config, dict):
            raise BadTokenizer("it is no JSON object")
    if config.get("auto_map"):
        raise BadTokenizer(
            f"{line(spec.written)} wants to run code of its own (auto_map in {CONFIG}): read that"
            " code, then give --trust-remote-code; or audit its tokenizer.json without auto:"
        )


def _built(spec: Spec, name: str, local: bool) -> Any:
    """Let transformers build the object, without a prompt, a warning or a word."""
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    with contained(f"transformers cannot load {line(spec.written)}"), silent(), _uncached():
        import transformers

        transformers.logging.set_verbosity(logging.CRITICAL + 1)
        try:
            return transformers.AutoTokenizer.from_pretrained(
                name,
                revision=spec.revision or "main",
                subfolder=spec.subfolder or "",
                trust_remote_code=spec.trusted,
                local_files_only=local or offline(),
            )
        except Exception as error:  # its first line says what, the others teach
            raise BadTokenizer(line(str(error).strip().partition("\n")[0])) from error


@contextlib.contextmanager
def _uncached() -> Iterator[None]:
    """Keep files that transformers reads through tiktoken out of tiktoken's cache."""
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = ""  # switches the cache off
    try:
        yield
    finally:
        del os.environ["TIKTOKEN_CACHE_DIR"]
        if before is not None:
            os.environ["TIKTOKEN_CACHE_DIR"] = before


def _described(spec: Spec, backend: Any) -> Tokenizer:
    """Run a pipeline of `tokenizers` by itself, if it is all that the object does."""
    asked = options(backend)
    if not getattr(backend, "is_fast", False) or not hasattr(backend, "backend_tokenizer"):
        return coded.described(str(spec), backend, asked)
    with contained(f"{line(spec.written)}, as transformers builds it"):
        config = json.loads(backend.backend_tokenizer.to_str())
        piped = tokenizer_json.described(str(spec), config, built_by=_builder(backend))
    if not _same(backend, asked, piped.engine):
        return coded.described(str(spec), backend, asked)
    return piped


def _builder(backend: Any) -> str:
    return f", built by transformers {version('transformers')} as {line(type(backend).__name__)}"


def _same(backend: Any, asked: dict[str, bool], engine: Engine) -> bool:
    """Say whether the object gives the ids of its pipeline for the texts every spelling meets."""
    try:
        with contained("transformers"):
            expected = flat(ids(backend, text, asked) for text in evidence.TEXTS)
        found = engine.encode(pa.array(evidence.TEXTS, pa.large_string()))
    except EngineFailed:
        return False
    return all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))
