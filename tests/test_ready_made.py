"""What is ready made for CI does what it says: the GitHub Action, the hook, GitLab, a plain shell.

Everything runs in a small project with tokenizers of our own. Here the tool is the one under test;
`make ready` (TOKAUDIT_FULL=1) also installs it as the Action and pre-commit do, which needs PyPI.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import junitparser
import pytest
import yaml
from sarif_pydantic import Sarif

from tests import train
from tests.test_check import STORY, corpus, worse

ROOT = Path(__file__).parent.parent
FULL = os.environ.get("TOKAUDIT_FULL") == "1"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, CHECK = (step for step in ACTION["runs"]["steps"] if "run" in step)
GITHUB = ("bash", "--noprofile", "--norc", "-eo", "pipefail")  # how a runner calls `shell: bash`
BROKEN = "::error title=TA901%2C a limit was broken::./tokenizer.json, hin_Deva: "
needs_pypi = pytest.mark.skipif(not FULL, reason="installs from PyPI: make ready")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A project with a baseline, and beside it the same tokenizer made worse."""
    folder = tmp_path_factory.mktemp("project")
    corpus(folder / "corpus.parquet")
    quick = [line for line in STORY.splitlines() if "digits" not in line]  # fertility alone
    (folder / "tokaudit.toml").write_text("\n".join(quick))
    worse().save(str(folder / "worse"))
    good(folder)
    command = [sys.executable, "-m", "tokaudit", "check", "-q", "--update-baseline"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def good(folder):
    train.single_digits().save(str(folder / "tokenizer.json"))


@pytest.fixture
def project(story, tmp_path):
    """A copy of the project to work in."""
    return Path(shutil.copytree(story, tmp_path / "project"))


@pytest.fixture
def runner(tmp_path, project):
    """What a runner gives to a step: its environment, here with the tool under test installed."""
    programs = tmp_path / "runner" / "tokaudit" / "bin"
    programs.mkdir(parents=True)
    tool = programs / "tokaudit"
    tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tokaudit "$@"\n')
    tool.chmod(0o755)
    files = {"GITHUB_OUTPUT": tmp_path / "output", "GITHUB_STEP_SUMMARY": tmp_path / "summary"}
    for path in files.values():
        path.touch()
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": os.environ.get("HOME", ""),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_WORKSPACE": str(project),
        "RUNNER_TEMP": str(tmp_path / "runner"),
        **{name: str(path) for name, path in files.items()},
    }


def step(made, runner, **inputs):
    """Run a step as a runner does; its inputs come by the environment that it names."""
    given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | inputs
    own = {name: _filled(value, given) for name, value in made.get("env", {}).items()}
    return subprocess.run(
        [*GITHUB, "-c", made["run"]],
        cwd=runner["GITHUB_WORKSPACE"],
        env={**runner, **own},
        capture_output=True,
        text=True,
        check=False,
    )


def _filled(value, given):
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], value)


def output(runner):
    lines = Path(runner["GITHUB_OUTPUT"]).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


# The GitHub Action


def test_no_input_is_written_into_a_script():
    for made in ACTION["runs"]["steps"]:
        assert "${{" not in made.get("run", "")
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", made.get("uses", f"a@{'0' * 40}"))
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    assert used == ACTION["inputs"].keys()


