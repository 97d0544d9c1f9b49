"""Build the large corpus: text in many languages and code, from Debian packages and FLORES-200.

Usage: python benchmarks/corpus.py [--mb N] [--out FILE] [--packages FOLDER] [--flores FILE]

The same packages give the same rows. A smaller corpus (`--mb`) is part of a larger one, in the
same mix. Beside the corpus FILE.json says of which packages and versions it was made.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path

import packages
import pyarrow as pa
import pyarrow.parquet as pq
from sources import ENGLISH, PROGRAMS, SOURCES, Source

from tokaudit.building import GROUP_BYTES, WRITING
from tokaudit.errors import TokauditError
from tokaudit.files import whole, write_whole
from tokaudit.languages import name

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("TOKAUDIT_SHARED", HERE.parents[1] / "shared"))
SCHEMA = pa.schema([(each, pa.string()) for each in ("lang", "domain", "text")])
REPEATABLE = 40  # characters; a longer paragraph is kept once, a shorter one is a heading or a term
SHORT, LONG = 1_000, 16_000  # bytes; where a document may end, and where it must
LARGEST = {ENGLISH: 0.25} | dict.fromkeys(PROGRAMS.values(), 0.2 / len(set(PROGRAMS.values())))
OTHERS = 0.15  # share of the corpus that any other language may have
Files = list[tuple[str, list[str]]]  # language and paragraphs of each


@dataclass(frozen=True)
class Document:
    """One row of the corpus, and where it is from."""

    lang: str
    domain: str
    text: str
    origin: str

    @property
    def size(self) -> int:
        """Bytes of its text in UTF-8."""
        return len(self.text.encode())


def main() -> int:
    """Build the corpus; give the exit code."""
    options = _options()
    try:
        found, versions = collect(options.packages, options.flores)
        chosen = mix(found, options.mb * 1e6 if options.mb else None)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write(chosen, options.out)
        write_whole(options.out.with_suffix(".json"), about(chosen, versions))
    except TokauditError as error:
        print(f"benchmarks/corpus.py: {error}", file=sys.stderr)
        return error.exit_code
    show(chosen, versions)
    return 0


def collect(folder: Path, flores: Path) -> tuple[list[Document], dict[str, str]]:
    """Read all documents, and the versions of the packages they are from; raises BadCorpus."""
    found: list[Document] = []
    seen: set[bytes] = set()
    paths = packages.fetch([each for source in SOURCES for each in source.packages], folder)
    tasks = [(source, paths[each]) for source in SOURCES for each in source.packages]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:  # Arrow has threads
        for (source, path), files in zip(tasks, pool.map(read, tasks), strict=True):
            print(f"{source.domain}: {path.name}", file=sys.stderr)
            found += documents(files, source.domain, path.name.partition("_")[0], seen)
    if flores.is_file():
        found += sentences(flores, {each.lang for each in found}, seen)
    return found, {each: packages.version(path) for each, path in paths.items()}


def read(task: tuple[Source, Path]) -> Files:
    """Read the files of a package that a source names, English first; not those not in UTF-8."""
    source, package = task
    found: Files = []
    for path, contents in packages.files(package):
        if lang := source.lang(path):
            try:
                found.append((lang, source.form(contents())))
            except UnicodeDecodeError:
                continue
    return sorted(found, key=lambda file: file[0] != ENGLISH)


def documents(files: Files, domain: str, origin: str, seen: set[bytes]) -> Iterator[Document]:
    """Join paragraphs to documents, over the ends of short files; a program is one of its own."""
    short, long = (1, 1) if domain == "code" else (SHORT, LONG)
    gathered: defaultdict[str, list[str]] = defaultdict(list)
    sizes: Counter[str] = Counter()
    for lang, paragraphs in files:
        for left, paragraph in zip(range(len(paragraphs) - 1, -1, -1), paragraphs, strict=True):
            if is_new(paragraph, seen):
                gathered[lang].append(paragraph)
                sizes[lang] += len(paragraph.encode())
            if sizes[lang] >= (long if left else short):
                yield Document(lang, domain, "\n\n".join(gathered.pop(lang)), origin)
                del sizes[lang]


def is_new(paragraph: str, seen: set[bytes]) -> bool:
    """Say whether a paragraph is short or comes for the first time; then it has been seen."""
    if len(paragraph) < REPEATABLE:
        return True
    key = digest(paragraph)
    if key in seen:
        return False
    seen.add(key)
    return True


def digest(text: str) -> bytes:
    """Give what stands for a text where texts are compared and ordered."""
    return blake2b(text.encode(), digest_size=8).digest()


def sentences(file: Path, langs: set[str], seen: set[bytes]) -> Iterator[Document]:
    """Read FLORES in the languages that the packages have, its sentences joined."""
    columns = ["lang", "domain", "text"]
    table = pq.read_table(file, columns=columns, filters=[("lang", "in", langs)])
    texts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in table.to_pylist():
        texts[row["lang"], row["domain"]].append(row["text"])
    for (lang, domain), found in texts.items():
        yield from documents([(lang, found)], domain, "FLORES-200", seen)


def mix(found: Iterable[Document], limit: float | None) -> list[Document]:
    """Choose documents, each text once: by language and digest, in shares, `limit` bytes in all."""
    by_lang: defaultdict[str, dict[bytes, Document]] = defaultdict(dict)
    for document in found:
        by_lang[document.lang].setdefault(digest(document.text), document)
    kept = quotas(
        {lang: sum(each.size for each in group.values()) for lang, group in by_lang.items()}
    )
    part = min(1, limit / sum(kept.values())) if limit else 1
    return [
        document
        for lang, group in sorted(by_lang.items())
        for document in within((group[key] for key in sorted(group)), kept[lang] * part)
    ]


def quotas(sizes: dict[str, float]) -> dict[str, float]:
    """Give the bytes to keep of each language, so that none is above its share of their sum.

    Each round cuts to shares of what the last one left. The shares that are cut to sum to less
    than one, so the cuts shrink, each to that part of the last.

    >>> round(quotas({"eng_Latn": 900.0, **dict.fromkeys("abdefg", 50.0)})["eng_Latn"])
    100
    """
    kept = sizes
    for _ in range(200):
        total = sum(kept.values())
        kept = {lang: min(size, LARGEST.get(lang, OTHERS) * total) for lang, size in kept.items()}
    return kept


def within(documents: Iterable[Document], limit: float) -> Iterator[Document]:
    """Take documents while they end within `limit` bytes."""
    size = 0
    for document in documents:
        size += document.size
        if size > limit:
            return
        yield document


def write(documents: Sequence[Document], path: Path) -> None:
    """Write the corpus in row groups of about `GROUP_BYTES` of text; raises CannotWrite."""
    with whole(path) as file, pq.ParquetWriter(file, SCHEMA, **WRITING) as writer:
        for group in groups(documents):
            rows = [(each.lang, each.domain, each.text) for each in group]
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            writer.write_table(pa.table(columns, schema=SCHEMA))


def groups(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Gather documents until their texts are `GROUP_BYTES` long."""
    group: list[Document] = []
    size = 0
    for document in documents:
        group.append(document)
        size += document.size
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def about(documents: Sequence[Document], versions: dict[str, str]) -> bytes:
    """Say as JSON what the corpus holds and what it was made of."""
    of_lang, of_origin = totals(documents, "lang"), totals(documents, "origin")
    says = {
        "rows": len(documents),
        "bytes": sum(each["bytes"] for each in of_lang.values()),
        "languages": of_lang,
        "origins": {
            origin: {"version": versions.get(origin)} | counts
            for origin, counts in of_origin.items()
        },
    }
    return json.dumps(says, indent=1).encode() + b"\n"


