"""Faults: whatever ends a run or stands in its way, nothing half-written is left, nothing is lost.

Every run here is the real command line in processes of its own. TOKAUDIT_KILLS sets how many times
a run is killed (`make faults` asks for 200).
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train, web
from tests.test_jobs import children, command_of, gone, soon
from tokaudit import errors
from tokaudit.backends.processes import NICE
from tokaudit.errors import BadState
from tokaudit.shards import Shard

ROOT = Path(__file__).parent.parent
KILLS = int(os.environ.get("TOKAUDIT_KILLS", "6"))
PATIENCE = 120  # seconds
OLD = b"the old report\n"
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="processes are watched through /proc"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Rows for about twenty parts."""
    dice = random.Random(0)
    words = ["".join(dice.choices("abcdefghijklmnop", k=7)) for _ in range(3_000)]
    rows = [" ".join(dice.choices(words, k=40)) for _ in range(5_200)]
    path = tmp_path_factory.mktemp("corpus") / "c.parquet"
    pq.write_table(pa.table({"text": rows, "lang": ["en"] * len(rows)}), path, row_group_size=500)
    return path


def command(corpus: Path, *more: object) -> list[str]:
    spec = str(train.path("gpt2"))
    asked = ["fertility", str(corpus), "-t", spec, "-q", *map(str, more)]
    return [sys.executable, "-m", "tokaudit", *asked]


def surroundings(**changed: str | None) -> dict[str, str]:
    """Give the environment of a run; a variable that is None is taken away."""
    merged = {**os.environ, "PYTHONPATH": str(ROOT), **changed}
    return {name: value for name, value in merged.items() if value is not None}


def run(*asked: str, shell: str = "", limit=None, **environment: str | None):
    """Run to the end; `shell` is what a shell does with the streams, `limit` is set before."""
    line = ["bash", "-c", f'"$0" "$@" {shell}', *asked] if shell else [*asked]
    return subprocess.run(
        line,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=limit,
        check=False,
    )


@contextmanager
def running(*asked: str, **streams) -> Iterator[subprocess.Popen]:
    """Start a run in a session of its own, and see to it that none of it is left."""
    process = subprocess.Popen(asked, env=surroundings(), start_new_session=True, **streams)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def family(pid: int) -> list[int]:
    return [pid, *(each for child in children(pid) for each in family(child))]


def below(pid: int, part: bytes) -> list[int]:
    """List the processes below this one whose command line has a part in it."""
    return [each for each in family(pid)[1:] if part in command_of(each)]


@pytest.fixture(scope="module")
def expected(corpus, tmp_path_factory):
    """The report of a run that nothing happens to."""
    path = tmp_path_factory.mktemp("expected") / "report.json"
    began = time.monotonic()
    assert run(*command(corpus, "-o", path)).returncode == 0
    return path.read_bytes(), time.monotonic() - began


def one_line(said: str, *parts: str) -> None:
    assert said.count("\n") == 1 and said.startswith("tokaudit: "), said
    assert all(part in said for part in parts), said


# Signals


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, errors.INTERRUPTED), (signal.SIGTERM, errors.TERMINATED)],
)
@pytest.mark.parametrize(
    ("whom", "part"), [(os.killpg, b""), (os.kill, b"spawn_main")], ids=["early", "with workers"]
)
def test_a_signal_ends_a_run_in_one_line_and_leaves_the_old_report(  # noqa: PLR0917
    corpus, tmp_path, sent, code, whom, part
):
    (tmp_path / "r.json").write_bytes(OLD)
    asked = command(corpus, "-o", tmp_path / "r.json", "--jobs", 2, "--whole")
    with running(*asked, stderr=subprocess.PIPE, text=True) as process:
        soon(lambda: below(process.pid, part), "a process of the run is there")
        pids = family(process.pid)
        whom(process.pid, sent)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    one_line(err, "interrupted; no file is left half-written")
    assert (tmp_path / "r.json").read_bytes() == OLD and len(list(tmp_path.iterdir())) == 1
    soon(lambda: gone(pids), "no child is left")


