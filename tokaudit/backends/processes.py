"""Processes of this machine, each measuring one share after the other."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool

from tokaudit.backends import Work
from tokaudit.corpus import Share
from tokaudit.errors import WorkerLost
from tokaudit.totals import Totals

PATIENCE = 10  # seconds that workers have to die
NICE = 10  # workers give way to everything else on the machine


def run(work: Work, jobs: int, shares: Sequence[Share]) -> Iterator[tuple[Share, Totals]]:
    """Give the totals of each share as they come; raises TokauditError.

    Processes are spawned: the libraries underneath hold threads, which do not survive a fork.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, _heed_parent)
    futures: list[Future[tuple[Share, Totals]]] = []
    try:
        futures.extend(pool.submit(work.measure, share) for share in shares)
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool as error:
        raise WorkerLost(
            "a worker process died, perhaps for want of memory: try fewer --jobs or less --memory"
        ) from error
    finally:
        _end(pool, futures)


def _end(pool: ProcessPoolExecutor, futures: Sequence[Future[tuple[Share, Totals]]]) -> None:
    """End the workers and the pool's own thread: left alone it may meet the interpreter's end.

    A pool that is shut down before it knows that it is broken joins the thread of a queue which
    nobody reads any more, for ever if the queue is long; so it has to learn of it first.
    """
    workers = multiprocessing.active_children()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(PATIENCE)
    pending = wait(futures, PATIENCE).not_done
    pool.shutdown(wait=not pending, cancel_futures=True)


def _heed_parent() -> None:
    """Leave Ctrl-C to the parent, which ends its workers, and end when it is killed.

    Whoever works at the machine goes first.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
