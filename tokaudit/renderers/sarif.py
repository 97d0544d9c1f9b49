"""SARIF 2.1.0 for code scanning: a result for each finding, at the tokenizer it is about.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
import json
from typing import Any
from urllib.parse import quote

import tokaudit
from tokaudit.findings import RULES, Finding
from tokaudit.report import Report
from tokaudit.text import line

SUFFIXES = (".sarif", ".sarif.json")
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
NOWHERE = "tokaudit"  # what a finding about no one tokenizer is at: the run itself


def render(report: Report) -> bytes:
    """Return ASCII JSON; an unchanged finding keeps its fingerprint from run to run."""
    rules = sorted({finding.rule for finding in report.findings})
    driver = {
        "name": "tokaudit",
        "semanticVersion": tokaudit.__version__,
        "rules": list(map(_rule, rules)),
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules.index(finding.rule)) for finding in report.findings],
        "properties": {"signature": line(report.signature)},
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=1, ensure_ascii=True).encode() + b"\n"


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in rule.title.split() if word.isalpha()),
        "shortDescription": {"text": message(f"{rule.title}.")},
        "fullDescription": {"text": message(rule.explanation.replace("\n", " "))},
        "help": {"text": message(f"tokaudit explain {name}")},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    about = ", ".join(part for part in (finding.tokenizer, finding.lang) if part)
    said = f"{about}: {finding.message}" if about else finding.message
    identity = json.dumps([finding.rule, finding.tokenizer, finding.lang])
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": message(said)},
        "locations": [_location(finding)],
        "partialFingerprints": {
            "findingIdentity/v1": hashlib.sha256(identity.encode()).hexdigest()[:16]
        },
    }


def _location(finding: Finding) -> dict[str, Any]:
    spec = finding.tokenizer or NOWHERE
    place = {"artifactLocation": {"uri": quote(spec.removeprefix("./"), "/.")}}
    name = line(f"{spec}/{finding.lang}" if finding.lang else spec)
    named = {"name": line(finding.lang or spec), "fullyQualifiedName": name, "kind": "resource"}
    return {"physicalLocation": place | {"region": {"startLine": 1}}, "logicalLocations": [named]}


def message(said: str) -> str:
    r"""Write a sentence as a message string, in which brackets link and braces name arguments.

    >>> print(message("[a](b) {0}"))
    \[a\](b) {{0}}
    """
    shown = line(said).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return shown.replace("{", "{{").replace("}", "}}")
