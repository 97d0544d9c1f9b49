"""Text out of the files of packages: HTML and XML, message catalogs, programs.

Each form reads the bytes of one file and gives its paragraphs, none where the file is of no use;
it raises UnicodeDecodeError where the file is not UTF-8. A paragraph is one line, except where
line ends mean something: in examples and programs.
"""

import json
import re
import struct
from collections.abc import Iterable
from html.parser import HTMLParser

LONGEST_PROGRAM = 64 * 1024  # bytes; longer ones are mostly data, or generated
SHORTEST_MESSAGE = 40  # characters; shorter ones are words on buttons

# A line end inside a paragraph is a space, but not between two letters that take none.
WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
UNSPACED_END = re.compile(rf"(?<={WIDE})[ \t\r]*\n[ \t\r\n]*(?={WIDE})")
BLANKS = re.compile(r"[ \t\r\n\f]+")

UNREAD = re.compile(
    r"<(script|style|head|header|footer|nav|aside|svg|button|noscript|info)\b[^>]*(?<!/)>.*?</\1\s*>",
    re.S | re.I,
)
CONTAINERS = frozenset({"div", "ul", "ol", "table"})
MENUS = frozenset({
    "nav", "docnav", "navheader", "navfooter", "node-nav", "sphinxsidebar", "related", "toc",
})  # fmt: skip
PHRASING = frozenset({
    "a", "abbr", "app", "b", "bdi", "bdo", "big", "cite", "cmd", "code", "del", "dfn", "em",
    "file", "font", "gui", "guiseq", "i", "img", "input", "ins", "kbd", "key", "keyseq", "label",
    "link", "mark", "media", "meta", "output", "q", "s", "samp", "small", "span", "strong", "sub",
    "sup", "sys", "tt", "u", "var", "wbr",
})  # fmt: skip
PERMALINK = "¶"  # after every heading that Sphinx writes


def flowed(text: str) -> str:
    """Join the lines of a paragraph; no-break and ideographic spaces stay what they are."""
    return BLANKS.sub(" ", UNSPACED_END.sub("", text)).strip(" ")


class Page(HTMLParser):
    """The paragraphs of an HTML page, or of a page of help in XML (Mallard), less its menus."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self.pieces: list[str] = []
        self.menu: list[str] = []  # the tag that opened one, again for each inside
        self.literal = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a paragraph, or what is not read."""
        if tag in CONTAINERS and (tag in self.menu[:1] or (not self.menu and _is_menu(attrs))):
            self.menu.append(tag)
        self.turn(tag, opens=True)

    def handle_endtag(self, tag: str) -> None:
        """Close a paragraph, or what is not read."""
        self.turn(tag, opens=False)
        if tag in self.menu[:1]:
            self.menu.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An empty element holds nothing, but may end a paragraph."""
        self.turn(tag, opens=self.literal)

    def handle_data(self, data: str) -> None:
        """Take text that is read."""
        if not self.menu and data != PERMALINK:
            self.pieces.append(data)

    def turn(self, tag: str, *, opens: bool) -> None:
        """End the paragraph, unless the tag only marks words within one."""
        if tag in PHRASING or (self.literal and tag == "br"):
            return
        text = "".join(self.pieces)
        self.pieces.clear()
        if text := text.strip("\n") if self.literal else flowed(text):
            self.paragraphs.append(text)
        if tag in ("pre", "screen"):
            self.literal = opens


def _is_menu(attrs: list[tuple[str, str | None]]) -> bool:
    return any(name == "class" and MENUS & set((value or "").split()) for name, value in attrs)


def page(data: bytes) -> list[str]:
    """Read HTML, or XML that is written with its tags."""
    reader = Page()
    reader.feed(UNREAD.sub("", data.decode()))
    reader.close()
    reader.turn("body", opens=False)
    return reader.paragraphs


def messages(data: bytes) -> list[str]:
    """Read messages of an interface from JSON, one to a key; short ones are left out."""
    return _long(each for each in json.loads(data.decode()).values() if isinstance(each, str))


def catalog(data: bytes) -> list[str]:
    """Read the translations of a gettext catalog (.mo, little-endian); short ones are left out."""
    count, _, start = struct.unpack_from("<3I", data, 8)
    spans = struct.iter_unpack("<2I", data[start : start + 8 * count])
    texts = [data[at : at + size].decode() for size, at in spans]
    return _long(form for text in texts[1:] for form in text.split("\0"))  # the first is the header


def program(data: bytes) -> list[str]:
    """Give a program whole, unless it is empty or long."""
    text = data.decode() if len(data) <= LONGEST_PROGRAM else ""
    return [text] if text.strip() else []


def _long(texts: Iterable[str]) -> list[str]:
    return [each for each in texts if len(each) >= SHORTEST_MESSAGE]
