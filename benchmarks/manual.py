"""Text out of manual pages written with the man macros of groff."""

import re
import unicodedata

from extract import flowed

TITLE = re.compile(r"^\.\s*TH\b.*$", re.M)
DROPPED = re.compile(r"^\.\s*(?:de|am|ig)\b.*?^\.\.\s*$|^\.\s*TS\b.*?^\.\s*TE\b", re.M | re.S)
LITERAL = re.compile(r"^\.\s*(?:nf|EX)\b.*\n((?:.*\n)*?)\.\s*(?:fi|EE)\b.*$", re.M)
REQUEST = re.compile(r"[.'][ \t]*(\S*)[ \t]*(.*)")
ARGUMENT = re.compile(r'"((?:[^"]|"")*)"?|((?:\\ |\S)+)')
BREAKS = frozenset({
    "PP", "P", "LP", "TP", "TQ", "HP", "IP", "sp", "br", "RS", "RE", "nf", "fi", "EX", "EE",
})  # fmt: skip
ALTERNATING = frozenset({"BR", "RB", "BI", "IB", "IR", "RI"})
WORDED = frozenset({"B", "I", "R", "SM", "SB", "IP", "UR", "UE", "MT", "ME"}) | ALTERNATING
ESCAPE = re.compile(
    r"\\(?:[\"#].*"  # a comment
    r"|[fFmMkgYn](?:\(..|\[[^]]*\]|.)|s(?:\[[^]]*\]|[-+]?\(?\d+|[-+]?.)"  # fonts, sizes, registers
    r"|[hvwlLDoXZNbA]'[^']*'"  # drawing
    r"|\*?\((?P<two>..)|\*?\[(?P<long>[^]]*)\]|\*(?P<one>.)"  # characters and strings by name
    r"|(?P<rest>.|$))"
)
NAMED = {
    "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "aq": "'", "dq": '"', "Fo": "«", "Fc": "»",
    "bu": "•", "em": "—", "en": "–", "hy": "‐", "co": "©", "rg": "®", "tm": "™", "rs": "\\",
    "ha": "^", "ti": "~", "ga": "`", "at": "@", "sh": "#", "ba": "|", "or": "|", "mu": "×",
    "+-": "±", "->": "→", "<-": "←", "<=": "≤", ">=": "≥", "de": "°", "mc": "µ", "ss": "ß",
    "ae": "æ", "AE": "Æ", "/o": "ø", "/O": "Ø", "oa": "å", "oA": "Å", "/l": "ł", "/L": "Ł",
}  # fmt: skip
ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", ":": "\u0308", ",": "\u0327"}
SINGLE = {"e": "\\", "~": "\xa0", "0": " ", "t": "\t"} | dict.fromkeys("&|^/,%:c){}daupzr!?", "")


def manual(data: bytes) -> list[str]:
    """Read a manual page written with the man macros; others (mdoc, `.so`) give nothing.

    What stands before `.TH` is macros; tables and conditions are left out.
    """
    _, *after = TITLE.split(data.decode(), maxsplit=1)
    parts = LITERAL.split(DROPPED.sub("", "".join(after)))
    found: list[str] = []
    for number, part in enumerate(parts):
        text = "\n".join(filter(None, map(_line, part.split("\n"))))
        if number % 2:
            found.append(re.sub(r"\n{2,}", "\n", text).strip("\n"))
        else:
            found += map(flowed, text.split("\n\n"))
    return [each for each in found if each.strip()]


def _line(line: str) -> str:
    """Give a line's text, with an empty line where a paragraph ends."""
    request = REQUEST.fullmatch(line)
    if not request:
        return _unescaped(line) or "\n"
    name, rest = request.groups()
    words = [
        _unescaped(quoted.replace('""', '"') or bare) for quoted, bare in ARGUMENT.findall(rest)
    ]
    if name in ("SH", "SS"):
        return f"\n\n{' '.join(words)}\n\n"
    if name == "IP":
        words = words[:1]
    text = ("" if name in ALTERNATING else " ").join(words) if name in WORDED else ""
    return f"\n\n{text}" if name in BREAKS else text


def _unescaped(text: str) -> str:
    return ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    name = escape["two"] or escape["long"] or escape["one"]
    if name is None:
        rest = escape["rest"] or ""
        return SINGLE.get(rest, rest)
    if re.fullmatch(r"u[0-9A-F]{4,5}", name):
        return chr(int(name[1:], 16))
    if len(name) == 2 and name[0] in ACCENTS and name[1].isalpha():
        return unicodedata.normalize("NFC", name[1] + ACCENTS[name[0]])
    return NAMED.get(name, "")
