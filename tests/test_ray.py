"""A real Ray on this machine with two workers: the same figures, even if one of them is killed."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests import figures, parts, train
from tests.cluster import running
from tokaudit import backends, engine, loaders
from tokaudit.errors import BadTokenizer
from tokaudit.plan import Plan
from tokaudit.totals import Totals

ray = pytest.importorskip("ray", reason="the extra `ray` is not installed")
PATIENCE = 120  # seconds
pytestmark = [
    pytest.mark.usefixtures("examined_once"),
    pytest.mark.filterwarnings("ignore"),  # what Ray warns of is its own affair
    pytest.mark.skipif(
        not Path("/proc/self/stat").exists(), reason="processes are watched through /proc"
    ),
]


@pytest.fixture(scope="module")
def cluster():
    """Ray, until the last test of this file has run."""
    with running() as ray:
        yield ray


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return parts.corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory):
    return parts.tokenizers(tmp_path_factory.mktemp("tokenizers"))


def test_ray_gives_the_figures_of_one_process(cluster, corpus, tokenizers):
    serial = figures.report(tokenizers, corpus, chunks=False)
    figures.same(figures.report(tokenizers, corpus, chunks=True, jobs=2, backend="ray"), serial)


def test_a_worker_that_is_killed_costs_no_figure(cluster, corpus, tokenizers):
    """Shares are repeated elsewhere; none is counted twice and none is left out."""
    asked = figures.measuring(tokenizers)
    plan = Plan.of(corpus, None, 1, None)
    serial = asked.corpus(corpus, plan, 2**30)
    work, killed = backends.Work.of(asked, corpus, plan, 2**28), []
    watching = threading.Thread(target=kill_one, args=(killed,), daemon=True)
    totals, shares, came = Totals(), 24, 0
    watching.start()
    for _, found in backends.get("ray")(work, 2, corpus.shares(shares)):
        totals.take_in(found)
        came += 1
    watching.join(PATIENCE)
    assert killed, "a worker was found at work and killed"
    assert came == shares
    assert (totals.documents, totals.census) == (serial.documents, serial.census)
    reports = [engine.report(asked, each, engine.Options()) for each in (totals, serial)]
    figures.same(*reports)


def kill_one(killed):
    """Kill the first process that is seen measuring."""
    until = time.monotonic() + PATIENCE
    while not killed and time.monotonic() < until:
        for pid in measuring():
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
            return
        time.sleep(0.01)


def measuring():
    """List the processes of our own cluster that Ray has named after our task."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and os.getpid() in ancestors(entry.name):
            try:
                if entry.joinpath("cmdline").read_bytes().startswith(b"ray::_measure"):
                    yield int(entry.name)
            except OSError:
                continue


def ancestors(pid):
    """Give the parent of a process, its parent, and so on."""
    while int(pid) > 1:
        try:
            pid = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            return
        yield int(pid)


def test_what_a_worker_refuses_is_refused_with_its_own_sentence(cluster, corpus, tmp_path):
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "tokenizer.json"
    file.write_bytes(train.path("gpt2").read_bytes())
    own = loaders.load(str(tmp_path / "own"))
    file.write_bytes(train.path("single_digits").read_bytes())
    with pytest.raises(BadTokenizer, match="is another tokenizer here"):
        figures.found([own], corpus, jobs=2, backend="ray")
    assert ray.is_initialized(), "a cluster that was there before stays"
