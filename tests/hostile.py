"""A small report in which everything that can hold text holds hostile text."""

import pyarrow as pa

from tokaudit.audits.digits import Digits
from tokaudit.audits.fertility import Fertility
from tokaudit.findings import Finding
from tokaudit.report import Report
from tokaudit.tables import CORPUS_SCHEMA, _schema

# Escape sequences, a bidirectional override, an invisible letter, markup of every medium, workflow
# commands of two kinds, the end of a script, of a CDATA section and of a template's expression.
TEXT = (
    "=1+1|`\x1b[31m\x1b]0;t\x07\u202e\u200b[/INST][bold]\n::error::##[error]%0A"
    "<b onclick=x></script><!--]]>{{7*7}}{% if %}\\input{x}$\\alpha$_^~&#%\x00\ud800\udcff"
)
# What a name that stands in a table can hold: Arrow knows no half of a surrogate pair.
NAME = TEXT[:-2]
SPECS = ("good", NAME)


def fertility_row(spec, lang, **figures):
    row = dict.fromkeys(Fertility.schemas["fertility"].names)
    known = {"rows": 3, "bytes": 30, "tokens": 10, "altered_rows": 0, "failed_rows": 0}
    return {"tokenizer": spec, "lang": lang, **row, **known, "absent": [], **figures}


def table(rows, schema):
    return pa.Table.from_pylist(rows, schema=_schema(schema))


def report() -> Report:
    rows = [
        fertility_row("good", "eng_Latn", fertility=1.25, premium=1.0, is_reference=True),
        fertility_row("good", NAME, fertility=2.5, premium=2.0),
        fertility_row(NAME, "eng_Latn", fertility=1.0, premium=1.0, altered_rows=2),
        fertility_row(NAME, NAME, absent=[("premium", f"no rows parallel with {NAME}")]),
    ]
    digits = dict.fromkeys(Digits.schemas["digits"].names)
    digit_rows = [
        {"tokenizer": spec, "lang": "zxx", **digits, "strategy": "single", "absent": []}
        for spec in SPECS
    ]
    pictures = [
        {
            "tokenizer": spec,
            "lang": "zxx",
            "digits": n,
            "cut": cut,
            "cut_spaced": NAME,
            "absent": [],
        }
        for spec in SPECS
        for n, cut in enumerate(("1", "1|2", NAME), 1)
    ]
    census = [{"lang": lang, "rows": 3, "bytes": 30} for lang in ("eng_Latn", NAME)]
    forms = [
        {"tokenizer": spec, "lang": lang, **dict.fromkeys(Digits.schemas["digits_forms"].names)}
        | {"form": NAME, "tokens": 3, "example": f"1|{NAME}|", "absent": []}
        for spec in SPECS
        for lang in ("zxx", "eng_Latn")
    ]
    facts = {"algorithm": NAME, "vocabulary_size": 1000, "engine": "tiktoken 1.0", "files": []}
    words = [
        {"tokenizer": spec, "lang": "eng_Latn", "how_often_x_tokens": NAME, "absent": []}
        for spec in SPECS
    ]
    costliest = "fertility_costliest_words"
    return Report(
        tables={
            **{
                name: table([], schema)
                for name, schema in (Digits.schemas | Fertility.schemas).items()
            },
            costliest: table(words, Fertility.schemas[costliest]),
            "digits_forms": table(forms, Digits.schemas["digits_forms"]),
            "digits": table(digit_rows, Digits.schemas["digits"]),
            "digits_picture": table(pictures, Digits.schemas["digits_picture"]),
            "fertility": table(rows, Fertility.schemas["fertility"]),
            "corpus": pa.Table.from_pylist(census, schema=CORPUS_SCHEMA),
        },
        sections={"digits": tuple(Digits.schemas), "fertility": tuple(Fertility.schemas)},
        headlines={"digits": Digits.headline, "fertility": Fertility.headline},
        questions={"digits": "How?", "fertility": "How many?"},
        verdicts={
            name: dict.fromkeys(SPECS, f"It says {TEXT}.") for name in ("digits", "fertility")
        },
        conditions={
            "tokaudit": "0",
            "tokenizers": dict.fromkeys(SPECS, "a-b-c"),
            "reference": None,
        },
        environment={"tokenizers": dict.fromkeys(SPECS, facts)},
        findings=(Finding("TA001", f"3 rows {TEXT}", NAME, NAME), Finding("TA002", TEXT)),
    )
