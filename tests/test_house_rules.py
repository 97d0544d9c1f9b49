"""Habits the reader relies on, kept by machine."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import TypeVar

import pytest

import tokaudit
from tokaudit import audits, errors, loaders, rooms

ROOT = Path(tokaudit.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
LONGEST = 250  # lines: a few screens
VAGUE = re.compile(r"Manager|Handler|Utils?|Helpers?|Helper|Misc|Common", re.IGNORECASE)
Node = TypeVar("Node", bound=ast.AST)
HEAVY = ["pandas", "pyarrow", "transformers", "numpy", "huggingface_hub", "tokenizers", "tiktoken"]


def text(module: Path) -> str:
    return module.read_text(encoding="utf-8")


def tree(module: Path) -> ast.Module:
    return ast.parse(text(module))


def found(module: Path, kind: type[Node]) -> list[Node]:
    """List all parts of a module that are of this kind."""
    return [node for node in ast.walk(tree(module)) if isinstance(node, kind)]


def imported(module: Path) -> set[str]:
    names = {alias.name for node in found(module, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in found(module, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def comments(module: Path) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text(module)).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def shown(module: Path, node: ast.AST) -> str:
    return f"{module.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


# Audits


@pytest.mark.parametrize("name", audits.names())
def test_an_audit_opens_with_the_question_it_answers(name):
    question, *meaning = rooms.docstring("tokaudit.audits", name).split("\n\n")
    assert question.endswith("?") and "\n" not in question
    assert len(meaning) > 1, "why it matters, how to read the number, when not to"


@pytest.mark.parametrize("name", audits.names())
def test_an_audit_is_called_what_its_file_is_called(name):
    assert audits.get(name).__name__.lower() == name.replace("_", "")
    assert audits.get(name).__module__ == f"tokaudit.audits.{name}"


@pytest.mark.parametrize("name", audits.names())
def test_an_audit_that_is_unknown_is_refused_with_those_there_are(name):
    with pytest.raises(errors.UnknownName, match=name):
        audits.get("no_such_audit")


@pytest.mark.parametrize("name", loaders.names())
def test_a_loader_loads_and_opens_with_how_it_is_written(name):
    module = rooms.enter("tokaudit.loaders", name)
    assert callable(module.load)
    assert f"`{name}:" in (module.__doc__ or "").partition("\n")[0]


# Modules: each rule lists the places that break it


def test_a_module_says_what_it_is_in_one_sentence():
    for module in MODULES:
        first = (ast.get_docstring(tree(module)) or "").partition("\n\n")[0]
        assert first.endswith((".", "?")), f"{module.relative_to(ROOT)}: a sentence ends"


def test_a_module_fits_on_a_few_screens():
    lengths = {m.relative_to(ROOT).as_posix(): len(text(m).splitlines()) for m in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_no_name_is_vague():
    named = [(m, n) for m in MODULES for n in found(m, ast.ClassDef) if VAGUE.search(n.name)]
    assert [shown(module, node) for module, node in named] == []
    assert [module for module in MODULES if VAGUE.search(module.stem)] == []


# What stands before the door, and the line to it: they end processes, and wait for them.
GUARD = (ROOT / "guard.py", ROOT / "notes.py")


def test_only_the_door_prints_and_exits():
    silent = [m for m in MODULES if not m.is_relative_to(ROOT / "cli") and m not in GUARD]
    assert [shown(m, n) for m in silent for n in found(m, ast.Call) if _prints_or_exits(n)] == []


def _prints_or_exits(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    exits = ("print", "input", "exit", "quit", "sys.exit", "os._exit", "breakpoint")
    return name in exits or name.startswith(("sys.stdout.", "sys.stderr."))


def test_no_error_is_swallowed_whole():
    """`except:` and `except Exception:` must at least say what they make of it."""
    handlers = [(m, n) for m in MODULES for n in found(m, ast.ExceptHandler) if _is_broad(n)]
    silent = [(m, n) for m, n in handlers if all(isinstance(s, SILENT) for s in n.body)]
    assert [shown(module, node) for module, node in silent] == []


SILENT = (ast.Pass, ast.Continue)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException")


def test_nothing_is_executed_that_was_read():
    """A tokenizer or a corpus is data: no pickle, no eval, no code of others."""
    for module in MODULES:
        called = {ast.unparse(call.func) for call in found(module, ast.Call)}
        assert called & {"eval", "exec", "compile", "os.system", "os.popen"} == set(), module
        assert imported(module) & {"pickle", "marshal", "shelve", "dill", "runpy"} == set(), module
        named = {keyword.arg for keyword in found(module, ast.keyword)}
        assert "shell" not in named, module
        asked = module.relative_to(ROOT).as_posix() == "loaders/auto.py"
        assert asked or "trust_remote_code" not in named, "one place asks, and only if told to"


def test_letters_are_classified_by_a_library_that_keeps_up_with_unicode():
    """Python's own tables are as old as itself; only normal forms of old letters never change."""
    stable = ("is_normalized", "normalize")
    asked = [(m, n) for m in MODULES for n in found(m, ast.Attribute) if _owner(n) == "unicodedata"]
    assert [shown(module, node) for module, node in asked if node.attr not in stable] == []


