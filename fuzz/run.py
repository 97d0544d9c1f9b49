"""Fuzz every parser of ours, and print how often each was run and what was found."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PLACE = HERE.parent / "build" / "fuzz"
EXECUTIONS = re.compile(rb"stat::number_of_executed_units: (\d+)")
LIMITS = ("-timeout=60", "-rss_limit_mb=4096")
SHORT = 1_024  # bytes; where a seed is longer, inputs may be as long as that


class Tried(NamedTuple):
    """What became of one target: executions, seconds, and the file that is a defect, if any."""

    executions: int
    seconds: float
    found: list[Path]


def tried(target: str, runs: int) -> Tried:
    """Fuzz one target in a process of its own, until it has run so often or is found wanting."""
    kept, findings = PLACE / "corpus" / target, PLACE / "findings" / target
    for folder in (kept, findings):
        folder.mkdir(parents=True, exist_ok=True)
    before, start = set(findings.iterdir()), time.monotonic()
    longest = max(SHORT, *(each.stat().st_size for each in (PLACE / "seeds" / target).iterdir()))
    asked = [f"-runs={runs}", f"-max_len={longest}", *LIMITS, "-print_final_stats=1"]
    asked += [f"-artifact_prefix={findings}/"]
    command = [sys.executable, str(HERE / "one.py"), target, *asked]
    with (PLACE / f"{target}.log").open("wb") as log:
        places = (str(kept), str(PLACE / "seeds" / target))
        subprocess.run([*command, *places], stdout=log, stderr=log, check=False)
    counted = EXECUTIONS.search((PLACE / f"{target}.log").read_bytes())
    found = sorted(set(findings.iterdir()) - before)
    seconds = time.monotonic() - start
    return Tried(int(counted[1]) if counted else 0, seconds, found)


def main(runs: int, *chosen: str) -> None:
    """Fuzz the targets that are named, or all of them; exits with 1 if there is a finding."""
    sys.path.insert(0, str(HERE))
    import seeds

    seeds.main(PLACE / "seeds")
    results: dict[str, Tried] = {}
    for target in chosen or seeds.MADE:
        results[target] = found = tried(target, runs)
        said = f"{found.executions:>9,} executions {found.seconds:>6.0f} s"
        print(f"{target:15}{said}  {', '.join(map(str, found.found)) or '-'}", flush=True)
    executions = sum(each.executions for each in results.values())
    findings = sum(len(each.found) for each in results.values())
    print(f"fuzz executions {executions:,}, findings {findings}")
    sys.exit(bool(findings) or any(each.executions < runs for each in results.values()))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
