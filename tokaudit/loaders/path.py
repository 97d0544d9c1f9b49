"""`path:./dir`, `./dir`, `tokenizer.json`, `x.model`, `x.gguf`: files on this machine."""

from pathlib import Path

from tokaudit.errors import BadTokenizer
from tokaudit.folders import NAMES, first
from tokaudit.loaders import Spec, check_link, load_file, path_of
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer


def load(spec: Spec) -> Tokenizer:
    """Load the file, or the one file of a directory that is a tokenizer."""
    path = path_of(spec.ref)
    if path.is_dir():
        path = _inside(path)
    if not path.is_file():
        raise BadTokenizer(
            f"no file {line(str(path))}: check the path, it is read from {Path.cwd()}"
        )
    return load_file(spec, path)


def _inside(folder: Path) -> Path:
    if path := first(folder):
        check_link(folder, path)
        return path
    raise BadTokenizer(f"{line(str(folder))} holds no tokenizer: none of {', '.join(NAMES)}")