def test_the_action_is_what_zizmor_wants():
    if not (zizmor := shutil.which("zizmor", path=str(Path(sys.executable).parent))):
        pytest.skip("zizmor is not installed")
    command = [zizmor, "--offline", "--persona", "pedantic", "--no-progress", ROOT / "action.yml"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_the_action_passes_and_leaves_a_summary(runner):
    ran = step(CHECK, runner)
    assert ran.returncode == 0, ran.stderr
    assert "3 limits, 0 broken" in ran.stdout and "::error" not in ran.stdout
    assert output(runner)["exit-code"] == "0"
    assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text().startswith("# tokaudit: fertility")


def test_the_action_annotates_what_broke_and_fails(runner, project):
    shutil.copy(project / "worse", project / "tokenizer.json")
    ran = step(CHECK, runner, sarif="out put.sarif")
    assert ran.returncode == 1
    annotations = [line for line in ran.stdout.splitlines() if line.startswith("::error")]
    assert [line.removeprefix(BROKEN).partition(":")[0] for line in annotations] == [
        "fertility",
        "bytes_per_token",
    ]
    assert output(runner)["exit-code"] == "1"
    found = Sarif.model_validate_json((project / "out put.sarif").read_text())
    assert [result.rule_id for result in found.runs[0].results].count("TA901") == 2
    again = [sys.executable, "-m", "tokaudit", "render", output(runner)["report"], "-f", "json"]
    subprocess.run(again, check=True, capture_output=True)


def test_options_reach_the_tool_and_nothing_else(runner, project):
    shutil.copy(project / "worse", project / "tokenizer.json")
    (project / "tokaudit.toml").rename(project / "a b.toml")
    ran = step(CHECK, runner, config="a b.toml", args="--ignore\nTA901  --quiet")
    assert ran.returncode == 0 and "3 limits, 2 broken, 2 findings ignored" in ran.stdout
    ran = step(CHECK, runner, config="a b.toml", args="--ignore $(touch${IFS}x) `id` ;touch y")
    assert ran.returncode == 2 and not {"x", "y"} & {path.name for path in project.iterdir()}


def test_no_verdict_is_said_and_fails(runner, project):
    (project / "baseline.json").unlink()
    ran = step(CHECK, runner)
    assert ran.returncode == 2 and "no baseline baseline.json" in ran.stderr
    assert "::error title=tokaudit::there is no verdict (exit code 2)" in ran.stdout
    assert output(runner) == {"exit-code": "2"}


@needs_pypi
def test_the_action_installs_itself_and_checks(runner):
    shutil.rmtree(Path(runner["RUNNER_TEMP"]) / "tokaudit")
    bare = {name: value for name, value in runner.items() if name != "PYTHONPATH"}
    ran = step(INSTALL, bare)
    assert ran.returncode == 0, ran.stderr
    ran = step(CHECK, bare)
    assert ran.returncode == 0 and "3 limits, 0 broken" in ran.stdout, ran.stderr


# pre-commit


def hook():
    (found,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return found


def test_the_hook_runs_when_a_tokenizer_changes_and_not_otherwise():
    files = re.compile(hook()["files"])
    for name in ("tokaudit.toml", "a/tokenizer.json", "tokenizer.model", "x/tekken.json", "c.gguf"):
        assert files.search(name), name
    for name in ("README.md", "src/tokenizer.py", "package.json", "tokaudit.toml.orig"):
        assert not files.search(name), name


def test_the_command_of_the_hook_fails_when_a_limit_is_broken(runner, project):
    command = f'PATH="$RUNNER_TEMP/tokaudit/bin:$PATH" {hook()["entry"]}'
    assert step({"run": command}, runner).returncode == 0
    shutil.copy(project / "worse", project / "tokenizer.json")
    ran = step({"run": command}, runner)
    assert ran.returncode == 1 and "hin_Deva: fertility" in ran.stdout


@needs_pypi
def test_the_hook_runs_by_pre_commit(project, runner, tmp_path):
    tool = shutil.which("pre-commit", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not tool:
        pytest.skip("pre-commit is not installed")
    bare = {name: value for name, value in runner.items() if name != "PYTHONPATH"}
    bare |= {"PRE_COMMIT_HOME": str(tmp_path / "cache")}

    def run(*command, cwd=project):
        return subprocess.run(
            command, cwd=cwd, env=bare, capture_output=True, text=True, check=False
        )

    for words in (("init", "-q"), ("add", ".")):
        assert run("git", *words).returncode == 0
    tried = [tool, "try-repo", str(ROOT), "tokaudit-check", "--all-files", "--verbose"]
    ran = run(*tried)
    assert ran.returncode == 0 and "3 limits, 0 broken" in ran.stdout, ran.stdout + ran.stderr
    shutil.copy(project / "worse", project / "tokenizer.json")
    run("git", "add", ".")
    ran = run(*tried)
    assert ran.returncode == 1 and "hin_Deva: fertility" in ran.stdout


# GitLab and a plain shell


def test_the_gitlab_job_leaves_failed_tests_of_what_broke(runner, project):
    job = yaml.safe_load((ROOT / "examples" / "gitlab-ci.yml").read_text())["tokenizers"]
    assert job["before_script"] == ["python -m pip install --quiet tokaudit"]  # the one under test
    script = "\n".join(['PATH="$RUNNER_TEMP/tokaudit/bin:$PATH"', *job["script"]])
    assert step({"run": script}, runner).returncode == 0
    report = project / job["artifacts"]["reports"]["junit"]
    assert junitparser.JUnitXml.fromfile(str(report)).failures == 0
    shutil.copy(project / "worse", project / "tokenizer.json")
    assert step({"run": script}, runner).returncode == 1
    failed = junitparser.JUnitXml.fromfile(str(report))
    assert failed.failures == 2
    assert all((project / path).stat().st_size for path in job["artifacts"]["paths"])


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (lambda folder: None, 0, "every limit is kept: tokaudit.html"),
        (
            lambda folder: shutil.copy(folder / "worse", folder / "tokenizer.json"),
            1,
            "limits are broken: tokaudit.html",
        ),
        (
            lambda folder: (folder / "baseline.json").unlink(),
            2,
            "there is no verdict (exit code 2)",
        ),
    ],
)
def test_the_shell_example_says_how_it_went(runner, project, change, code, says):
    change(project)
    script = f'PATH="$RUNNER_TEMP/tokaudit/bin:$PATH" sh {ROOT}/examples/check.sh'
    ran = step({"run": script}, runner)
    assert ran.returncode == code and says in ran.stdout + ran.stderr
    assert (project / "tokaudit.html").exists() is (code < 2)
