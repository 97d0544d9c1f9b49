"""A package of somebody else's that brings a loader, as an installed one would."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent


def package(folder: Path, name: str, source: str) -> Path:
    """Write it: a module, and the entry point that names it; give the folder to import from."""
    (folder / f"{name}.py").write_text(source)
    about = folder / f"{name}-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (about / "entry_points.txt").write_text(f"[tokaudit.loaders]\n{name} = {name}\n")
    return folder


def environment(package: Path) -> dict[str, str]:
    """Give the variables of a process that finds the package and this checkout."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(package), str(ROOT)])}
