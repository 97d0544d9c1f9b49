"""Edges: texts in which every kind of word end meets every kind of word beginning."""

from collections.abc import Iterator, Sequence

# How words end and begin where pipelines have been seen to look at what is beside them.
EDGES = (
    *("a", "Z", "the", "don't", "I'", "'s", "'", "’re", "x_1", "é", "e\u0301", "ß", "ı", "ﬁ", "Ǆ"),
    *(
        ".",
        ",",
        "...",
        "?!",
        "://",
        "//",
        "/",
        "\\",
        "-",
        "--",
        "_",
        "(",
        ")",
        "[0]",
        "{",
        "$",
        "€",
        "#",
    ),
    *(
        "0",
        "12",
        "123",
        "1234567",
        "3.14",
        "1,000",
        "٣",
        "३",
        "３",
        "²",
        "½",
        "Ⅷ",
        "%",
        "+",
        "=",
        "№",
    ),
    *(
        "я",
        "ω",
        "א",
        "שָׁ",
        "ا",
        "می\u200cخواهم",
        "की",
        "ก",
        "ไป",
        "မြ",
        "ខ្ញុំ",
        "བོད་",
        "中",
        "。",
        "か",
        "カ",
        "한",
    ),
    *(
        "😀",
        "👨\u200d👩",
        "🇺🇦",
        "☃\ufe0f",
        "\u200b",
        "\u2060x",
        "\u0378",
        "\ue000",
        "\ufffd",
        "´",
        "¨",
        "\x7f",
    ),
    *(
        "▁",
        "▁a",
        "##a",
        "Ġ",
        "<s>",
        "</s>",
        "<unk>",
        "[MASK]",
        "[",
        "<|endoftext|>",
        "<0x41>",
        "@",
        "&amp;",
    ),
)
GAPS = (" ", "  ", "\n", " \n", "\n ", "\r\n", "\t", "\u00a0", "\u3000", "\n\n    ")


def meeting_texts(added: Sequence[str]) -> Iterator[str]:
    """Let every edge, and every one of these tokens, meet all others over spaces and other gaps."""
    edges = (*EDGES, *added)
    for turn, edge in enumerate(edges):
        others = (*edges[turn:], *edges[:turn])
        yield "".join(f"{edge} {other} " for other in others)
        gap = GAPS[turn % len(GAPS)]
        yield gap + "".join(f"{other}{gap}{edge} {other}" for other in others[:40]) + gap
    for token in added:
        for left in ("a ", "a", ""):
            yield from (f"{left}{token}{right}" for right in (" b", "b", ""))
