"""Debian packages as files to read: fetched by `apt-get download`, never installed or unpacked."""

import gzip
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from shutil import which

from tokaudit.errors import BadCorpus
from tokaudit.text import line

DOWNLOAD = ("apt-get", "download", "--quiet", "-o", "APT::Sandbox::User=root")


def fetch(names: Iterable[str], folder: Path) -> dict[str, Path]:
    """Give each package's file in the folder, fetching those that it lacks; raises BadCorpus."""
    if not (which("apt-get") and which("dpkg-deb")):
        raise BadCorpus("the large corpus is made of packages of Debian 12, and this is not Debian")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(dict.fromkeys(names))
    if missing := [name for name in wanted if not _here(name, folder)]:
        told = _run(*DOWNLOAD, *missing, folder=folder)
        if told.returncode:
            why = line(told.stderr.strip().partition("\n")[0])
            raise BadCorpus(f"apt-get download: {why}; this is for Debian 12, after apt-get update")
    return {name: _here(name, folder)[-1] for name in wanted}


def version(package: Path) -> str:
    """Ask a package for its version."""
    return _run("dpkg-deb", "--field", str(package.absolute()), "Version").stdout.strip()


def files(package: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Stream path and contents of the regular files, in the package's order; raises BadCorpus.

    Contents can be asked for until the next file is; what ends in `.gz` comes decompressed.
    """
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as unpacked:
        try:
            with tarfile.open(fileobj=unpacked.stdout, mode="r|") as archive:
                for member in filter(tarfile.TarInfo.isreg, archive):
                    yield member.name.removeprefix("./"), partial(_contents, archive, member)
        except tarfile.ReadError as error:
            raise BadCorpus(f"{line(str(package))} is cut short: delete it to fetch it") from error


def _contents(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    data = file.read() if file else b""
    return gzip.decompress(data) if member.name.endswith(".gz") else data


def _here(name: str, folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{name}_*.deb"))


def _run(*command: str, folder: Path = Path()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
