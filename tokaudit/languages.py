"""Display names for language labels: labels stay as written, a name stands beside them."""

from functools import cache

try:
    import icu
except ImportError:  # names are a courtesy; labels alone are enough
    icu = None


@cache
def name(label: str) -> str | None:
    """Name a BCP 47-like label (`hin_Deva`, `pt-BR`) in English, by CLDR; None if unknown.

    The script is named where it is not the language's usual one; the part of a language (behind
    `/`) is not.

    >>> name("hin_Deva"), name("zho_Hant"), name("ace_Arab/news")
    ('Hindi', 'Chinese (Traditional)', 'Acehnese (Arabic)')
    >>> name("../../etc") is None
    True
    """
    label = label.partition("/")[0]
    if icu is None or not label.replace("-", "_").replace("_", "").isalnum():
        return None
    locale, english = icu.Locale(label), icu.Locale.getEnglish()
    language = locale.getLanguage()
    if language in ("", "und") or str(locale.getDisplayLanguage(english)) == language:
        return None
    usual = icu.Locale(language)
    usual.addLikelySubtags()
    plain = icu.Locale(language, locale.getCountry())
    return str(
        (plain if locale.getScript() == usual.getScript() else locale).getDisplayName(english)
    )
