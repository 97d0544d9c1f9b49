"""How much of one vocabulary is in the other, and what became of it?

Two sizes say little: 100,000 entries that are all among 200,000 others, and 100,000 that are not,
are different tokenizers. Read `share_of_b_in_a` for what B adds, the classes and scripts for where
it adds it, and one token elsewhere for what that is worth: which texts one side reads as one token
and the other cuts. For two versions of one tokenizer the change log says which ids still mean what
they meant; a model trained on the one is fed noise wherever they do not.

Texts are compared in canonical form: as bytes, whatever alphabet a vocabulary spells them in, and
with a space before what begins a word where a vocabulary marks the other pieces (`##ing`). Control
tokens and the unknown token stand for no text and are counted apart.
"""
