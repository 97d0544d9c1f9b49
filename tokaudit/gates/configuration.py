"""The configuration of `tokaudit check`: a table of pyproject.toml, or tokaudit.toml."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tokaudit.errors import BadUsage
from tokaudit.findings import RULES
from tokaudit.rules import SEVERITIES, Severity
from tokaudit.text import line

OWN, SHARED = "tokaudit.toml", "pyproject.toml"
Some = Annotated[list[str], Field(min_length=1)]


def _dashed(name: str) -> str:
    return name.replace("_", "-")


class Configuration(BaseModel):
    """What is audited, how, and the limits it has to keep. Paths are relative to its file."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )

    tokenizers: Some
    compare_with: list[str] = []
    corpora: list[str] = []
    langs: list[str] = []
    audits: list[str] = []
    reference: str | None = None
    words: str | None = None
    text_column: str = "text"
    lang_column: str = "lang"
    id_column: str | None = None
    by: str | None = None
    seed: int = Field(1, ge=0, lt=2**63)
    limits: list[str] = []
    baseline: str | None = None
    fail_on: Severity = "error"
    ignore: list[str] = []
    severity: dict[str, Severity] = {}

    def with_options(self, where: Path, fail_on: str | None, ignore: Sequence[str]) -> Self:
        """Give this configuration with what the command line says besides; raises BadUsage."""
        if fail_on and fail_on not in SEVERITIES:
            raise BadUsage(f"--fail-on {line(fail_on)}: there are {', '.join(SEVERITIES)}")
        changed = {"ignore": [*self.ignore, *ignore], "fail_on": fail_on or self.fail_on}
        both = self.model_copy(update=changed)
        both.check(where)
        return both

    def check(self, where: Path) -> None:
        """Raise BadUsage for rules that do not exist."""
        for rule in (*self.ignore, *self.severity):
            if rule not in RULES:
                raise BadUsage(
                    f"{line(str(where))}: there is no rule {line(rule)}; `tokaudit explain` lists"
                    " them"
                )


def find(folder: Path) -> Path:
    """Find the configuration that holds for a folder: its own or the nearest above it."""
    for each in (folder, *folder.parents):
        if (each / OWN).is_file():
            return each / OWN
        if (each / SHARED).is_file() and "tokaudit" in _tools(each / SHARED):
            return each / SHARED
    raise BadUsage(
        f"no {OWN} here or above, and no [tool.tokaudit] in a {SHARED}: `tokaudit init` writes one"
    )


def read(path: Path) -> Configuration:
    """Read a configuration; raises BadUsage for what it must not hold."""
    held = _tools(path).get("tokaudit", {}) if path.name == SHARED else _tables(path)
    try:
        found = Configuration.model_validate(held)
    except ValidationError as error:
        raise BadUsage(f"{line(str(path))}: {_first(error)}") from error
    return found


def _tools(path: Path) -> dict[str, Any]:
    tools = _tables(path).get("tool")
    return tools if isinstance(tools, dict) else {}


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = line(str(error).partition("\n")[0])
        raise BadUsage(f"{line(str(path))} cannot be read: {reason}") from error


def _first(error: ValidationError) -> str:
    """Write the first thing that is wrong as a sentence."""
    first = error.errors()[0]
    key = line(".".join(map(str, first["loc"])))
    if first["type"] == "extra_forbidden":
        known = ", ".join(map(_dashed, Configuration.model_fields))
        return f"there is no key {key}; there are {known}"
    return f"{key}: {line(first['msg'])}"
