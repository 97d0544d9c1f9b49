"""Plain text: one text a line, or one text a file."""

from collections.abc import Iterator

from tokaudit.errors import BadCorpus, BadUsage
from tokaudit.records.asked import Asked, Record
from tokaudit.records.streams import BYTE_ORDER_MARK, decoded, numbered, opened
from tokaudit.sources import Source


def lines(source: Source, asked: Asked) -> Iterator[Record]:
    """Read one text a line; blank lines are texts too, so that numbers hold."""
    _check(source, asked)
    if asked.aligned and "id" in asked.said:
        raise BadUsage(f"{source}: the id is in the path or the number of the line, not both")
    for number, text in numbered(source, asked.longest):
        record: Record = {"text": text.removesuffix("\n").removesuffix("\r")}
        yield {"id": str(number), **record} if asked.aligned else record


def whole(source: Source, asked: Asked) -> Iterator[Record]:
    """Read one text, the whole file as it is."""
    _check(source, asked)
    with opened(source) as stream:
        data = stream.read(asked.longest + 1)
    yield {"text": decoded(data, asked.longest, str(source)).removeprefix(BYTE_ORDER_MARK)}


def _check(source: Source, asked: Asked) -> None:
    if "lang" not in asked.said:
        raise BadCorpus(
            f"{source} does not say its language: give it with --lang, or write {{lang}} in the"
            " path where the language stands"
        )
