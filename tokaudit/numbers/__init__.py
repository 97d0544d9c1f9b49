"""Numbers: where they stand in text, how their digits are cut, and the texts that ask.

A number is a run of decimal digits (Unicode General_Category Nd), a cut is where a token ends
between two of them, counted in bytes of the text, so no number is ever dropped because a
tokenizer's own strings do not line up with it.
"""
