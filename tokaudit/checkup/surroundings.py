"""What is around: caches, what is ready to be used offline, the encoding of the terminal."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tokaudit.checkup.check import Check
from tokaudit.errors import BadCorpus
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.catalogue import Holding


def caches() -> Iterator[Check]:
    """Look at the folders that downloads are kept in."""
    from huggingface_hub import constants

    from tokaudit.ranks import cache

    if (folder := cache()) is None:
        said, todo = "switched off: every run downloads again", "unset TIKTOKEN_CACHE_DIR"
        yield Check("caches", "tiktoken", "note", said, todo)
    else:
        yield _folder("tiktoken", folder, "TIKTOKEN_CACHE_DIR")
    yield _folder("Hub", Path(constants.HF_HUB_CACHE), "HF_HUB_CACHE")


def _folder(name: str, folder: Path, variable: str) -> Check:
    """Say whether a folder is there, can be read and written, and how much lies in it."""
    shown, elsewhere = line(str(folder)), f"set {variable} to another folder"
    if not folder.exists():
        if _writable(next(each for each in folder.absolute().parents if each.exists())):
            return Check("caches", name, "ok", f"{shown}: made when first needed")
        return Check("caches", name, "note", f"{shown}: cannot be made, nothing is kept", elsewhere)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return Check("caches", name, "problem", f"{shown}: no folder that can be read", elsewhere)
    count, size = _measured(folder)
    said = f"{shown}: {count:,} files, {size / 1e6:,.1f} MB"
    if not _writable(folder):
        return Check("caches", name, "note", f"{said}, not writable: nothing is added", elsewhere)
    return Check("caches", name, "ok", said)


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def _measured(folder: Path) -> tuple[int, int]:
    """Count files and their bytes; a link into the same cache is no file of its own."""
    sizes = [
        path.lstat().st_size
        for root, _, names in os.walk(folder)
        for path in (Path(root, name) for name in names)
        if path.is_file() and not path.is_symlink()
    ]
    return len(sizes), sum(sizes)


def offline() -> Iterator[Check]:
    """Say what would load and run without a network."""
    from tokaudit import catalogue, loaders

    said = "forbidden (HF_HUB_OFFLINE)" if loaders.offline() else "allowed; --offline forbids it"
    yield Check("offline", "network", "ok", said)
    yield _ready("packages", catalogue.packages(), "pip install 'tokaudit[offline]'")
    yield _ready("tiktoken", catalogue.encodings(), "run once with a network")
    yield _ready("Hub", catalogue.repositories(), "run once with a network")
    yield from _corpora()


def _ready(name: str, holdings: Iterable["Holding"], todo: str) -> Check:
    """Count what is ready, and name what is not."""
    found = list(holdings)
    ready = [each for each in found if each.ready]
    absent = ", ".join(each.spec for each in found if not each.ready)
    said = f"{len(ready)} tokenizer{'s' * (len(ready) != 1)} ready"
    if absent:
        return Check("offline", name, "note", line(f"{said}, not {absent}"), todo)
    return (
        Check("offline", name, "ok", said) if ready else Check("offline", name, "note", said, todo)
    )


def _corpora() -> Iterator[Check]:
    from tokaudit.sources import BUNDLED, bundled

    for name in BUNDLED:
        try:
            size = bundled(name).stat().st_size
            yield Check("offline", f"builtin:{name}", "ok", f"{size / 1e3:,.0f} kB")
        except BadCorpus as error:
            yield Check("offline", f"builtin:{name}", "problem", str(error), "make corpora")


def encoding() -> Iterator[Check]:
    """Look at what text is written and read as on the way to a terminal."""
    for name, found in (
        ("stdout", getattr(sys.stdout, "encoding", None) or "closed"),
        ("file names", sys.getfilesystemencoding()),
    ):
        if found.lower().replace("-", "") == "utf8":
            yield Check("encoding", name, "ok", found)
        else:
            said = f"{line(found)}: reports are UTF-8 all the same, and may look wrong there"
            yield Check("encoding", name, "note", said, "set LANG=C.UTF-8 or PYTHONUTF8=1")
