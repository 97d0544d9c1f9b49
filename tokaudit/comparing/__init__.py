"""Which tokenizer is better for which language, and is it sure?

Tokenizers read the same rows, so what counts is the difference on those rows and not the distance
of two averages: rows that are long for one are long for the other. For each language the ratio of
two totals of tokens is made again without each of 32 groups of documents; by how much it moves says
how sure it is. A corpus of two hundred languages has ten differences by chance alone where one in
twenty is let pass, so verdicts are corrected for how many there are (Holm 1979). The intervals are
not: each is about its own language.

Fewer tokens for the same text is better, and nothing else is judged: not how words are cut, nor
what a model makes of it. A tokenizer that alters text of a language cannot win there. `no
difference shown` is not the same as equal; more rows may show one.
"""
