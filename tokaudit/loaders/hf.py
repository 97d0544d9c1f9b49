"""`hf:org/name@revision#subfolder`: a tokenizer.json on the Hub or on disk, as it is.

The file itself is read, not a class rebuilt from it; nothing of the repository is executed. A
repository without one gives the next of `folders.NAMES`.
"""

from dataclasses import replace
from pathlib import Path

from tokaudit import hub, tokenizer_json
from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import LARGEST_FILE, Spec, contents, load_file, offline, path_of
from tokaudit.text import line
from tokaudit.tokenizer import Library, Tokenizer


def load(spec: Spec) -> Tokenizer:
    """Fetch the tokenizer's file into the Hub's cache (or find it there) and load it."""
    if spec.revision is None and path_of(spec.ref).exists():
        raise BadTokenizer(
            f"{line(spec.written)} names the Hub, but {line(spec.ref)} is also here: write"
            f" ./{line(spec.ref)} for the local one, hf:{line(spec.ref)}@main for the Hub's"
        )
    repository = hub.Repository(spec.ref, spec.revision, spec.subfolder)
    path, commit = hub.fetch(repository, LARGEST_FILE, offline())
    tokenizer = load_file(spec, path)
    files = tuple(file._replace(commit=commit) for file in tokenizer.files)
    return replace(tokenizer, files=files, unpinned=not repository.pinned)


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a tokenizer.json with the settings that change counts set aside."""
    data, file = contents(path)
    library = Library("tokenizers", lambda: tokenizer_json.opened(contents(path)[0]))
    with contained(f"{line(str(path))} is not a tokenizer.json"):
        tokenizer = tokenizer_json.loaded(str(spec), data)
    return replace(tokenizer, files=(file,), home=path.parent, library=library)
