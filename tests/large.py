"""A report as large as they get: 204 languages by 12 tokenizers."""

from dataclasses import replace

from tests import hostile
from tokaudit.audits.fertility import Fertility
from tokaudit.report import Report

LANGS, TOKENIZERS = 204, 12


def report() -> Report:
    small = hostile.report()
    specs = [f"pkg:vocabularies/tokenizer-{n}" for n in range(TOKENIZERS)]
    rows = [
        hostile.fertility_row(
            spec,
            f"{chr(97 + n % 26)}{chr(97 + n // 26)}x_Latn",
            **dict.fromkeys(FIGURES, 1 + (n * 7 + t * 3) % 101 / 7),
            premium=1 + n / 20 + t / 10,
        )
        for t, spec in enumerate(specs)
        for n in range(LANGS)
    ]
    facts = next(iter(small.environment["tokenizers"].values())) | {"algorithm": "BPE"}
    return replace(
        small,
        tables={"fertility": hostile.table(rows, Fertility.schemas["fertility"])},
        sections={"fertility": ("fertility",)},
        questions={"fertility": "How many?"},
        verdicts={"fertility": dict.fromkeys(specs, "It says so.")},
        conditions={**small.conditions, "tokenizers": dict.fromkeys(specs, "a-b-c")},
        environment={"tokenizers": dict.fromkeys(specs, facts)},
        findings=(),
    )


FIGURES = ("fertility", "tokens_per_word", "bytes_per_token", "single_token_words", "nsl")
