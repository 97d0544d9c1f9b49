"""JUnit XML for CI servers: a suite for each audit and one for findings; an error is a failure."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from tokaudit.findings import RULES, Finding
from tokaudit.report import Report
from tokaudit.text import line

SUFFIXES = (".xml",)
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def render(report: Report) -> bytes:
    """Return UTF-8 XML without times: the same report, the same bytes."""
    root = ET.Element("testsuites", name="tokaudit")
    for audit, verdicts in report.verdicts.items():
        _suite(root, audit, [_verdict(audit, spec, said) for spec, said in verdicts.items()])
    last = _suite(root, "findings", list(map(_finding, report.findings)))
    _say(last, report.signature)
    _count(root, report.findings, sum(map(len, report.verdicts.values())))
    ET.indent(root, " ")
    return f"{DECLARATION}\n{ET.tostring(root, 'unicode')}\n".encode()


def _suite(root: ET.Element, name: str, cases: list[ET.Element]) -> ET.Element:
    failures = sum(case.find("failure") is not None for case in cases)
    counts: Mapping[str, str] = {"tests": str(len(cases)), "failures": str(failures)}
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts, "errors": "0"})
    suite.extend(cases)
    return suite


def _count(root: ET.Element, findings: tuple[Finding, ...], verdicts: int) -> None:
    root.set("tests", str(verdicts + len(findings)))
    root.set("failures", str(sum(finding.severity == "error" for finding in findings)))
    root.set("errors", "0")


def _verdict(audit: str, spec: str, said: str) -> ET.Element:
    case = ET.Element("testcase", classname=f"tokaudit.{audit}", name=line(spec))
    _say(case, said)
    return case


def _finding(finding: Finding) -> ET.Element:
    rule = RULES[finding.rule]
    about = ", ".join(part for part in (finding.tokenizer, finding.lang) if part)
    name = f"{rule.title}: {about}" if about else rule.title
    case = ET.Element("testcase", classname=f"tokaudit.{finding.rule}", name=line(name))
    if finding.severity == "error":
        failure = ET.SubElement(case, "failure", type=finding.rule, message=line(finding.message))
        failure.text = rule.explanation
    else:
        _say(case, f"{finding.severity}: {finding.message}")
    return case


def _say(element: ET.Element, said: str) -> None:
    ET.SubElement(element, "system-out").text = line(said)
