"""Seams: spans written without spaces whose words everybody knows, and where tokens lie over them.

The spans are our own, a bar at each seam. A reader who knows the language cuts them there; many
are chosen because the letters on both sides of a seam are a word as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, Self

import numpy as np

from tokaudit import words
from tokaudit.adding import added
from tokaudit.batch import NO_LANGUAGE, Batch, Ints
from tokaudit.columns import count, figure, label
from tokaudit.drawing import drawn
from tokaudit.reading import Reading
from tokaudit.specimens import Specimens
from tokaudit.splits.crossings import crossing, unknown
from tokaudit.splits.part import Row
from tokaudit.text import ratio

PROBE = "seams"
EXAMPLES = 6
SPANS: dict[str, tuple[str, ...]] = {
    "English identifier": (
        *("moves|table", "uses|pace", "lets|tart", "shows|top", "links|hip", "reads|tack"),
        *("sales|port", "tools|tack", "days|pan", "rows|pan", "plans|table", "bus|table"),
        *("no|table", "is|land|size", "the|me|count", "user|age|limit", "an|other|name"),
        *("log|in|table", "page|rank", "mode|rate", "arc|hive|file", "cap|size"),
    ),
    "English hashtag": (
        *("#news|team", "#games|top", "#now|here|else", "#best|art|week", "#her|oes|and|hers"),
        *("#late|xmas", "#gift|shop|ping", "#men|ace|tour", "#plan|ets|day", "#car|pets|show"),
    ),
    "domain name": (
        *("pen|shop.example", "key|shop.example", "card|store.example", "news|team.example"),
        *("art|is|tea.example", "speed|of|art.example", "choose|spain.example"),
        *("who|represents.example", "ho|tel|line.example", "book|sale|online.example"),
    ),
    "German compound": (
        *("Stau|becken", "Wach|stube", "Druck|erzeugnis", "Musik|erleben", "Ur|instinkt"),
        *("Blumentopf|erde", "Haus|tür|schlüssel", "Apfel|baum|blüte", "Kinder|garten|platz"),
        *("Wert|stoff|hof", "Straßen|bahn|halte|stelle", "Kurs|teil|nehmer", "Erb|lasser"),
    ),
    "Chinese": (
        *("研究|生命", "学生|会议", "中国|产品", "从小|学习", "今天|天气", "美国|会议"),
        *("北京|城市", "公安|全部", "开发|生产", "全部|分开", "大学|生物", "结合|成分"),
        *("有意|见面", "人民|主人", "上海|外国", "出现|在", "发展|现代", "子女|人数"),
    ),
    "Japanese": (
        *("今日|本屋", "人気|分野", "社会|計画", "動物|理解", "明日|本人", "東|京都"),
        *("大学|生活", "国会|議員", "外国|人形", "新聞|社会", "電話|題名", "中学|校内"),
    ),
    "Thai": (
        *("ตา|กลม", "ตาก|ลม", "มา|กว่า", "มาก|ว่า", "คน|งาน|ดี", "อาหาร|เย็น|นี้"),
        *("รถ|ไฟ|มา|สาย", "วัน|นี้|อากาศ|ดี"),
    ),
}


class Span(NamedTuple):
    """A span as it is read, and the bytes at which its seams lie."""

    text: str
    seams: tuple[int, ...]


@cache
def spans() -> dict[str, tuple[Span, ...]]:
    """Give the spans of each kind."""
    return {kind: tuple(map(_span, written)) for kind, written in SPANS.items()}


def _span(written: str) -> Span:
    parts = [part.encode() for part in written.split("|")]
    ends = np.cumsum([len(part) for part in parts[:-1]])
    return Span(b"".join(parts).decode(), tuple(ends.tolist()))


def probes() -> Iterator[Batch]:
    """Give a batch for each kind, named `seams/KIND`."""
    for kind, found in spans().items():
        texts, name = [span.text for span in found], f"{PROBE}/{kind}"
        yield Batch.of(NO_LANGUAGE, texts, segmenter=words.default(), probe=name)


@dataclass(frozen=True)
class Seams:
    """Counts by kind and what is counted: `spans` read, `seams` in them, `crossed` ones."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: Specimens = field(default_factory=Specimens)

    COLUMNS = (
        label("kind", "what is written without spaces"),
        count("spans", "spans of ours that were read, without unknown tokens"),
        count("seams", "borders of words inside them"),
        count("crossed", "seams that a token lies over", "lower"),
        figure("crossed_share", "of the seams", "lower"),
        label("examples", "spans with such seams, as they are cut"),
    )

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Look at the spans of one kind."""
        kind = reading.batch.probe.partition("/")[2]
        seams = {span.text: span.seams for span in spans()[kind]}
        rows = np.flatnonzero(~unknown(reading))
        texts = reading.batch.texts.to_pylist()
        crossed = [_crossed(reading, row, seams[texts[row]]) for row in rows.tolist()]
        weights = reading.batch.weights[rows]
        sizes = np.array([len(seams[texts[row]]) for row in rows.tolist()], np.int64)
        found = {"spans": weights.sum(), "seams": weights @ sizes, "crossed": weights @ crossed}
        counts = {(kind, name): int(n) for name, n in found.items() if n}
        cut = list(drawn(reading)) if rows.size else []
        bad = [(cut[row],) for row, n in zip(rows.tolist(), crossed, strict=True) if n]
        return cls(Counter(counts), Specimens.of(((kind, text), (text,)) for (text,) in bad))

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    def rows(self) -> Iterable[Row]:
        """Give a row for each kind that was read."""
        for kind in spans():
            if self.counts[kind, "spans"]:
                yield self._row(kind)

    def _row(self, kind: str) -> Row:
        found = sorted(text for key, (text,) in self.examples.kept.items() if key == (kind, text))
        figures = {name: self.counts[kind, name] for name in ("spans", "seams", "crossed")}
        share = ratio(figures["crossed"], figures["seams"], "no seam was read")
        said = ", ".join(found[:EXAMPLES])
        return {"kind": kind, **figures, "crossed_share": share, "examples": said}

    def total(self, name: str) -> int:
        """Sum a count over all kinds."""
        return sum(self.counts[kind, name] for kind in spans())


def _crossed(reading: Reading, row: int, seams: Sequence[int]) -> int:
    """Count the seams of a row that a token lies over."""
    places: Ints = reading.batch.offsets[row] + np.array(seams, np.int64)
    return int((crossing(reading, places) >= 0).sum())
