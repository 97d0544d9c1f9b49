"""The sections of a portrait: one function, one section, from a tokenizer to its facts."""

from collections import Counter
from collections.abc import Callable

from tokaudit import loss
from tokaudit.loaders import parse
from tokaudit.portrait import beside, entries, trials
from tokaudit.portrait.facts import Facts, Value
from tokaudit.portrait.licence import licences
from tokaudit.portrait.stages import stages
from tokaudit.safety import chunking
from tokaudit.text import Absent, Verbatim
from tokaudit.tokenizer import PLAIN, Tokenizer

NO_BYTES = Absent("it spells characters, not bytes")


def model(tokenizer: Tokenizer) -> Facts:
    """Name the algorithm and measure the vocabulary."""
    vocabulary = tokenizer.vocabulary
    longest, missing = entries.longest(vocabulary), entries.missing_bytes(vocabulary)
    unknown = entries.tokens(vocabulary, (vocabulary.ids == vocabulary.unknown).nonzero()[0])
    return {
        "algorithm": tokenizer.algorithm,
        "vocabulary_size": len(vocabulary),
        "largest_id": int(vocabulary.ids[-1]),
        "text_may_yield": vocabulary.producible,
        "unknown_token": unknown[0] if unknown else Absent("it has none"),
        "byte_fallback": bool(vocabulary.fallback.any()),
        "missing_bytes": NO_BYTES if missing is None else len(missing),
        "longest_token": longest or Absent("every entry is a control token or a byte"),
        "longest_token_bytes": len(longest.data) if longest else Absent("there is none"),
    }


def pipeline(tokenizer: Tokenizer) -> Facts:
    """List the stages that text goes through, and what its own files would put around it."""
    found = stages(tokenizer.pipeline)
    if found is None:
        steps: Facts = dict.fromkeys(STAGES, Absent("its loader does not describe its stages"))
    else:
        steps = found._asdict()
    frame = tokenizer.frame
    return {
        **steps,
        "adds_before": _added(frame.before if frame else None),
        "adds_after": _added(frame.after if frame else None),
    }


STAGES = ("normalizer", "pre_tokenizer", "decoder")


def _added(added: tuple[str, ...] | None) -> Value:
    return (
        Absent("no file says so in a way we know") if added is None else tuple(map(Verbatim, added))
    )


def tokens(tokenizer: Tokenizer) -> Facts:
    """List control and added tokens, and those that plain text turns into ids."""
    special, added = entries.special(tokenizer.vocabulary), entries.added(tokenizer)
    return {
        "special": special,
        "added": added,
        "read_from_text": trials.from_text(tokenizer, (*special, *added)),
    }


def round_trip(tokenizer: Tokenizer) -> Facts:
    """Sort probe texts into the classes of loss (METRICS section 0)."""
    plain, *_ = trials.examples(tokenizer, [PLAIN])
    probes = trials.examples(tokenizer)
    counts = Counter(probe.loss for probe in probes)
    return {
        "plain_english": plain.loss,
        "probes": {name: counts[name] for name in (*loss.CLASSES, trials.REFUSED)},
        "not_exact": tuple(probe for probe in probes if probe.loss != loss.CLASSES[0]),
    }


def origin(tokenizer: Tokenizer) -> Facts:
    """Say where it comes from, what computes its ids, and under what licence it is said to be."""
    spec = parse(tokenizer.spec)
    stated = tuple(f"{each.stated} ({each.by})" for each in licences(tokenizer))
    declared = str(beside.config(tokenizer.home).get("tokenizer_class") or "")
    return {
        "loader": spec.scheme,
        "engine": f"{tokenizer.engine.name} {tokenizer.engine.version}",
        "declared_class": declared or Absent("no tokenizer_config.json names one"),
        "files": tokenizer.files or Absent("it is read from no file of its own"),
        "revision": spec.revision or Absent("the spec names none"),
        "commit": _commit(tokenizer),
        "pinned": not tokenizer.unpinned,
        "licence": stated or Absent("none is stated"),
    }


def _commit(tokenizer: Tokenizer) -> Value:
    """Take the commit that the files were fetched from."""
    found = next((file.commit for file in tokenizer.files if file.commit), None)
    return found or Absent("it comes from no repository")


def chunks(tokenizer: Tokenizer) -> Facts:
    """Say whether equal parts of documents may be read once, and why or why not."""
    found = chunking(tokenizer)
    return {"read_by": found.how, "reasons": found.reasons}


def identity(tokenizer: Tokenizer) -> Facts:
    """Give the three digests that say whether two tokenizers are one."""
    return tokenizer.identity._asdict()


def set_aside(tokenizer: Tokenizer) -> Facts:
    """List settings that were ignored on loading because they must not change a count."""
    return {"remarks": tokenizer.remarks}


SECTIONS: dict[str, Callable[[Tokenizer], Facts]] = {
    "model": model,
    "pipeline": pipeline,
    "tokens": tokens,
    "round_trip": round_trip,
    "chunks": chunks,
    "origin": origin,
    "identity": identity,
    "set_aside": set_aside,
}
