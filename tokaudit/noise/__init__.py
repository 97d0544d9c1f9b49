"""Noise: what typing, scanning, copying and disguising do to a text; no tokenizer is known here."""