def test_an_interrupted_run_says_from_where_it_goes_on(corpus, expected, tmp_path):
    parts = tmp_path / "parts"
    asked = command(corpus, "-o", tmp_path / "r.json", "--resume", parts)
    with running(*asked, stderr=subprocess.PIPE, text=True) as process:
        soon(lambda: list(parts.glob("*.shard")), "some part is finished")
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == errors.INTERRUPTED
    one_line(err, f"interrupted; the same command goes on from {parts}")
    assert run(*asked).returncode == 0
    assert (tmp_path / "r.json").read_bytes() == expected[0]


def test_workers_end_when_the_process_that_waits_for_them_is_killed(corpus):
    """As the kernel does when memory runs out: it takes the largest."""
    with running(
        *command(corpus, "--jobs", 2), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:

        def workers():
            found = [pid for pid in family(process.pid) if b"spawn_main" in command_of(pid)]
            return found if len(found) == 2 else []

        found = soon(workers, "two workers are there")
        soon(
            lambda: [os.getpriority(os.PRIO_PROCESS, pid) for pid in found] == [NICE, NICE],
            "workers give way to others",
        )
        (child,) = children(process.pid)
        os.kill(child, signal.SIGKILL)
        soon(lambda: gone(found), "no worker is left")


# Kills


@dataclass
class Kills:
    """What was found after runs that were killed."""

    points: int = 0
    while_writing: int = 0
    half_written: int = 0
    left_running: int = 0
    resumed: int = 0
    equal: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"kill points {self.points} ({self.while_writing} of them while a file was written),"
            f" half-written {self.half_written}, processes left {self.left_running},"
            f" resumed to the end {self.resumed}, with the same bits {self.equal}"
        )


def kill(process: subprocess.Popen, folder: Path, dice: random.Random, longest: float) -> bool:
    """Kill a whole session at a random time, or at the first sight of a file being written.

    Says whether a file was being written; nothing is killed that ends by itself before.
    """
    hunts, until = dice.random() < 0.5, time.monotonic() + dice.uniform(0.0, longest)
    seen = False
    while process.poll() is None and time.monotonic() < until and not seen:
        seen = hunts and any(folder.rglob(".tokaudit-*.tmp"))
        time.sleep(0 if hunts else 0.01)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return seen


def look(found: Kills, folder: Path, whole: bytes) -> None:
    """Count what is neither old nor whole."""
    if (folder / "r.json").read_bytes() not in (OLD, whole):
        found.half_written += 1
    for path in (folder / "parts").glob("*.shard"):
        try:
            Shard.read(path)
        except BadState as error:
            found.half_written += 1
            found.problems.append(str(error))


def test_a_run_that_is_killed_anywhere_leaves_nothing_half_written(
    corpus, expected, tmp_path, capsys
):
    whole, seconds = expected
    dice, found = random.Random(10), Kills()
    round_of = 0
    while found.points < KILLS:
        folder = tmp_path / str(round_of)
        folder.mkdir()
        (folder / "r.json").write_bytes(OLD)
        jobs = dice.choice([1, 1, 2])
        asked = command(
            corpus, "-o", folder / "r.json", "--resume", folder / "parts", "--jobs", jobs
        )
        while (folder / "r.json").read_bytes() == OLD:
            with running(*asked) as process:
                last = found.points == KILLS
                seen = not last and kill(process, folder, dice, 1.5 * seconds)
                pids = family(process.pid)
                code = process.wait(PATIENCE)
            if code == -signal.SIGKILL:
                found.points += 1
                found.while_writing += seen
                found.left_running += not gone(pids)
            else:
                assert code == 0
            look(found, folder, whole)
        found.resumed += 1
        found.equal += (folder / "r.json").read_bytes() == whole
        round_of += 1
    with capsys.disabled():
        print(f"\n{found}")
    assert found.half_written == found.left_running == 0, found.problems
    assert found.equal == found.resumed > 0


