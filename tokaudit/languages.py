"""Display names for language labels, which stay as written, and the label that was meant."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache

try:
    import icu
except ImportError:  # names are a courtesy; labels alone are enough
    icu = None


MANY = 2_000  # labels that are more are no languages, and too many to compare


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


def meant(wanted: str, labels: Sequence[str]) -> list[str]:
    """Give the labels that a mistaken one may have meant, at most three, the likeliest first.

    By their beginning, by their name in English, or by a slip of the hand.

    >>> meant("hin", ["hin_Deva", "tha_Thai"]), meant("Thai", ["hin_Deva", "tha_Thai"])
    (['hin_Deva'], ['tha_Thai'])
    >>> meant("tha_Tahi", ["hin_Deva", "tha_Thai"]), meant("?", ["hin_Deva", "tha_Thai"])
    (['tha_Thai'], [])
    """
    asked = wanted.casefold()
    if not asked or len(labels) > MANY:
        return []
    called = {asked, (name(wanted) or asked).casefold()}
    begin = [label for label in labels if label.casefold().startswith(asked)]
    same = [label for label in labels if (name(label) or "").casefold() in called]
    folded = {label.casefold(): label for label in labels}
    close = [folded[label] for label in get_close_matches(asked, folded)]
    return list(dict.fromkeys([*begin, *same] or close))[:3]
