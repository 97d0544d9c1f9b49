"""Prompts of our own that are cut at every character: identifiers, addresses, code, prose."""

from collections.abc import Iterator, Mapping

from tokaudit import words
from tokaudit.batch import NO_LANGUAGE, Batch

PROBE = "prompts"
PROMPTS: Mapping[str, tuple[str, ...]] = {
    "identifiers": (
        *("getUserName", "max_row_bytes", "HTTPServerError", "parseJsonDocument", "is_valid_utf8"),
        *("numberOfOpenConnections", "__init__", "kDefaultTimeout", "to_string_view"),
        *("MAX_RETRY_COUNT", "onMouseEnter", "byteOffset", "std_deviation", "loadFromFile"),
    ),
    "addresses": (
        "https://example.org/2024/05/annual-report.html",
        "https://www.example.com/search?q=harbour+ferry&page=2",
        "http://localhost:8080/api/v1/users/42/settings",
        "https://docs.example.net/en/latest/install#windows",
        "ftp://archive.example.edu/pub/maps/north-sea.tar.gz",
        "maria.lindqvist@example.com",
        "git@example.org:harbour/boats.git",
        "/usr/local/share/harbour/config.toml",
    ),
    "code": (
        "def count_boats(harbour):\n    return sum(1 for boat in harbour if boat.afloat)\n",
        "for (let i = 0; i < boats.length; i++) {\n  console.log(boats[i].name);\n}\n",
        "SELECT name, length FROM boats WHERE harbour_id = 7 ORDER BY length DESC;\n",
        "if err != nil {\n\treturn nil, fmt.Errorf(\"open %s: %w\", path, err)\n}\n",
        '{"name": "ferry", "capacity": 120, "routes": ["north", "island"]}\n',
        "int main(void) {\n    printf(\"%d boats\\n\", count);\n    return 0;\n}\n",
        "<ul class=\"boats\">\n  <li><a href=\"/ferry\">Ferry</a></li>\n</ul>\n",
        "let total: f64 = boats.iter().map(|boat| boat.length).sum();\n",
    ),
    "prose": (
        "The ferry was late again, so we walked along the harbour and counted the boats.",
        "Nobody had told the new captain that the lighthouse would be closed on Sundays.",
        "What is the name of the largest island in the bay? Answer in one word:",
        "Once upon a time, in a village between two rivers, there lived a clockmaker who",
    ),
}  # fmt: skip


def probes() -> Iterator[Batch]:
    """Give a batch for each kind, named `prompts/KIND`."""
    for kind, texts in PROMPTS.items():
        name = f"{PROBE}/{kind}"
        yield Batch.of(NO_LANGUAGE, texts, segmenter=words.default(), probe=name)
