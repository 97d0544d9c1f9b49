"""What is installed: libraries with their versions, Unicode tables, optional parts."""

import platform
from collections.abc import Iterator
from importlib import import_module, metadata
from typing import TYPE_CHECKING

import tokaudit
from tokaudit import unicode_tables
from tokaudit.checkup.check import Check
from tokaudit.silence import silent
from tokaudit.text import line

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# What an extra of this package gives.
EXTRAS = {
    "offline": "real vocabularies inside packages",
    "plots": "charts in reports",
    "fast": "ids an order of magnitude faster (--engine fast)",
    "gguf": "vocabularies embedded in models of llama.cpp (x.gguf)",
    "ray": "the work spread over a cluster (--backend ray)",
}
NO_EXTRAS = ("all", "dev", "fuzz")
# Packages whose modules have another name.
MODULES = {
    "huggingface-hub": "huggingface_hub",
    "protobuf": "google.protobuf",
    "pyicu-wheels": "icu",
}
# Libraries that are optional: what is not possible without them, and how to get them.
WITHOUT = {
    "ICU": ("no words in Thai, Lao, Khmer, Burmese, Chinese, Japanese", "pyicu-wheels"),
    "unicodedataplus": ("no ages and scripts of characters", "unicodedataplus"),
}
REINSTALL = "pip install --force-reinstall '{}'"


def versions() -> Iterator[Check]:
    """Import every library that tokaudit needs, and hold its version against what is needed."""
    yield Check("versions", "python", "ok", f"{platform.python_version()} on {platform.system()}")
    yield Check("versions", "tokaudit", "ok", tokaudit.__version__)
    needed = _needed("")
    if not needed:
        yield Check(
            "versions",
            "libraries",
            "note",
            "tokaudit runs from its source, so nothing says which versions it needs",
            "pip install .",
        )
    for requirement in needed:
        yield _library(requirement)


def _library(wanted: "Requirement") -> Check:
    """Import it: an extension that does not fit this machine fails only then."""
    again = REINSTALL.format(f"{wanted.name}{wanted.specifier}")
    if (version := _installed(wanted.name)) is None:
        return Check("versions", wanted.name, "problem", "not installed", again)
    if not wanted.specifier.contains(version, prereleases=True):
        said = f"{version}, but {wanted.specifier} is needed"
        return Check("versions", wanted.name, "problem", said, again)
    try:
        with silent():
            import_module(MODULES.get(wanted.name, wanted.name))
    except Exception as error:
        said = f"{version} cannot be imported: {line(str(error)) or type(error).__name__}"
        return Check("versions", wanted.name, "problem", said, again)
    return Check("versions", wanted.name, "ok", version)


def _needed(extra: str) -> list["Requirement"]:
    """List what tokaudit's own metadata asks for, on this machine, with this extra."""
    from packaging.requirements import Requirement

    try:
        written = metadata.requires("tokaudit") or []
    except metadata.PackageNotFoundError:
        return []
    needed = [each for each in map(Requirement, written) if _applies(each, extra)]
    return [each for each in needed if not (extra and _applies(each, ""))]


def _applies(requirement: "Requirement", extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def unicode() -> Iterator[Check]:
    """Say which Unicode each table knows: they differ, and a letter may be new to one of them."""
    for name, version in unicode_tables.versions().items():
        if version is not None:
            yield Check("unicode", name, "ok", version)
        else:
            said, package = WITHOUT[name]
            yield Check("unicode", name, "note", f"absent: {said}", f"pip install {package}")


def extras() -> Iterator[Check]:
    """Say which optional parts are there, and what the others would give."""
    try:
        names = metadata.metadata("tokaudit").get_all("Provides-Extra") or []
    except metadata.PackageNotFoundError:
        return
    for extra in (each for each in names if each not in NO_EXTRAS):
        yield _extra(extra, _needed(extra))


def _extra(extra: str, wanted: list["Requirement"]) -> Check:
    found = {each: _installed(each.name) for each in wanted}
    lacking = [each.name for each, version in found.items() if not _fits(each, version)]
    gives = EXTRAS.get(extra, "see pyproject.toml")
    if lacking:
        said = f"{gives}; absent or too old: {', '.join(lacking)}"
        return Check("extras", extra, "note", said, f"pip install 'tokaudit[{extra}]'")
    there = ", ".join(f"{each.name} {version}" for each, version in found.items())
    return Check("extras", extra, "ok", f"{gives}: {there}")


def _fits(wanted: "Requirement", version: str | None) -> bool:
    return version is not None and wanted.specifier.contains(version, prereleases=True)


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