def totals(documents: Iterable[Document], field: str) -> dict[str, dict[str, int]]:
    """Count rows and bytes for each value of a field, in order of its values."""
    rows: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for each in documents:
        rows[getattr(each, field)] += 1
        sizes[getattr(each, field)] += each.size
    return {key: {"rows": rows[key], "bytes": sizes[key]} for key in sorted(rows)}


def show(documents: Sequence[Document], versions: dict[str, str]) -> None:
    """Print the table of languages, and that of packages."""
    size = sum(each.size for each in documents)
    print(f"{len(documents):,} rows, {size / 1e6:.1f} MB\n")
    print(f"{'language':<32}{'rows':>8}{'MB':>8}{'share':>8}")
    for lang, counts in totals(documents, "lang").items():
        share = f"{counts['bytes'] / size:.1%}"
        print(f"{name(lang) or lang:<32}{counts['rows']:>8}{counts['bytes'] / 1e6:>8.2f}{share:>8}")
    print(f"\n{'origin':<32}{'MB':>8}  version")
    for origin, counts in totals(documents, "origin").items():
        print(f"{origin:<32}{counts['bytes'] / 1e6:>8.2f}  {versions.get(origin, '')}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mb", type=float, help="no more than this, in the same mix; default all")
    parser.add_argument("--out", type=Path, default=HERE / "data" / "large.parquet")
    parser.add_argument("--packages", type=Path, default=HERE / "data" / "packages")
    parser.add_argument("--flores", type=Path, default=SHARED / "corpora" / "flores200.parquet")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
