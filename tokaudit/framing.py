"""What a tokenizer.json puts around a text: its post-processor, read and never run."""

from typing import Any

from tokaudit.tokenizer import Frame

NOTHING = Frame((), ())


def frame(step: Any) -> Frame | None:
    """Name the tokens a post-processor adds to a single text, None if it is none that we know.

    The kinds are those of `tokenizers`: TemplateProcessing, BertProcessing, RobertaProcessing,
    ByteLevel (which adds nothing) and Sequence (of which one may add something).
    """
    if step is None:
        return NOTHING
    try:
        return _frame(step)
    except (
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        AttributeError,
    ):  # a file may hold anything
        return None


def _frame(step: dict[str, Any]) -> Frame:
    if step["type"] == "ByteLevel":
        return NOTHING
    if step["type"] == "TemplateProcessing":
        return _template(step["single"], step["special_tokens"])
    if step["type"] == "Sequence":
        return _only([_frame(each) for each in step["processors"]])
    return Frame((str(step["cls"][0]),), (str(step["sep"][0]),))


def _template(pieces: list[dict[str, Any]], special: dict[str, Any]) -> Frame:
    text = next((i for i, piece in enumerate(pieces) if piece.get("Sequence")), len(pieces))
    added = [piece.get("SpecialToken") for piece in pieces]
    tokens = [tuple(map(str, special[each["id"]]["tokens"])) if each else () for each in added]
    return Frame(sum(tokens[:text], ()), sum(tokens[text:], ()))


def _only(frames: list[Frame]) -> Frame:
    """Take the one that adds something: after two, `tokenizers` surrounds every part by itself."""
    adding = [each for each in frames if any(each)]
    if len(adding) > 1:
        raise ValueError("two post-processors in a row add tokens")
    return adding[0] if adding else NOTHING
