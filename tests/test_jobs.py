"""Several processes: what is interrupted or killed leaves at once, and nothing is lost silently."""

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import figures, parts, train
from tokaudit import engine, errors, loaders
from tokaudit.errors import BadTokenizer, TokauditError, Unproven
from tokaudit.tokenizer import Chunking

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds for anything that has to happen
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="processes are watched through /proc"
)


@pytest.fixture(scope="module")
def long_corpus(tmp_path_factory):
    """Enough text of words that never repeat for a run to be interrupted in its middle."""
    dice = random.Random(0)
    words = ["".join(dice.choices("abcdefghijklmnop", k=7)) for _ in range(60_000)]
    rows = [" ".join(dice.choices(words, k=300)) for _ in range(8_000)]
    path = tmp_path_factory.mktemp("long") / "long.parquet"
    pq.write_table(pa.table({"text": rows, "lang": ["en"] * len(rows)}), path, row_group_size=500)
    return path


class Run:
    """The command line at work with two processes, in a session of its own."""

    def __init__(self, corpus: Path) -> None:
        spec, environment = str(train.path("gpt2")), {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tokaudit", "fertility", str(corpus), "-t", spec]
        self.process = subprocess.Popen(
            [*command, "--jobs", "2", "--whole", "--engine", "reference"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def all(self) -> list[int]:
        """List all processes below the guard's: the command's own, and its children."""
        return [each for pid in children(self.process.pid) for each in (pid, *children(pid))]

    def workers(self) -> list[int]:
        """List the processes that measure, once they have begun to use their time."""
        found = [pid for pid in self.all() if b"spawn_main" in command_of(pid)]
        return found if len(found) == 2 and all(seconds(pid) > 1 for pid in found) else []

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err


@pytest.fixture
def run(long_corpus) -> Iterator[Run]:
    running = Run(long_corpus)
    yield running
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGKILL)
    running.process.communicate()


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return list(map(int, path.read_text().split())) if path.exists() else []


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def seconds(pid: int) -> float:
    """Give the processor time a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def soon(happens: Callable[[], object], what: str) -> object:
    """Wait until something is true, and give it."""
    until = time.monotonic() + PATIENCE
    while not (found := happens()):
        assert time.monotonic() < until, what
        time.sleep(0.05)
    return found


def gone(pids: list[int]) -> bool:
    """Say whether none of these processes is at work (a zombie has no command line)."""
    return not any(command_of(pid) for pid in pids)


# From outside


@pytest.mark.parametrize("whom", ["everyone", "the parent"])
def test_an_interrupt_leaves_at_once_and_leaves_nobody_behind(run, whom):
    soon(run.workers, "two workers are at work")
    all_of_them = run.all()
    began = time.monotonic()
    (os.killpg if whom == "everyone" else os.kill)(run.process.pid, signal.SIGINT)
    code, out, err = run.end()
    assert (code, out) == (errors.INTERRUPTED, "")
    assert err == "tokaudit: interrupted; no file is left half-written\n"
    assert time.monotonic() - began < 10
    soon(lambda: gone(all_of_them), "no child is left")


def test_a_guard_that_is_killed_takes_everyone_with_it(run):
    soon(run.workers, "two workers are at work")
    all_of_them = run.all()
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait()
    soon(lambda: gone(all_of_them), "no child is left")


def test_a_worker_that_is_killed_is_said_in_one_sentence(run):
    first, *_ = soon(run.workers, "two workers are at work")
    all_of_them = run.all()
    os.kill(first, signal.SIGKILL)
    code, out, err = run.end()
    assert (code, out) == (3, "")
    assert err.startswith("tokaudit: a worker process died") and err.count("\n") == 1
    soon(lambda: gone(all_of_them), "no child is left")


# From inside


@pytest.fixture
def own(tmp_path):
    """A tokenizer that is loaded from a file of its own, and that file."""
    file = tmp_path / "own" / "tokenizer.json"
    file.parent.mkdir()
    file.write_bytes(train.path("gpt2").read_bytes())
    return loaders.load(str(file.parent)), file


@pytest.fixture
def corpus(tmp_path):
    return parts.corpus(tmp_path, 4)


@pytest.mark.parametrize("other", ["single_digits", None])
def test_a_tokenizer_that_is_another_one_for_a_worker_is_refused(own, corpus, other):
    tokenizer, file = own
    if other:
        file.write_bytes(train.path(other).read_bytes())
        said = "is another tokenizer here"
    else:
        file.unlink()
        said = str(file.parent)
    with pytest.raises(BadTokenizer, match=said):
        figures.found([tokenizer], corpus, jobs=2)


def test_an_error_of_a_worker_is_the_error_of_the_run(own, corpus, tmp_path):
    """A corpus that cannot be read is refused with one and with two processes alike."""
    assert corpus.rows
    damaged = tmp_path / "b.parquet"
    data = bytearray(damaged.read_bytes())
    data[4:60] = bytes(56)  # where its first page begins
    damaged.write_bytes(data)
    said = []
    for jobs in (1, 2):
        with pytest.raises(TokauditError) as refused:
            figures.found([own[0]], corpus, jobs=jobs)
        said.append((type(refused.value), str(refused.value)))
    assert said[0] == said[1]


def test_a_short_cut_that_fails_in_a_worker_is_a_finding_and_costs_no_figure(corpus):
    """`bpe` puts a space before every text, so by chunks with their own it gives other ids."""
    honest, wrong = train.loaded("bpe"), Chunking("spaced")
    both = [replace(honest, chunking=wrong), train.loaded("wordpiece")]
    whole = figures.report([honest, both[1]], corpus)
    for jobs in (1, 2):
        found = figures.report(both, corpus, chunks=False, jobs=jobs)
        figures.same(found, whole)
        assert [each.tokenizer for each in found.findings if each.rule == "TA007"] == [honest.spec]


def test_every_error_comes_back_from_another_process():
    for kind in (*TokauditError.__subclasses__(), TokauditError):
        error = Unproven("spec", "how", "text") if kind is Unproven else kind("said")
        back = pickle.loads(pickle.dumps(error))
        assert type(back) is kind and str(back) == str(error) and vars(back) == vars(error)


def test_more_processes_than_rows_give_the_same_figures(tmp_path):
    pq.write_table(pa.table({"text": ["a b"], "lang": ["en"]}), tmp_path / "one.parquet")
    corpus = parts.Corpus((str(tmp_path / "one.parquet"),))
    tokenizers = [train.loaded("builtin:chars")]
    reports = [figures.report(tokenizers, corpus, jobs=jobs) for jobs in (1, 3)]
    figures.same(*reports)


def test_progress_counts_every_row_once_for_each_tokenizer(corpus):
    counted = []
    for jobs in (1, 2):
        seen: dict[str, int] = {}

        def hear(tokenizer, rows, seen=seen):
            seen[tokenizer.spec] = seen.get(tokenizer.spec, 0) + rows

        asked = replace(figures.measuring([train.loaded("gpt2")]), on_rows=hear)
        engine.measured(asked, corpus, engine.Options(jobs=jobs))
        counted.append(seen)
    assert counted[1] == {train.loaded("gpt2").spec: corpus.rows}
    assert 0 < counted[0][train.loaded("gpt2").spec] <= corpus.rows


LARGE_WORK = """
import time
from dataclasses import dataclass
from tokaudit.backends import processes

@dataclass(frozen=True)
class Work:
    size: int
    payload: bytes

    def measure(self, share):
        if share[0]:
            time.sleep(600)
        return share

if __name__ == "__main__":
    work = Work(1, bytes(4_000_000))
    print(next(processes.run(work, 2, [(n, 40) for n in range(40)])), flush=True)
    raise KeyboardInterrupt
"""


LOST_WORK = """
import os
import signal
import threading
from dataclasses import dataclass
from tokaudit.backends import processes
from tokaudit.errors import WorkerLost

@dataclass(frozen=True)
class Work:
    def measure(self, share):
        if share == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return share

if __name__ == "__main__":
    try:
        list(processes.run(Work(), 2, range(10)))
    except WorkerLost:
        print("lost", [each.name for each in threading.enumerate()])
"""


def own_work(tmp_path, program):
    """Run a program whose work the backend's processes do."""
    file = tmp_path / "program.py"
    file.write_text(program)
    return subprocess.run(
        [sys.executable, file],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_a_run_that_is_left_does_not_wait_for_work_that_nobody_reads(tmp_path):
    """What workers are to do next lies in a pipe that is too small for it."""
    ran = own_work(tmp_path, LARGE_WORK)
    assert ran.stdout == "(0, 40)\n"
    assert "KeyboardInterrupt" in ran.stderr


def test_no_thread_of_the_pool_outlives_a_killed_worker(tmp_path):
    """Else Python may say behind our sentence that a pipe of its own was closed meanwhile."""
    ran = own_work(tmp_path, LOST_WORK)
    assert (ran.stdout, ran.stderr) == ("lost ['MainThread']\n", "")
