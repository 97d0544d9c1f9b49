"""A challenge set: problems for people who test models, balanced over how their digits line up.

Each row is a problem of `problems.TRIPLES` written in one of the ways of `separators.WRITTEN`, with
the class that one tokenizer's cuts of it fall into. For every tokenizer, operation and way of
writing, all classes that occur have equally many rows, drawn evenly from the length triples.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.numbers.alignment import Lined, lined
from tokaudit.numbers.found import Numbers, numbers
from tokaudit.numbers.problems import OPERATIONS, TRIPLES, Problem, carries, problems
from tokaudit.numbers.separators import WRITTEN
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

CANDIDATES = 60  # of each operation and length triple
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("tokenizer", pa.string()),
        ("prompt", pa.string()),
        ("answer", pa.string()),
        ("operation", pa.string()),
        ("separator", pa.string()),
        ("alignment", pa.string()),
        ("a_digits", pa.int64()),
        ("b_digits", pa.int64()),
        ("answer_digits", pa.int64()),
        ("carries", pa.int64()),
        ("carries_over_a_border", pa.int64()),
    ]
)
# Which of operand a, operand b and result are in line over the places they share.
ALL, WITH_ONE, OPERANDS, NONE = "all", "result with one operand", "operands only", "none"


def challenge(tokenizers: Sequence[Tokenizer], size: int, seed: int) -> pa.Table:
    """Draw up to `size` problems of each class, for each tokenizer, operation and writing."""
    rows: list[dict[str, Any]] = []
    for tokenizer in tokenizers:
        for operation in OPERATIONS:
            drawn = list(_interleaved(operation, seed))
            for separator in WRITTEN:
                rows += _balanced(list(_classed(tokenizer, drawn, separator)), size)
    numbered = [{"id": f"{place:06}", **row} for place, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=SCHEMA)


def _interleaved(operation: str, seed: int) -> Iterator[Problem]:
    """Take one problem of each length triple in turn."""
    drawn = (problems(operation, lengths, CANDIDATES, seed) for lengths in TRIPLES[operation])
    return (each for each in chain.from_iterable(zip_longest(*drawn)) if each is not None)


def _balanced(rows: Sequence[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """Keep equally many rows of each class that occurs, the first ones."""
    classes: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        classes.setdefault(row["alignment"], []).append(row)
    least = min([size, *map(len, classes.values())])
    return [row for name in sorted(classes) for row in classes[name][:least]]


def _classed(
    tokenizer: Tokenizer, drawn: Sequence[Problem], separator: str
) -> Iterator[dict[str, Any]]:
    """Cut problems with their answers, and say what lines up."""
    write = WRITTEN[separator]
    prompts = [f"{write(str(p.a))}{p.operation}{write(str(p.b))}=" for p in drawn]
    answers = [write(str(p.answer)) for p in drawn]
    texts = map("".join, zip(prompts, answers, strict=True))
    place = {text: i for i, text in enumerate(texts)}
    reading = read(tokenizer, Batch.of(NO_LANGUAGE, list(place)))
    rows = lined(reading, three(reading.batch))
    classes = alignments(rows)
    for row, text in enumerate(reading.batch.texts.to_pylist()):
        if rows.lost[row]:
            continue
        i = place[text]
        problem = drawn[i]
        taking = int(rows.borders[row, 0 if problem.operation == "-" else 2])
        a, b, answer = problem.lengths
        yield {
            "tokenizer": tokenizer.spec,
            "prompt": prompts[i],
            "answer": answers[i],
            "operation": problem.operation,
            "separator": separator,
            "alignment": classes[row],
            "a_digits": a,
            "b_digits": b,
            "answer_digits": answer,
            "carries": carries(problem).bit_count(),
            "carries_over_a_border": (carries(problem) & taking).bit_count(),
        }


def three(batch: Batch) -> Numbers:
    """Take the digits on each side of an operation sign as one number (`1,234+5=1,239`)."""
    found = numbers(batch)
    signs = np.isin(batch.data, np.frombuffer("".join((*OPERATIONS, "=")).encode(), np.uint8))
    before = np.concatenate([[0], np.cumsum(signs)])[found.digits.starts]
    return found.regrouped(np.repeat(found.row, found.lengths) + before)


def alignments(rows: Lined) -> list[str]:
    """Name the class of each row."""
    pairs = (rows.in_line(one, other).tolist() for one, other in ((0, 1), (0, 2), (1, 2)))
    return [_class(*row) for row in zip(*pairs, strict=True)]


def _class(operands: bool, first: bool, second: bool) -> str:
    if operands and first and second:
        return ALL
    if first or second:
        return WITH_ONE
    return OPERANDS if operands else NONE
