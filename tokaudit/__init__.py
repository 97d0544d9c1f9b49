"""Audit tokenizers: what they cover, what they cost, what they do to numbers, where they break."""

__version__ = "0.1.0"
