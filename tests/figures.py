"""What a corpus alone makes audits say: totals and a report, without the texts audits bring."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from tokaudit import audits, engine
from tokaudit.corpus import Corpus
from tokaudit.measuring import Measuring
from tokaudit.report import Report
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Totals
from tokaudit.words import default


def measuring(tokenizers: Sequence[Tokenizer], names: Iterable[str] = ()) -> Measuring:
    """Let tokenizers be measured by these audits, or by all there are."""
    asked = {name: audits.get(name) for name in names or audits.names()}
    return Measuring(asked, tokenizers, default())


def found(
    tokenizers: Sequence[Tokenizer], corpus: Corpus, **options: Any
) -> tuple[Measuring, Totals]:
    """Measure a corpus with every audit that reads one."""
    chosen = engine.Options(**options)
    return engine.measured(engine.quickened(measuring(tokenizers), corpus, chosen), corpus, chosen)


def report(tokenizers: Sequence[Tokenizer], corpus: Corpus, **options: Any) -> Report:
    """Report what a corpus gives."""
    asked, totals = found(tokenizers, corpus, **options)
    return engine.report(asked, totals, engine.Options(**options))


def same(one: Report, other: Report) -> None:
    """Compare every figure, every condition, and what is said about the text."""
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        assert table.equals(other.tables[name]), difference(table, other.tables[name])
    assert one.signature == other.signature
    assert one.verdicts == other.verdicts


def difference(one: pa.Table, other: pa.Table) -> str:
    """Show the first row that differs."""
    for mine, theirs in zip(one.to_pylist(), other.to_pylist(), strict=False):
        if mine != theirs:
            return "\n".join(
                f"{mine['tokenizer']} {mine['lang']} {name}: {value!r} and {theirs[name]!r}"
                for name, value in mine.items()
                if value != theirs[name]
            )
    return f"{one.num_rows} rows and {other.num_rows}"