def test_no_random_number_comes_without_a_seed():
    """The same run twice gives the same bytes."""
    calls = [(m, n) for m in MODULES for n in found(m, ast.Call) if _is_random(n.func)]
    seeded = ("random.Random", "np.random.default_rng")
    loose = [(m, n) for m, n in calls if ast.unparse(n.func) not in seeded or not n.args]
    assert [shown(module, node) for module, node in loose] == []


def _is_random(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and _owner(function) in ("random", "np.random")


def _owner(attribute: ast.Attribute) -> str:
    return ast.unparse(attribute.value)


def test_only_the_door_asks_what_time_it_is():
    """No time is in a figure; progress may have one."""
    timeless = [m for m in MODULES if not m.is_relative_to(ROOT / "cli") and m not in GUARD]
    assert [m.name for m in timeless if imported(m) & {"time", "datetime"}] == []


def test_no_module_knows_the_machine_it_was_written_on():
    absolute = re.compile(r"/(?:home|root|work|tmp|Users|mnt)/")
    assert [m.name for m in MODULES if absolute.search(text(m))] == []


def test_no_work_is_left_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [m.name for m in MODULES if any(later.search(said) for said in comments(m))] == []
    assert [m.name for m in MODULES if "NotImplementedError" in text(m)] == []


def test_a_dataclass_is_frozen_unless_it_collects():
    """Things are values; the one running collection a run needs has a method `add`."""
    for module in MODULES:
        for node in found(module, ast.ClassDef):
            marks = [ast.unparse(mark) for mark in node.decorator_list]
            loose = [m for m in marks if m.startswith("dataclass") and "frozen=True" not in m]
            collects = any(isinstance(n, ast.FunctionDef) and n.name == "add" for n in node.body)
            assert not loose or collects, f"{shown(module, node)} {node.name}"


# The whole


def test_functions_are_short():
    """Half of all functions have ten lines or fewer, docstring and all, and no body has fifty."""
    functions = [node for module in MODULES for node in found(module, ast.FunctionDef)]
    lengths = sorted((n.end_lineno or 0) - n.lineno + 1 for n in functions)
    assert len(lengths) > 100
    assert lengths[len(lengths) // 2] <= 10
    assert max(map(_body, functions)) < 50  # a command's signature lists every option it has


def _body(function: ast.FunctionDef) -> int:
    """Count the lines of a function without its signature and without functions inside it."""
    inner = [n for n in function.body if isinstance(n, ast.FunctionDef)]
    lines = (function.end_lineno or 0) - function.body[0].lineno + 1
    return lines - sum((n.end_lineno or 0) - n.lineno + 1 for n in inner)


def test_the_door_knows_which_audits_read_no_corpus():
    from tokaudit.cli import audit as door

    assert set(door.ALONE) == {n for n in audits.names() if not audits.get(n).reads_corpus}


def test_every_error_has_an_exit_code_that_is_explained():
    refusals = [errors.TokauditError, *errors.TokauditError.__subclasses__()]
    for refusal in refusals:
        assert refusal.exit_code in errors.EXIT_CODES
        assert refusal.__doc__
    assert {refusal.exit_code for refusal in refusals} == {2, 3, 4, 5, 130}
    assert 1 not in {refusal.exit_code for refusal in refusals}, "a crash must not be a finding"


def test_asking_what_there_is_imports_none_of_it():
    program = (
        "import sys\nfrom tokaudit import rooms\n"
        "for room in ('audits', 'loaders', 'renderers'): assert rooms.names(f'tokaudit.{room}')\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    assert done.stdout == "[]\n"