# Disks


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk with 24 KiB on it."""
    yield from mounted(tmp_path, "size=24k")


def mounted(folder: Path, options: str) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a disk, and not everywhere")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_a_sentence_and_the_old_report_is_kept(corpus, small_disk):
    (small_disk / "r.json").write_bytes(OLD)
    done = run(*command(corpus, "-o", small_disk / "r.json"))
    assert (done.returncode, done.stdout) == (5, "")
    one_line(done.stderr, "cannot write", "r.json: No space left on device")
    assert [path.name for path in small_disk.iterdir()] == ["r.json"]
    assert (small_disk / "r.json").read_bytes() == OLD


def test_a_disk_that_fills_with_finished_parts_ends_the_run_which_goes_on_elsewhere(
    corpus, expected, small_disk, tmp_path
):
    report, parts = tmp_path / "r.json", small_disk / "parts"
    done = run(*command(corpus, "-o", report, "--resume", parts))
    assert (done.returncode, done.stdout) == (5, "") and not report.exists()
    one_line(done.stderr, "cannot write", ".shard: No space left on device")
    for path in parts.iterdir():
        assert Shard.read(path)
    elsewhere = tmp_path / "parts"
    elsewhere.mkdir()
    for path in parts.iterdir():
        (elsewhere / path.name).write_bytes(path.read_bytes())
    assert run(*command(corpus, "-o", report, "--resume", elsewhere)).returncode == 0
    assert report.read_bytes() == expected[0]


def test_a_file_that_may_not_grow_is_a_sentence(corpus, tmp_path):
    (tmp_path / "r.json").write_bytes(OLD)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    done = run(*command(corpus, "-o", tmp_path / "r.json"), limit=limit)
    assert (done.returncode, done.stdout) == (5, "")
    one_line(done.stderr, "cannot write", "File too large")
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]
    assert (tmp_path / "r.json").read_bytes() == OLD


@pytest.fixture
def read_only(tmp_path) -> Iterator[Path]:
    """A folder in which nobody, root included, can write."""
    if os.geteuid() == 0:
        yield from mounted(tmp_path, "ro")
        return
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    yield folder


@pytest.mark.parametrize("option", ["-o", "--resume"])
def test_a_folder_that_is_read_only_is_said_before_any_work(corpus, read_only, option):
    began = time.monotonic()
    done = run(*command(corpus, option, read_only / "r.json"))
    assert (done.returncode, done.stdout) == (5, "")
    one_line(done.stderr, str(read_only))
    assert time.monotonic() - began < 60


# Streams


@pytest.mark.parametrize(
    ("shell", "code", "said"),
    [
        (">&-", 5, "cannot write the report: stdout is closed"),
        (">/dev/full", 5, "cannot write the report: No space left on device"),
        ("| head -c 1; exit ${PIPESTATUS[0]}", 0, ""),
        ("2>&-", 0, ""),
        ("2>/dev/full", 0, ""),
        ("<&-", 0, ""),
        ("2>&- >&- <&-", 5, ""),
        ("-t builtin:nothing 2>&- >/dev/null", 3, ""),
        ("-t builtin:nothing 2>/dev/full >/dev/null", 3, ""),
        ("-t builtin:nothing 2> >(head -c 0) >/dev/null", 3, ""),
        ("--nothing 2>&-", 2, ""),
    ],
)
def test_streams_that_are_closed_full_or_gone_have_their_exit_codes(corpus_file, shell, code, said):
    asked = [sys.executable, "-m", "tokaudit", "fertility", str(corpus_file), "-t", "builtin:chars"]
    done = run(*asked, shell=shell)
    assert done.returncode == code, done.stderr
    assert done.stderr == (f"tokaudit: {said}\n" if said else "")


# Surroundings


CLOCK = """
import itertools, time
years = itertools.cycle([0, 40, -20, 1e-9])
honest = time.time
time.time = lambda: honest() + next(years) * 365 * 86_400
"""


@pytest.fixture(scope="module")
def odd_corpus(tmp_path_factory):
    """Letters of many scripts in texts, labels and the corpus's own name."""
    path = tmp_path_factory.mktemp("odd") / "çorpus 日本.parquet"
    texts, langs = ["ağaç ☃ I i", "日本語 テキスト", "हिन्दी"], ["tür", "日本", "hin_Deva"]
    pq.write_table(pa.table({"text": texts, "lang": langs}), path)
    return path


