"""What `make histograms` compares: it sees what differs, and our own tokenizers pass."""

from tests import histograms, parts, train


def specs():
    return [str(train.path(name)) for name in ("gpt2", "unigram")]


def test_ids_are_those_of_whole_documents(tmp_path, capsys):
    parts.corpus(tmp_path)
    assert histograms.main(str(tmp_path), *specs()) == 0
    *each, last = capsys.readouterr().out.splitlines()
    assert all("tokens of 6 languages the same (" in said for said in each) and len(each) == 2
    assert last == "2 of 2 tokenizers give the same ids in every language"


def test_ids_that_differ_are_named(tmp_path, capsys, monkeypatch):
    counted = histograms.by_library

    def otherwise(tokenizer, corpus):
        found = counted(tokenizer, corpus)
        return {**found, "deu_Latn": found["eng_Latn"]}

    monkeypatch.setattr(histograms, "by_library", otherwise)
    parts.corpus(tmp_path)
    assert histograms.main(str(tmp_path), *specs()[:1]) == 1
    assert "6 languages differ in deu_Latn (" in capsys.readouterr().out
