"""The Hub: one file of a repository, found in the Hub's cache or fetched into it and checked."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from tokaudit import downloads
from tokaudit.errors import BadTokenizer
from tokaudit.folders import NAMES, first, only
from tokaudit.text import line

COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Repository:
    """A repository of the Hub, or one folder of it, at a branch, a tag or a commit."""

    name: str
    revision: str | None = None
    subfolder: str | None = None

    def __str__(self) -> str:
        """Name it as a person would write it."""
        revision = f"@{self.revision}" if self.revision else ""
        return line(f"hf:{self.name}{revision}" + (f"#{self.subfolder}" if self.subfolder else ""))

    @property
    def pinned(self) -> bool:
        """Say whether it names a commit, which never changes."""
        return COMMIT.fullmatch(self.revision or "") is not None


class Fetched(NamedTuple):
    """A file in the Hub's cache, and the commit (40 hex digits) that it belongs to."""

    path: Path
    commit: str


def fetch(wanted: Repository, largest: int, offline: bool) -> Fetched:
    """Give the file of a repository that is its tokenizer; raises BadTokenizer.

    The cache answers alone when offline, and for a commit whose first choice it holds. Otherwise
    the Hub is asked, once: one that does not answer is no reason to take an older commit unasked.
    """
    library = _library()
    _check(library, wanted)
    found = _cached(library, wanted)
    if found is None and offline:
        raise BadTokenizer(f"the Hub's cache lacks {wanted} and offline was asked for")
    settled = found is not None and wanted.pinned and found.path.name == NAMES[0]
    if found is None or not (offline or settled):
        found = _asked(library, wanted, largest, found)
    _verify(found.path)
    return found


