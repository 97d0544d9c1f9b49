"""The Unicode tables in use, each library with its own: which version of Unicode each one knows."""

import importlib
from unicodedata import unidata_version

import regex

# A letter that each version of Unicode was the first to have: `regex` does not say its version.
FIRST = {
    "13.0": "\u08be",
    "14.0": "\u0870",
    "15.0": "\U0001df25",
    "15.1": "\U0002ebf0",
    "16.0": "\u1c89",
    "17.0": "\u088f",
}


def versions() -> dict[str, str | None]:
    """Give the version of Unicode of each library, with its own where it is another."""
    return {
        "ICU": _icu(),
        "regex": f"{_newest_known()} (regex {regex.__version__})",
        "unicodedataplus": _unicodedataplus(),
        "Python": unidata_version,
    }


def _icu() -> str | None:
    try:
        icu = importlib.import_module("icu")
    except ImportError:
        return None
    return f"{icu.UNICODE_VERSION} (ICU {icu.ICU_VERSION})"


def _unicodedataplus() -> str | None:
    try:
        return str(importlib.import_module("unicodedataplus").unidata_version)
    except ImportError:
        return None


def _newest_known() -> str:
    known = [version for version, letter in FIRST.items() if not regex.match(r"\p{Cn}", letter)]
    return known[-1] if known else f"older than {min(FIRST)}"
