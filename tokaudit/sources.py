"""Where a corpus lies: Parquet files found by path, glob, directory, Hive partition or URI."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.fs as pafs

from tokaudit.errors import BadCorpus
from tokaudit.text import line

BUNDLED = ("parallel", "code")
SPLIT = re.compile(r"(/\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\])")
WILD = {"/**/": "/(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Source:
    """One Parquet file: where it is, how it is shown, and what its folders say of its rows."""

    filesystem: pafs.FileSystem
    path: str

    @property
    def key(self) -> str:
        """What tells it from every other file, links and dots resolved."""
        local = isinstance(self.filesystem, pafs.LocalFileSystem)
        path = str(Path(self.path).resolve()) if local else self.path
        return f"{self.filesystem.type_name}:{path}"

    @property
    def edition(self) -> tuple[int | None, int | None]:
        """What tells a file from what it was before it was changed: its bytes, and when (ns)."""
        info = self.filesystem.get_file_info(self.path)
        return info.size, info.mtime_ns

    @property
    def partitions(self) -> dict[str, str | None]:
        """What folders such as `lang=hin_Deva` say; values are strings, whatever they look like.

        Raises BadCorpus for a value that is not UTF-8 behind its percent signs.
        """
        folders = (folder for folder in PurePosixPath(self.path).parts[:-1] if "=" in folder)
        pairs = (folder.split("=", 1) for folder in folders)
        try:
            return {k: None if v == HIVE_NULL else unquote(v, errors="strict") for k, v in pairs}
        except UnicodeDecodeError as error:
            raise BadCorpus(f"{self}: a folder's name is not UTF-8 behind its % signs") from error

    def __str__(self) -> str:
        """Write the path so that it can be shown."""
        return line(self.path)


def find(written: str) -> list[Source]:
    """Find the Parquet files a path, glob, directory or URI names, sorted; raises BadCorpus."""
    if not written:
        raise BadCorpus("the name of a corpus is empty")
    if written.startswith("builtin:"):
        written = str(bundled(written.removeprefix("builtin:")))
    try:
        filesystem, path = _resolve(written)
        literal = filesystem.get_file_info(path).type != pafs.FileType.NotFound
        if set("*?[") & set(path) and not literal:  # a name may hold a bracket
            return _glob(filesystem, path, written)
        return _listed(filesystem, path, written)
    except (pa.ArrowException, OSError, ValueError, RuntimeError, ImportError) as error:
        raise BadCorpus(f"cannot read {line(written)}: {line(_first(error))}") from error


def bundled(name: str) -> Path:
    """Find a corpus that comes with tokaudit; raises BadCorpus."""
    if name not in BUNDLED:
        listed = ", ".join(f"builtin:{each}" for each in BUNDLED)
        raise BadCorpus(f"no bundled corpus {line(name)!r}: there are {listed}")
    here = Path(__file__).parent
    for folder in (here / "corpora", here.parent / "corpora"):
        if (path := folder / f"{name}.parquet").is_file():
            return path
    raise BadCorpus(f"the bundled corpus {name}.parquet is missing from this installation")


def _resolve(written: str) -> tuple[pafs.FileSystem, str]:
    if "://" not in written:
        return pafs.LocalFileSystem(), str(Path(written).expanduser().absolute())
    if written.startswith("hf://"):
        from huggingface_hub import HfFileSystem

        return pafs.PyFileSystem(pafs.FSSpecHandler(HfFileSystem())), written.removeprefix("hf://")
    # A bracket is no letter of a URI, but one of patterns; `?` begins a URI's options.
    filesystem, path = pafs.FileSystem.from_uri(written.replace("[", "%5B").replace("]", "%5D"))
    return filesystem, path


def _listed(filesystem: pafs.FileSystem, path: str, written: str) -> list[Source]:
    info = filesystem.get_file_info(path)
    if info.type == pafs.FileType.NotFound:
        raise BadCorpus(f"no file or directory {line(written)}")
    if info.type == pafs.FileType.File:
        return [Source(filesystem, path)]
    if info.type != pafs.FileType.Directory:
        raise BadCorpus(f"{line(written)} is neither a file nor a directory")
    files = _below(filesystem, path)
    if not files:
        raise BadCorpus(f"{line(written)} holds no *.parquet file")
    return [Source(filesystem, file) for file in files]


def _glob(filesystem: pafs.FileSystem, pattern: str, written: str) -> list[Source]:
    parts = PurePosixPath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if set("*?[") & set(part))
    fits = _expression(pattern)
    files = _below(filesystem, str(PurePosixPath(*parts[:fixed])))
    if not (fitting := [file for file in files if fits.fullmatch(file)]):
        raise BadCorpus(f"no Parquet file fits {line(written)}")
    return [Source(filesystem, file) for file in fitting]


def _expression(pattern: str) -> re.Pattern[str]:
    """Turn a glob into an expression: `*` and `?` stay in a folder, `**` goes through any."""
    parts = (WILD[part] if part in WILD else _letters(part) for part in SPLIT.split(pattern))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise ValueError(f"the brackets in it fit nothing ({error.msg})") from error


def _letters(part: str) -> str:
    if SPLIT.fullmatch(part):  # [abc], [!abc]
        inside = re.sub(r"([\\\[&|~])", r"\\\1", part[1:-1])  # signs of sets of sets
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
    return re.escape(part)


def _below(filesystem: pafs.FileSystem, root: str) -> list[str]:
    """List Parquet files below a folder, each once however links lead to it.

    Names that begin with `.` or `_` are not data.
    """
    found = filesystem.get_file_info(pafs.FileSelector(root, recursive=True))
    files = (info.path for info in found if info.type == pafs.FileType.File)
    data = (file for file in files if file.endswith(".parquet") and _is_data(file, root))
    shortest = sorted(data, key=lambda file: (file.count("/"), file))
    distinct = {Source(filesystem, file).key: file for file in reversed(shortest)}
    return sorted(distinct.values())


def _is_data(file: str, root: str) -> bool:
    inside = file.removeprefix(root).strip("/").split("/")
    return not any(part.startswith((".", "_")) for part in inside)


def _first(error: BaseException) -> str:
    return str(error).partition("\n")[0]
