"""Is the tokenizer you load the tokenizer you have?

The same vocabulary, read by two libraries or by two versions of one, often gives other ids: a
class rebuilds the pre-tokenizer instead of reading it, a converter drops a normaliser, a runtime
adds a token before every text. A model that was trained on the one and is served with the other
sees text it never learned, and no benchmark says so.

Both sides encode a fixed set of probes (digits, white space, text that looks like special tokens,
emoji, letters of every kind) and every row of the corpus, as ordinary text. Equal is a row whose
ids are the same, one by one. The first stage that differs says where to look; it is found by
running the stages of both, which only `tokenizers` allows. Equal on these texts is no proof for
all texts: a corpus of the text you use is the better test. This compares loaders and versions of
one tokenizer; to compare two different ones by what they cost, use `tokaudit fertility`.
"""