@pytest.fixture(scope="module")
def usual(odd_corpus):
    asked = ["fertility", str(odd_corpus), "-t", "builtin:chars", "-f", "json"]
    return json.loads(run(sys.executable, "-m", "tokaudit", *asked).stdout)["tables"]


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "utf-16"},
        {"HOME": None},
        {"HOME": "/nowhere", "XDG_CACHE_HOME": "/nowhere"},
        {"HOME": "/dev/null"},
        {"TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8"},
        {"HOME": "a folder that is read only"},
    ],
)
def test_surroundings_change_no_bit(odd_corpus, usual, request, environment):
    if (environment.get("HOME") or "").startswith("a folder"):
        environment = {"HOME": str(request.getfixturevalue("read_only"))}
    asked = [sys.executable, "-m", "tokaudit", "fertility", str(odd_corpus), "-t", "builtin:chars"]
    done = run(*asked, "-f", "json", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["tables"] == usual


def test_a_clock_that_jumps_changes_nothing(corpus, expected, tmp_path):
    """Each look at the wall clock is years from the last: patience and limits are monotonic."""
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    report = tmp_path / "r.json"
    done = run(
        *command(corpus, "-o", report, "--jobs", 2), PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert report.read_bytes() == expected[0]


def test_memory_that_ends_is_a_sentence_and_no_bug(corpus, tmp_path):
    """With less and less memory a run is whole, or refused in a sentence; never half, never 70."""
    report = tmp_path / "r.json"
    seen = set()
    for megabytes in (2_000, 1_000, 500):
        report.write_bytes(OLD)

        def limit(size=megabytes * 2**20):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))

        done = run(*command(corpus, "-o", report, "--jobs", 2), limit=limit)
        seen.add(done.returncode)
        reading = (
            "c.parquet needs more memory than there is" in done.stderr
        )  # the file's fault, maybe
        expected = (0, 2 if reading else 3)
        assert done.returncode in expected, (megabytes, done.returncode, done.stderr)
        if done.returncode:
            assert report.read_bytes() == OLD, megabytes
            assert done.stderr.strip().splitlines()[-1].startswith("tokaudit: "), done.stderr
        assert len(list(tmp_path.iterdir())) == 1
    assert seen & {2, 3}


# Caches


@contextmanager
def served(name: str) -> Iterator[str]:
    with web.hub() as there:
        there.add(name, {"tokenizer.json": train.path("gpt2").read_bytes()})
        yield there.url


def test_two_runs_that_fill_one_cache_at_once_have_the_same_figures(corpus_file, tmp_path):
    asked = [sys.executable, "-m", "tokaudit", "fertility", str(corpus_file), "-f", "json"]
    asked += ["-t", "hf:org/name"]
    with served("org/name") as url:
        environment = surroundings(HF_ENDPOINT=url, HF_HOME=str(tmp_path / "cache"))
        started = [
            subprocess.Popen(asked, env=environment, stdout=subprocess.PIPE) for _ in range(3)
        ]
        reports = [each.communicate(timeout=PATIENCE)[0] for each in started]
        assert [each.returncode for each in started] == [0, 0, 0]
    assert json.loads(reports[0])["tables"] and len(set(reports)) == 1
