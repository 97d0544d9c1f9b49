"""How a tokenizer.json spells bytes: byte-level alphabets, `▁`, `<0xNN>`, `##`, `</w>`."""

import re
from collections.abc import Callable
from typing import Any

FALLBACK = re.compile(r"<0x[0-9A-Fa-f]{2}>")


def reader(config: dict[str, Any]) -> Callable[[str], bytes]:
    """Choose how this tokenizer spells bytes, by its own configuration."""
    model = config["model"]
    prefix = model.get("continuing_subword_prefix") or ""
    suffix = model.get("end_of_word_suffix") or ""
    space = _space(config)
    fallback, byte_level = bool(model.get("byte_fallback")), is_byte_level(config)

    def read(token: str) -> bytes:
        if fallback and FALLBACK.fullmatch(token):
            return bytes([int(token[3:5], 16)])
        text = token.removeprefix(prefix).removesuffix(suffix)
        if byte_level:
            return _from_byte_level(text)
        return (text.replace(space, " ") if space else text).encode()

    return read


def _space(config: dict[str, Any]) -> str | None:
    """Find the letter that stands for a space (`▁`), from Metaspace or a Replace step."""
    for step in [*steps(config, "decoder"), *steps(config, "pre_tokenizer")]:
        if step.get("type") == "Metaspace":
            return str(step["replacement"])
        if step.get("type") == "Replace" and step["content"] == " ":
            return step["pattern"].get("String")  # type: ignore[no-any-return]
    return None


def _from_byte_level(token: str) -> bytes:
    try:
        return bytes(map(BYTE_LETTERS.__getitem__, token))
    except KeyError:  # not spelled in the alphabet: it stands for itself
        return token.encode()


def _byte_letters() -> dict[str, int]:
    """Map the alphabet of byte-level BPE to bytes.

    Printable Latin-1 bytes are themselves; the other 68, in order, are the letters from U+0100 on
    (Radford et al. 2019).
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(b): b for b in printable} | {chr(0x100 + i): b for i, b in enumerate(others)}


BYTE_LETTERS = _byte_letters()


def is_byte_level(config: dict[str, Any]) -> bool:
    """Say whether a step of the pipeline turns bytes into letters."""
    taken = [*steps(config, "pre_tokenizer"), *steps(config, "decoder")]
    return any(step.get("type") == "ByteLevel" for step in taken)


def steps(config: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """List a pipeline's steps, sequences laid open."""
    step = config.get(key)
    if not step:
        return []
    inner = next((step[k] for k in ("normalizers", "pretokenizers", "decoders") if k in step), None)
    if inner is None:
        return [step]
    return [part for each in inner for part in steps({key: each}, key)]
