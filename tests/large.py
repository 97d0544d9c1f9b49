"""A report as large as they get: 204 languages by 12 tokenizers."""

from dataclasses import replace

import pyarrow as pa

from tests import hostile
from tokaudit import audits, tables
from tokaudit.audits.fertility import Fertility
from tokaudit.findings import Finding
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


# Of every audit

# Rows of a table for each language, in audits of five languages; a table that is not here has one.
BY_LANG = {
    "adversarial_border_scripts": 6,
    "adversarial_running_traps": 13,
    "adversarial_noise": 42,
    "adversarial_prompt_examples": 11,
    "adversarial_prompts": 4,
    "coverage_words": 8,
    "coverage_clusters": 4,
    "coverage_overlaps": 5,
    "fertility_words": 20,
    "fertility_frequency": 3,
    "fertility_rows": 4,
    "fertility_spread": 5,
}
ONE_BY_LANG = {
    *("adversarial_borders", "adversarial_noise_languages", "coverage", "coverage_round_trip"),
    *("digits_corpus", "digits_corpus_examples", "fertility", "fertility_costliest_words"),
}
# Rows of a table for each tokenizer.
GENERAL = {
    "adversarial_prompt_examples": 20,
    "adversarial_segmentations": 16,
    "adversarial_trap_examples": 144,
    "adversarial_bigrams": 479,
    "digits_alignment": 44,
    "digits_contexts": 73,
    "digits_words": 80,
    "digits_writing_systems": 81,
    "vocabulary_scripts": 172,
    "vocabulary_blocks": 332,
    "vocabulary_sequences": 99,
    "vocabulary_lengths": 132,
}
FEWEST = 16
CUTS = ("the| har|bour| is| open| af|ter| nine", "الض|ما|دة| كل| يو|م", "हिन्द|ी| में| ल|ि|ख")
LANGUAGES = tuple(f"{chr(97 + n % 26)}{chr(97 + n // 26)}x_Latn" for n in range(LANGS))


def whole(langs: int = LANGS, tokenizers: int = TOKENIZERS) -> Report:
    """Make a report of every audit with as many rows as real ones have."""
    every = {name: audits.get(name) for name in audits.names()}
    small, spoken = report(), LANGUAGES[:langs]
    facts = dict(list(small.environment["tokenizers"].items())[:tokenizers])
    specs = list(facts)
    found = {
        name: filled(name, schema, specs, spoken)
        for audit in every.values()
        for name, schema in audit.schemas.items()
    }
    for name, audit in every.items():
        if audit.summary is not None:
            found[f"{name}_summary"] = _table(audit.summary, specs, [tables.ALL_LANGUAGES], 1)
    said = "It cuts words of most languages into two tokens or more, and numbers by threes."
    return replace(
        small,
        tables=found,
        environment={"tokenizers": facts},
        conditions={**small.conditions, "tokenizers": dict.fromkeys(specs, "a-b-c")},
        sections={name: tuple(audit.schemas) for name, audit in every.items()},
        headlines={name: audit.headline for name, audit in every.items()},
        questions=dict.fromkeys(every, "How many?"),
        verdicts={name: dict.fromkeys(specs, said) for name in every},
        glances={k: seen for audit in every.values() for k, seen in audit.glances.items()},
        findings=tuple(Finding("TA560", said, s, lang) for s in specs for lang in spoken[::4]),
    )


def filled(name, schema, specs, langs):
    """Make the rows of a table: of every language, or of none, or both."""
    many = BY_LANG.get(name, 1 if name in ONE_BY_LANG else 0)
    spoken = _table(schema, specs, langs, many)
    if many and name not in GENERAL:
        return spoken
    once = 1 if name in ("adversarial", "digits", "vocabulary") else GENERAL.get(name, FEWEST)
    return pa.concat_tables([spoken, _table(schema, specs, ["zxx"], once)])


def _table(schema, specs, langs, many):
    """Make a table column by column."""
    size = len(specs) * len(langs) * many
    full = hostile.table([], schema).schema
    columns = {
        "tokenizer": [spec for spec in specs for _ in range(len(langs) * many)],
        "lang": [lang for lang in langs for _ in range(many)] * len(specs),
        "absent": [[]] * size,
    }
    for place, field in enumerate(schema):
        columns[field.name] = [_value(field, n * 7 + place) for n in range(size)]
    return pa.table(
        {name: pa.array(columns[name], full.field(name).type) for name in full.names}, schema=full
    )


def _value(field, n):
    if pa.types.is_string(field.type):
        return CUTS[n % len(CUTS)] if b"cut" in field.metadata else f"word-{n % 997} of it"
    if pa.types.is_boolean(field.type):
        return bool(n % 2)
    return n % 1009 if pa.types.is_integer(field.type) else (n % 1009 + 1) / 101
