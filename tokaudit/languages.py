"""Display names for language labels: labels stay as written, a name stands beside them."""

from functools import cache

try:
    import icu
except ImportError:  # names are a courtesy; labels alone are enough
    icu = None


@cache
def name(label: str) -> str | None:
    """Name a BCP 47-like label (`hin_Deva`, `pt-BR`) in English, by CLDR; None if unknown.

    >>> name("hin_Deva")
    'Hindi (Devanagari)'
    >>> name("../../etc") is None
    True
    """
    if icu is None or not label.replace("-", "_").replace("_", "").isalnum():
        return None
    locale = icu.Locale(label)
    shown = str(locale.getDisplayName(icu.Locale.getEnglish()))
    known = str(locale.getDisplayLanguage(icu.Locale.getEnglish())) != locale.getLanguage()
    return shown if known and locale.getLanguage() not in ("", "und") else None
