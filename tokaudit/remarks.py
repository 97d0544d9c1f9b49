"""Remarks: what a vocabulary's holdings give its trainer to think about, as findings."""

from collections.abc import Iterator, Mapping

from tokaudit.characters import UNICODE_VERSION
from tokaudit.findings import Finding
from tokaudit.holdings import BY_DESIGN, Holdings
from tokaudit.reach import NOT_FOUND, UNREACHABLE
from tokaudit.reach.proofs import REASONS
from tokaudit.vocabulary import NEVER_UTF8

UTF8_BYTES = 256 - len(NEVER_UTF8)
ODD = ("private-use character", "unassigned character", "replacement character")
PERSONAL = ("e-mail address", "user name")
TRACES = ("web address", "licence text", "HTML", "base64-like")


def remarks(held: Holdings, met: Mapping[str, int]) -> Iterator[Finding]:
    """List what deserves attention; `met` counts the characters of Unicode by their fate."""
    yield from _unreachable(held)
    yield from _bytes(held)
    yield from _lost(met)
    yield from _control(held)
    yield from _kinds("TA125", held, ("duplicate",))
    yield from _kinds("TA126", held, ODD)
    yield from _kinds("TA140", held, PERSONAL)
    yield from _kinds("TA141", held, TRACES)


def _unreachable(held: Holdings) -> Iterator[Finding]:
    for (verdict, reason), places in held.verdicts.items():
        said = f"{counted(len(places), 'id')}, such as {held.examples(places)}"
        if verdict == UNREACHABLE and reason not in BY_DESIGN:
            yield Finding("TA120", f"{REASONS[reason]}: {said}")
        elif verdict == UNREACHABLE and reason != "control":
            yield Finding("TA121", f"{REASONS[reason]}: {said}")
        elif verdict == NOT_FOUND:
            tried = int(held.reach.tried[places].sum())
            yield Finding("TA122", f"{said}: {tried:,} texts were tried")


def _bytes(held: Holdings) -> Iterator[Finding]:
    """Say which bytes are missing, where bytes are what everything else is made of."""
    bytewise = held.tokenizer.algorithm.startswith("byte-level") or held.vocabulary.fallback.any()
    missing = set(range(256)) - held.bytes_held - set(NEVER_UTF8)
    if bytewise and missing:
        named = " ".join(f"{byte:02X}" for byte in sorted(missing)[:16])
        yield Finding("TA123", f"{len(missing)} of {UTF8_BYTES} bytes have no id: {named}")


def _lost(met: Mapping[str, int]) -> Iterator[Finding]:
    total = sum(met.values())
    for fate, said in (("unknown", "become the unknown token"), ("dropped", "leave no token")):
        if met[fate]:
            share = met[fate] / total
            message = f"{met[fate]:,} of {total:,} characters of Unicode {UNICODE_VERSION} {said}"
            yield Finding("TA124", f"{message} ({share:.1%})")


def _control(held: Holdings) -> Iterator[Finding]:
    """Find control tokens whose text cannot be told from nothing, noise or another entry."""
    vocabulary = held.vocabulary
    others = {t for t, special in zip(held.texts, vocabulary.special, strict=True) if not special}
    odd = [
        place
        for place in vocabulary.special.nonzero()[0].tolist()
        if vocabulary.partial[place] or not held.texts[place] or held.texts[place] in others
    ]
    if odd:
        said = counted(len(odd), "control token")
        yield Finding("TA130", f"{said}, such as {held.examples(odd)}")


def _kinds(rule: str, held: Holdings, kinds: tuple[str, ...]) -> Iterator[Finding]:
    for kind in kinds:
        if (places := held.oddities[kind]).size:
            some = held.examples(places.tolist())
            yield Finding(rule, f"{kind}, {counted(places.size, 'id')}: {some}")


def counted(number: int, thing: str) -> str:
    """Write a number of things.

    >>> counted(1, "id"), counted(1200, "id")
    ('1 id', '1,200 ids')
    """
    return f"{number:,} {thing}{'s' * (number != 1)}"
