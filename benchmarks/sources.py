"""Which files of which Debian 12 packages the large corpus is made of, and in which language."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract import catalog, messages, page, program
from manual import manual

ENGLISH = "eng_Latn"
PROGRAMS = {
    "c": "c", "cc": "cpp", "cpp": "cpp", "go": "go", "h": "c", "hpp": "cpp", "js": "javascript",
    "php": "php", "pl": "perl", "pm": "perl", "py": "python", "rb": "ruby", "rs": "rust",
}  # fmt: skip
LABELS = {
    "c": ENGLISH, "am": "amh_Ethi", "ar": "arb_Arab", "bg": "bul_Cyrl", "bn": "ben_Beng",
    "ca": "cat_Latn", "cs": "ces_Latn", "da": "dan_Latn", "de": "deu_Latn", "dz": "dzo_Tibt",
    "el": "ell_Grek", "en": "eng_Latn", "es": "spa_Latn", "et": "est_Latn", "eu": "eus_Latn",
    "fa": "pes_Arab", "fi": "fin_Latn", "fr": "fra_Latn", "gl": "glg_Latn", "gu": "guj_Gujr",
    "he": "heb_Hebr", "hi": "hin_Deva", "hr": "hrv_Latn", "hu": "hun_Latn", "hy": "hye_Armn",
    "id": "ind_Latn", "it": "ita_Latn", "ja": "jpn_Jpan", "ka": "kat_Geor", "km": "khm_Khmr",
    "kn": "kan_Knda", "ko": "kor_Hang", "lo": "lao_Laoo", "lt": "lit_Latn", "lv": "lvs_Latn",
    "ml": "mal_Mlym", "mr": "mar_Deva", "my": "mya_Mymr", "nb": "nob_Latn", "ne": "npi_Deva",
    "nl": "nld_Latn", "pa": "pan_Guru", "pl": "pol_Latn", "pt": "por_Latn", "ro": "ron_Latn",
    "ru": "rus_Cyrl", "si": "sin_Sinh", "sk": "slk_Latn", "sl": "slv_Latn", "sv": "swe_Latn",
    "ta": "tam_Taml", "te": "tel_Telu", "th": "tha_Thai", "tr": "tur_Latn", "uk": "ukr_Cyrl",
    "vi": "vie_Latn", "zh": "zho_Hans", "zh-hant": "zho_Hant", "zh-hk": "zho_Hant",
    "zh-tw": "zho_Hant",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Files of some packages that are read the same way.

    `pattern` fits a whole path without `./`; its group `tag`, if it has one, is what the path says
    of the language: `zh_TW`, or a suffix of `PROGRAMS`. Without one the text is English.
    """

    domain: str
    form: Callable[[bytes], list[str]]
    pattern: str
    packages: tuple[str, ...]

    def lang(self, path: str) -> str | None:
        """Name the language of a file in this corpus; None if the file is not for it."""
        match = re.fullmatch(self.pattern, path)
        if not match:
            return None
        tag = match.groupdict(default="en").get("tag", "en").lower().replace("_", "-")
        if self.form is program:
            return PROGRAMS.get(tag)
        return LABELS.get(tag) or LABELS.get(tag.partition("-")[0])


def every(prefix: str, endings: str) -> tuple[str, ...]:
    """Give the names of packages that differ in their ends."""
    return tuple(prefix + each for each in endings.split())


DOCS = "usr/share/doc"
# English first: a paragraph is kept where it comes first, so what is left untranslated elsewhere
# does not count as text of another language.
SOURCES = (
    Source("manual", manual, r"usr/share/man/man\d/.*\.gz", ("manpages", "manpages-dev")),
    Source(
        "documentation",
        page,
        rf"{DOCS}/(?!.*/genindex|.*/translations/).*\.html",
        ("git-doc", "linux-doc-6.1", "postgresql-doc-15", "python3.11-doc"),
    ),
    Source("book", page, rf"{DOCS}/anarchism/html/.*\.html", ("anarchism",)),
    Source(
        "help",
        page,
        r"usr/share/libreoffice/help/(?P<tag>[\w-]+)/text/.*\.html",
        every(
            "libreoffice-help-",
            "en-us ca cs da de dz el es et eu fi fr gl hi hu id it ja km ko nl pl pt pt-br ru sl sv"
            " tr vi zh-cn zh-tw",
        ),
    ),
    Source("help", page, r"usr/share/help/(?P<tag>\w+)/.*\.page", ("gnome-user-docs",)),
    Source(
        "book",
        page,
        rf"{DOCS}/debian-handbook/html/(?P<tag>[\w-]+)/.*\.html",
        ("debian-handbook",),
    ),
    Source(
        "book",
        page,
        r"usr/share/debian-reference/.*\.(?P<tag>[\w-]+)\.html",
        every("debian-reference-", "en de es fr id it ja pt pt-br zh-cn zh-tw"),
    ),
    Source(
        "book",
        page,
        rf"{DOCS}/installation-guide-amd64/(?P<tag>\w+)/.*\.html",
        ("installation-guide-amd64",),
    ),
    Source(
        "documentation",
        page,
        rf"{DOCS}/lilypond/html/(?!.*-big-page)(?!.*snippets).*\.(?P<tag>\w+)\.html",
        every("lilypond-doc-html-", "ca de es fr it ja zh"),
    ),
    Source(
        "manual",
        manual,
        r"usr/share/man/(?P<tag>\w+)/man\w+/.*\.gz",
        every(
            "manpages-",
            "cs da de de-dev el es es-dev fi fr fr-dev hu id it it-dev ja ja-dev nb nl nl-dev pl"
            " pl-dev pt-br pt-br-dev ro ru ru-dev sv tr uk uk-dev vi zh",
        ),
    ),
    Source(
        "interface",
        messages,
        r".*/i18n/(?:.*/)?(?!sr-el)(?P<tag>[\w-]+)\.json",  # Serbian is read in Cyrillic
        ("mediawiki",),
    ),
    Source(
        "interface",
        catalog,
        r"usr/lib/libreoffice/program/resource/(?P<tag>\w+)/.*\.mo",
        every("libreoffice-l10n-", "ar bn fa gu he hi ka km kn ml mr ne si ta te th uk"),
    ),
    Source(
        "code",
        program,
        rf".*(?<!\.min)\.(?P<tag>{'|'.join(PROGRAMS)})",
        (
            "dahdi-dkms", "eslint", "golang-1.19-src", "libboost1.74-dev", "libjs-three",
            "libpython3.11-stdlib", "libruby3.1", "libstdc++-12-dev", "lttng-modules-dkms",
            "mediawiki", "node-babel7", "openafs-modules-dkms", "perl-modules-5.36", "phpmyadmin",
            "python3-django", "python3-pandas", "python3-scipy", "python3-sympy", "rust-src",
            "webpack", "wordpress",
        ),
    ),
)  # fmt: skip
