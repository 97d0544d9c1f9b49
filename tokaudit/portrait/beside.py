"""Files that lie beside a tokenizer, read up to a limit and never through a link to elsewhere."""

import json
from pathlib import Path
from typing import Any

MOST = 2**20  # bytes that are read of any of them


def beginning(home: Path, name: str) -> str:
    """Read the first bytes of a file, "" if there is none.

    A link may lead to other places of the same repository in the Hub's cache, not further.
    """
    path = home / name
    try:
        inside = path.resolve().is_relative_to(repository(home).resolve())
        if not (inside and path.is_file()):
            return ""
        with path.open("rb") as file:
            return file.read(MOST).decode("utf-8", "replace").replace("\r\n", "\n")
    except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself
        return ""


def config(home: Path | None) -> dict[str, Any]:
    """Read tokenizer_config.json, {} if there is none or it is none."""
    try:
        found = json.loads(beginning(home, "tokenizer_config.json")) if home else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def repository(home: Path) -> Path:
    """Find the folder of the repository in the Hub's cache, or the folder itself elsewhere."""
    snapshots = next((each for each in home.parents if each.name == "snapshots"), None)
    return snapshots.parent if snapshots else home
