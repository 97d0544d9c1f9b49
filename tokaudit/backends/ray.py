"""A Ray cluster (or Ray on this machine), which measures the shares and repeats those it loses."""

import logging
import os
from collections.abc import Iterator, Sequence

import ray
from ray.exceptions import RayError, RayTaskError

from tokaudit.backends import Work
from tokaudit.corpus import Share
from tokaudit.errors import TokauditError, WorkerLost
from tokaudit.text import line
from tokaudit.totals import Totals

RETRIES = 3  # of a share whose worker was lost


def run(work: Work, jobs: int, shares: Sequence[Share]) -> Iterator[tuple[Share, Totals]]:
    """Give the totals of each share as they come; raises TokauditError.

    The cluster is the one RAY_ADDRESS names, or `jobs` workers here. Every node needs tokaudit,
    and reads the corpus and the tokenizers by the same names.
    """
    own = not ray.is_initialized()
    if own:
        here = None if os.environ.get("RAY_ADDRESS") else jobs
        ray.init(
            num_cpus=here, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
        )
    try:
        shared = ray.put(work)
        waiting = [_measure.remote(shared, share) for share in shares]
        while waiting:
            done, waiting = ray.wait(waiting)
            yield from map(_result, done)
    finally:
        if own:
            ray.shutdown()


@ray.remote(max_retries=RETRIES)
def _measure(work: Work, share: Share) -> tuple[Share, Totals]:
    return work.measure(share)


def _result(done: "ray.ObjectRef[tuple[Share, Totals]]") -> tuple[Share, Totals]:
    try:
        return ray.get(done)
    except RayTaskError as error:
        if isinstance(error.cause, TokauditError):
            raise error.cause from None
        raise
    except RayError as error:
        reason = line(str(error).partition("\n")[0])
        raise WorkerLost(f"Ray lost a worker {RETRIES + 1} times: {reason}") from error
