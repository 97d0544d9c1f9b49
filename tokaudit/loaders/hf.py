"""`hf:org/name@revision#subfolder`: a tokenizer.json on the Hub (or on disk), as it is.

The file itself is read, not a class rebuilt from it; nothing of the repository is executed.
"""

import re
from dataclasses import replace
from pathlib import Path

from tokaudit import tokenizer_json
from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec, contents, offline, path_of
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer

COMMIT = re.compile(r"[0-9a-f]{40}")


def load(spec: Spec) -> Tokenizer:
    """Fetch tokenizer.json into the Hub's cache (or find it there) and load it."""
    if spec.revision is None and path_of(spec.ref).exists():
        raise BadTokenizer(
            f"{line(spec.written)} names the Hub, but {line(spec.ref)} is also here: write"
            f" ./{line(spec.ref)} for the local one, hf:{line(spec.ref)}@main for the Hub's"
        )
    return load_path(spec, _fetch(spec))


def _fetch(spec: Spec) -> Path:
    import huggingface_hub
    from huggingface_hub import errors

    try:
        found = huggingface_hub.hf_hub_download(
            spec.ref, "tokenizer.json", subfolder=spec.subfolder, revision=spec.revision
        )
    except errors.LocalEntryNotFoundError as error:
        why = "offline was asked for" if offline() else "the Hub cannot be reached"
        raise BadTokenizer(f"the Hub's cache lacks {line(spec.written)} and {why}") from error
    except (errors.HfHubHTTPError, errors.HFValidationError, OSError, ValueError) as error:
        reason = line(str(error).strip().partition("\n")[0])
        raise BadTokenizer(f"cannot fetch {line(spec.written)}: {reason}") from error
    return Path(found)


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a tokenizer.json with the settings that change counts set aside."""
    data, file = contents(path)
    with contained(f"{line(str(path))} is not a tokenizer.json"):
        read = tokenizer_json.loaded(str(spec), data)
    unpinned = spec.scheme == "hf" and not COMMIT.fullmatch(spec.revision or "")
    return replace(read, files=(file,), unpinned=unpinned)
