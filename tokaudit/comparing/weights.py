"""Weights of languages, as a person writes them: `hin_Deva=3,eng_Latn=1`, or lines of a file."""

import math
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tokaudit.errors import BadUsage
from tokaudit.text import line

WRITTEN = "write lang=weight,lang=weight or name a file with one lang=weight on a line"


def read(written: str) -> dict[str, float]:
    """Read weights, or the file that holds them; raises BadUsage."""
    found: dict[str, float] = {}
    for part in _parts(written):
        lang, _, number = part.rpartition("=")
        if (lang := lang.strip()) in found:
            raise BadUsage(f"--weights gives {line(lang)} two weights")
        found[lang] = _weight(part, number)
    if not any(found.values()):
        raise BadUsage(f"--weights gives no language a weight above 0: {WRITTEN}")
    return found


def check(weights: Mapping[str, float], langs: Collection[str]) -> None:
    """Raise BadUsage if a language has a weight and is not in the corpus."""
    if missing := [lang for lang in weights if lang not in langs]:
        listed = ", ".join(sorted(langs)[:12]) + (", ..." if len(langs) > 12 else "")
        raise BadUsage(
            f"--weights names {line(', '.join(missing))}, which the corpus lacks: it has"
            f" {len(langs)} languages ({line(listed)})"
        )


def _parts(written: str) -> Iterator[str]:
    """Give each `lang=weight`; a line of a file may be empty or a comment (#)."""
    if "=" in written and not _is_file(written):
        yield from filter(str.strip, written.split(","))
        return
    try:
        text = Path(written).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "not UTF-8"
        raise BadUsage(f"--weights {line(written)} cannot be read ({said}): {WRITTEN}") from error
    kept = (each.strip() for each in text.splitlines())
    yield from (each for each in kept if each and not each.startswith("#"))


def _is_file(written: str) -> bool:
    try:
        return Path(written).is_file()
    except OSError:  # longer than any name
        return False


def _weight(part: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not (math.isfinite(weight) and weight >= 0) or not part.rpartition("=")[0].strip():
        raise BadUsage(f"--weights {line(part)!r} gives no weight: {WRITTEN}")
    return weight
