"""A house to test in: a toy tokenizer that can be checked by hand, corpora, and the shared data."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import settings

from tests import fresh
from tokaudit import cli, loaders
from tokaudit.audits import Audit
from tokaudit.tables import Tabulation
from tokaudit.tokenizer import Tokenizer

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("TOKAUDIT_SHARED", ROOT.parent / "shared"))

# Machines are shared, and the first word of a script loads a dictionary: no test has a deadline.
settings.register_profile("tokaudit", deadline=None)
settings.load_profile("tokaudit")

if SHARED.is_dir():  # before any test loads an encoding
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(SHARED / "tokenizers" / "tiktoken_cache"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real corpora and tokenizers; its absence is a failure only in CI."""
    if not SHARED.is_dir():
        reason = "the shared data is not here (set TOKAUDIT_SHARED to its folder)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


@pytest.fixture(scope="session")
def chars() -> Tokenizer:
    """One token to a character: every number it gives can be checked by hand."""
    return loaders.load("builtin:chars")


@pytest.fixture(scope="session")
def octets() -> Tokenizer:
    """One token to a byte."""
    return loaders.load("builtin:bytes")


@pytest.fixture(scope="session")
def fresh_loads() -> Iterator[fresh.Loads]:
    """Loads in a process of its own, where environment variables count from the beginning."""
    with fresh.loads() as loads:
        yield loads


@pytest.fixture(scope="module")
def examined_once() -> Iterator[None]:
    """Let every audit look at a tokenizer once: it asks the reference, whatever corpus is read."""
    examine, known = Tabulation._examined, {}

    def once(tabulation: Tabulation, name: str, audit: type[Audit], tokenizer: Tokenizer) -> Any:
        key = audit, tokenizer.spec, type(tokenizer.by_reference().engine)
        if key not in known:
            known[key] = examine(tabulation, name, audit, tokenizer)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tabulation, "_examined", once)
        yield


@pytest.fixture
def tokaudit(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process and return (code, stdout, stderr)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    return run


@pytest.fixture
def corpus_file(tmp_path: Path) -> Path:
    """Three rows in two languages, two of them parallel."""
    path = tmp_path / "corpus.parquet"
    texts, langs, ids = ["hi there", "ağaç", "ok"], ["en", "tr", "en"], ["1", "1", "2"]
    pq.write_table(pa.table({"text": texts, "lang": langs, "id": ids}), path)
    return path