def _library() -> ModuleType:
    """Import the Hub's client; its warnings and bars stay out of our lines.

    Nothing is asked of the Hub but files: with telemetry, its client asks for a list of agents.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    library = import_module("huggingface_hub")
    utils = import_module("huggingface_hub.utils")
    utils.logging.set_verbosity_error()
    utils.disable_progress_bars()
    return library


def _check(library: ModuleType, wanted: Repository) -> None:
    """Raise BadTokenizer for what would lead out of the repository or of the cache."""
    try:
        library.utils.validate_repo_id(wanted.name)
    except library.errors.HFValidationError as error:
        raise BadTokenizer(f"{wanted} can be on no Hub: {line(str(error))}") from error
    for part in (wanted.revision, wanted.subfolder):
        if part is not None and not all(map(_is_name, part.split("/"))):
            raise BadTokenizer(f"{wanted}: {line(part)!r} can be no revision and no folder")


def _is_name(step: str) -> bool:
    return (
        step not in ("", ".", "..") and len(step) < 256 and step.isprintable() and "\\" not in step
    )


def _cached(library: ModuleType, wanted: Repository) -> Fetched | None:
    """Find the file in the cache: `refs/` names the commits of branches, `snapshots/` has each."""
    folder = Path(library.constants.HF_HUB_CACHE, "--".join(["models", *wanted.name.split("/")]))
    commit = wanted.revision or "main"
    if not wanted.pinned and (reference := folder / "refs" / commit).is_file():
        commit = reference.read_text(encoding="utf-8", errors="replace").strip()
    if not COMMIT.fullmatch(commit):
        return None
    path = first(folder / "snapshots" / commit / (wanted.subfolder or ""))
    return Fetched(path, commit) if path else None


def _asked(
    library: ModuleType, wanted: Repository, largest: int, cached: Fetched | None
) -> Fetched:
    """Ask the Hub, and say in one sentence why that came to nothing; raises BadTokenizer."""
    try:
        return downloads.within(downloads.PATIENCE, lambda: _downloaded(library, wanted, largest))
    except BadTokenizer as error:
        raise BadTokenizer(f"{wanted}: {error}") from error
    except library.errors.HfHubHTTPError as error:
        why = _answer(library, wanted, error)
    except Exception as error:  # the HTTP library underneath is not ours to name
        why = _silence(library, error)
    aid = f"; its cache has commit {cached.commit}: add --offline to read that" if cached else ""
    raise BadTokenizer(f"cannot fetch {wanted}: {why}{aid}")


def _downloaded(library: ModuleType, wanted: Repository, largest: int) -> Fetched:
    """Fetch the first of `NAMES` that is there; asking for its size first costs no retries."""
    for name in _candidates(library, wanted):
        place = {"subfolder": wanted.subfolder, "revision": wanted.revision}
        try:
            known = library.get_hf_file_metadata(library.hf_hub_url(wanted.name, name, **place))
        except library.errors.EntryNotFoundError:
            continue
        if known.commit_hash is None:
            raise BadTokenizer(f"what answers at {library.constants.ENDPOINT} is no Hub")
        if (known.size or 0) > largest:
            raise BadTokenizer(f"{name} has {known.size:,} bytes; over {largest:,} are refused")
        path = Path(library.hf_hub_download(wanted.name, name, **place))
        return Fetched(path, _commit(path))
    raise BadTokenizer(f"it holds no tokenizer: none of {', '.join(NAMES)}")


def _candidates(library: ModuleType, wanted: Repository) -> Iterator[str]:
    """Give the names to try; the Hub lists its files only where a name has a `*`."""
    prefix = f"{wanted.subfolder}/" if wanted.subfolder else ""
    for name in NAMES:
        if "*" not in name:
            yield name
            continue
        info = library.model_info(wanted.name, revision=wanted.revision, timeout=downloads.SILENCE)
        here = [f.rfilename.removeprefix(prefix) for f in info.siblings or ()]
        if fitting := [each for each in here if "/" not in each and fnmatchcase(each, name)]:
            yield only(fitting)


def _commit(path: Path) -> str:
    """Read the commit in a path of the cache: `snapshots/<commit>/<folder>/<name>`."""
    return next(part for part in reversed(path.parts) if COMMIT.fullmatch(part))


def _answer(library: ModuleType, wanted: Repository, error: Any) -> str:
    """Say what an answer of the Hub means, and what would help."""
    status, errors = error.response.status_code, library.errors
    page = f"{library.constants.ENDPOINT}/{line(wanted.name)}"
    if isinstance(error, errors.RevisionNotFoundError):
        return f"the repository has no revision {line(wanted.revision or 'main')!r}"
    if isinstance(error, errors.GatedRepoError):
        return f"it is gated: accept its licence at {page} and set HF_TOKEN to your token"
    if isinstance(error, errors.RepositoryNotFoundError) or status == 404:
        return "the Hub has no such repository, or it is private: check the name, or set HF_TOKEN"
    if status in (401, 403):
        return f"access is refused (HTTP {status}): set HF_TOKEN to a token that may read {page}"
    if status == 429:
        return f"the Hub's rate limit is reached: wait {_wait(error)}, or set HF_TOKEN for a higher"
    return f"the Hub answered with HTTP {status}: try again later"


def _wait(error: Any) -> str:
    """Read how long to wait from the headers `Retry-After` or `RateLimit` (its `t=`)."""
    headers = error.response.headers
    said = re.search(r"^\d+$|\bt=(\d+)", headers.get("retry-after") or headers.get("ratelimit", ""))
    return f"{said[1] or said[0]} seconds" if said else "some minutes"


def _silence(library: ModuleType, error: Exception) -> str:
    """Say what came instead of an answer: the disk, the deadline, or the network."""
    said = str(error).strip().partition("\n")[0].partition(" ((")[0]
    said = line(said) or type(error).__name__
    if isinstance(error, OSError):
        return said
    return f"the connection to {library.constants.ENDPOINT} failed ({said})"


def _verify(path: Path) -> None:
    """Hold a file against its hash, which is its name among the cache's blobs.

    The name is the Hub's ETag: SHA-256 of a large file, git's SHA-1 of another. (A mirror may
    give a plain SHA-1.) A file that differs leaves the cache; raises BadTokenizer.
    """
    if not path.is_symlink():  # a system without links keeps no hash
        return
    named, data = path.readlink().name, path.read_bytes()
    blob = b"blob %d\0" % len(data) + data
    sums = {64: {hashlib.sha256(data)}, 40: {hashlib.sha1(blob), hashlib.sha1(data)}}
    if not re.fullmatch("[0-9a-f]+", named) or len(named) not in sums:
        return
    if named not in {each.hexdigest() for each in sums[len(named)]}:
        for wrong in (path.parent / path.readlink(), path):
            with suppress(OSError):  # a cache may be read-only
                wrong.unlink()
        raise BadTokenizer(
            f"{line(path.name)} from the Hub does not have the hash {named} that the Hub names;"
            " it was removed from the cache: run again"
        )
