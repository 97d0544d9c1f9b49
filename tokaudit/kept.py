"""Kept shares: the finished parts of one run in a folder, for it to go on from if it is killed.

Each is a shard's file. Its name begins with a digest of all that its figures depend on, so that
runs can share a folder and what belongs to another run is never read as this one's.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tokaudit.corpus import Corpus, Share
from tokaudit.errors import BadState, CannotWrite
from tokaudit.measuring import Measuring
from tokaudit.options import Options, Resume
from tokaudit.plan import Plan
from tokaudit.shards import Shard, common, differing
from tokaudit.state import encode
from tokaudit.text import line
from tokaudit.tokenizer import Chunking
from tokaudit.totals import Totals


@dataclass(frozen=True)
class Kept:
    """Finished shares in `folder` of the run that has this `common`; `say` hears what is there."""

    folder: Path
    say: Callable[[str], None]
    common: dict[str, Any]
    chunking: dict[str, Chunking]
    run: str

    @classmethod
    def of(
        cls, resume: Resume, measuring: Measuring, corpus: Corpus, plan: Plan, options: Options
    ) -> Self:
        """Make the folder if it is missing; raises CannotWrite."""
        try:
            resume.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = f"{line(str(resume.folder))}: {error.strerror or error}"
            raise CannotWrite(f"cannot keep finished parts in {reason}") from error
        known = common(measuring, corpus, plan.alignment, options)
        engines = [[t.engine.name, t.engine.version] for t in measuring.tokenizers]
        editions = [[file.source.key, *file.source.edition] for file in corpus.files]
        told = json.dumps([known, encode(measuring.chunking), engines, editions])
        run = hashlib.sha256(told.encode()).hexdigest()[:16]
        return cls(resume.folder, resume.say, known, measuring.chunking, run)

    def write(self, share: Share, totals: Totals) -> None:
        """Keep a finished share, whole or not at all; raises CannotWrite."""
        Shard(*share, self.common, self.chunking, totals).save(self._path(share))

    def read(self, share: Share) -> Totals | None:
        """Give a share's totals; None if it was never finished, or its file is not whole."""
        path = self._path(share)
        if not path.exists():
            return None
        try:
            found = Shard.read(path)
        except BadState as error:
            self.say(f"{error}; that part is measured again")
            return None
        if ((found.i, found.n), found.common, found.chunking) != (
            share,
            self.common,
            self.chunking,
        ):
            self.say(f"{line(str(path))} is of another run; that part is measured again")
            return None
        return found.totals

    def tell(self, there: int, parts: int) -> None:
        """Say how many parts need not be measured, and if none, what else is in the folder."""
        where = line(str(self.folder))
        if there:
            self.say(f"{there} of {parts} parts are in {where} already")
        elif other := self._other():
            self.say(f"nothing in {where} is of this run ({other}): every part is measured")

    def _path(self, share: Share) -> Path:
        i, n = share
        return self.folder / f"{self.run}-{i + 1}-of-{n}.shard"

    def _other(self) -> str:
        """Say what another run in the folder has that this one has not, if there is one."""
        for path in self.folder.glob("*.shard"):
            try:
                differs = differing(self.common, Shard.read(path).common)
            except BadState:
                continue
            return f"what is there has other {', '.join(differs)}" if differs else "changed since"
        return ""
