"""Sharing out: a corpus measured in one go, or in shares by others, or where it was left off."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tokaudit.corpus import Corpus, Share
from tokaudit.kept import Kept
from tokaudit.measuring import Measuring
from tokaudit.options import Options, Resume
from tokaudit.plan import Plan
from tokaudit.totals import Totals

SHARES = 4  # of the corpus for each process, so that none waits long for the last
PARTS = 32  # in which a run that can be resumed is divided
LEAST = 256  # rows of such a part
Found = Iterator[tuple[Share, Totals]]


def shared_out(measuring: Measuring, corpus: Corpus, plan: Plan, options: Options) -> Totals:
    """Measure a corpus as the options say; the bits are the same however it is divided."""
    if options.resume is None and _alone(options):
        return measuring.corpus(corpus, plan, options.memory)
    totals = Totals()
    for _, found in _shares(measuring, corpus, plan, options):
        totals.take_in(found)
    totals.alignment = plan.alignment
    totals.drop({found.spec for found in totals.unproven})
    return totals


def _alone(options: Options) -> bool:
    return options.jobs == 1 and options.backend == "processes"


def _shares(measuring: Measuring, corpus: Corpus, plan: Plan, options: Options) -> Found:
    if options.resume is not None:
        return _resumed(measuring, corpus, plan, options, options.resume)
    return _measured(measuring, corpus, plan, options, corpus.shares(options.jobs * SHARES))


def _resumed(
    measuring: Measuring, corpus: Corpus, plan: Plan, options: Options, resume: Resume
) -> Found:
    """Give the shares that were finished before, then the others as they are finished and kept."""
    kept = Kept.of(resume, measuring, corpus, plan, options)
    shares = corpus.shares(max(1, min(PARTS, corpus.rows // LEAST)))
    missing = []
    for share in shares:
        if (found := kept.read(share)) is None:
            missing.append(share)
            continue
        _tell(measuring, found)
        yield share, found
    kept.tell(len(shares) - len(missing), len(shares))
    for share, found in _measured(measuring, corpus, plan, options, missing):
        kept.write(share, found)
        yield share, found


def _measured(
    measuring: Measuring, corpus: Corpus, plan: Plan, options: Options, shares: Sequence[Share]
) -> Found:
    """Measure shares, here one after the other or elsewhere, in whatever order they come."""
    if _alone(options):
        for share in shares:
            yield share, measuring.corpus(replace(corpus, share=share), plan, options.memory)
        return
    from tokaudit import backends

    work = backends.Work.of(measuring, corpus, plan, options.memory // options.jobs)
    work = replace(work, trusted=options.trusted)
    for share, found in backends.get(options.backend)(work, options.jobs, shares):
        _tell(measuring, found)
        yield share, found


def _tell(measuring: Measuring, found: Totals) -> None:
    """Say how many rows of a share have been read, for each tokenizer."""
    rows = sum(census.rows + census.left_out for census in found.census.values())
    for tokenizer in measuring.tokenizers:
        measuring.on_rows(tokenizer, rows)
