"""Splits: where a tokenizer's cuts go wrong, found by looking at the tokenizer alone.

Each part asks one question of a tokenizer and encodes whatever it takes. What a part does not look
at it says in figures. Everything is drawn with a seed, so that two runs give the same bytes.
"""
