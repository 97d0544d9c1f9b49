#!/usr/bin/env python3
"""Count the words of the files given on the command line (or of stdin)."""

import argparse
import fileinput
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

WORD_RE = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
STOP_WORDS = frozenset("a an and are as at be by for from in is it of on or the to was with".split())


def iter_words(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        # "é" may arrive as one code point or as two; NFC makes them equal.
        normalized = unicodedata.normalize("NFC", line)
        yield from (m.group().casefold() for m in WORD_RE.finditer(normalized))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("-n", "--top", type=int, default=10, help="how many words to show (default: %(default)s)")
    parser.add_argument("--keep-stop-words", action="store_true")
    args = parser.parse_args()

    with fileinput.input(args.files, encoding="utf-8") as lines:
        counts = Counter(iter_words(lines))
    if not args.keep_stop_words:
        for word in STOP_WORDS & counts.keys():
            del counts[word]

    total = counts.total()
    for word, n in counts.most_common(args.top):
        print(f"{word:<20} {n:>7,d} {n / total:7.2%}")


if __name__ == "__main__":
    main()
