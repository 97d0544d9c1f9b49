"""Where a corpus lies: Parquet files found by path, glob, directory, Hive partition or URI."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.fs as pafs

from tokaudit.errors import BadCorpus
from tokaudit.text import line

BUNDLED = ("parallel", "code")
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Source:
    """One Parquet file: where it is, how it is shown, and what its folders say of its rows."""

    filesystem: pafs.FileSystem
    path: str
    partitions: tuple[tuple[str, str | None], ...] = ()

    def __str__(self) -> str:
        """Write the path so that it can be shown."""
        return line(self.path)


def find(written: str) -> list[Source]:
    """Find the Parquet files a path, glob, directory or URI names, sorted; raises BadCorpus."""
    if written.startswith("builtin:"):
        written = str(bundled(written.removeprefix("builtin:")))
    try:
        filesystem, path = _resolve(written)
        literal = filesystem.get_file_info(path).type != pafs.FileType.NotFound
        if set("*?[") & set(path) and not literal:  # a name may hold a bracket
            return _glob(filesystem, path, written)
        return _listed(filesystem, path, written)
    except (pa.ArrowException, OSError, ValueError, ImportError) as error:
        raise BadCorpus(f"cannot read {line(written)}: {line(_first(error))}") from error


def bundled(name: str) -> Path:
    """Find a corpus that comes with tokaudit; raises BadCorpus."""
    if name not in BUNDLED:
        listed = ", ".join(f"builtin:{each}" for each in BUNDLED)
        raise BadCorpus(f"no corpus builtin:{line(name)}: there are {listed}")
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
    filesystem, path = pafs.FileSystem.from_uri(written)
    return filesystem, path


def _listed(filesystem: pafs.FileSystem, path: str, written: str) -> list[Source]:
    info = filesystem.get_file_info(path)
    if info.type == pafs.FileType.NotFound:
        raise BadCorpus(f"no file or directory {line(written)}")
    if info.type == pafs.FileType.File:
        return [Source(filesystem, path, _partitions(path, path))]
    if info.type != pafs.FileType.Directory:
        raise BadCorpus(f"{line(written)} is neither a file nor a directory")
    files = _below(filesystem, path)
    if not files:
        raise BadCorpus(f"{line(written)} holds no *.parquet file")
    return [Source(filesystem, file, _partitions(file, path)) for file in files]


def _glob(filesystem: pafs.FileSystem, pattern: str, written: str) -> list[Source]:
    parts = PurePosixPath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if set("*?[") & set(part))
    root = str(PurePosixPath(*parts[:fixed]))
    files = [file for file in _below(filesystem, root) if _fits(file, pattern)]
    if not files:
        raise BadCorpus(f"no Parquet file fits {line(written)}")
    return [Source(filesystem, file, _partitions(file, root)) for file in files]


def _fits(file: str, pattern: str) -> bool:
    """Match segment by segment; `**` stands for any folders."""
    head, deep, tail = pattern.partition("**/")
    if not deep:
        return len(PurePosixPath(file).parts) == len(PurePosixPath(pattern).parts) and (
            PurePosixPath(file).match(pattern)
        )
    return file.startswith(head) and PurePosixPath(file).match(tail)


def _below(filesystem: pafs.FileSystem, root: str) -> list[str]:
    """List Parquet files below a folder; names that begin with `.` or `_` are not data."""
    found = filesystem.get_file_info(pafs.FileSelector(root, recursive=True))
    files = (info.path for info in found if info.type == pafs.FileType.File)
    return sorted(file for file in files if file.endswith(".parquet") and _is_data(file, root))


def _is_data(file: str, root: str) -> bool:
    inside = file.removeprefix(root).strip("/").split("/")
    return not any(part.startswith((".", "_")) for part in inside)


def _partitions(file: str, root: str) -> tuple[tuple[str, str | None], ...]:
    """Read `lang=hin_Deva/` folders; values are strings, whatever they look like."""
    folders = PurePosixPath(file.removeprefix(root) if file != root else file).parts[:-1]
    pairs = (folder.split("=", 1) for folder in folders if "=" in folder)
    return tuple((key, None if value == HIVE_NULL else unquote(value)) for key, value in pairs)


def _first(error: BaseException) -> str:
    return str(error).partition("\n")[0]
