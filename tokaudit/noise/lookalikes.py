"""Lookalikes: signs that are taken for one another by readers, by scanners, and in jest.

Tables of our own, far smaller than Unicode's confusables: what stands here is common.
"""

from collections.abc import Iterable

# Letters of Latin, Cyrillic and Greek that most fonts draw alike.
ALIKE = (
    *("aаα", "cс", "eе", "iі", "jј", "oоο", "pрρ", "sѕ", "xх", "yу", "vνѵ", "uυ"),
    *("AАΑ", "BВΒ", "CС", "EЕΕ", "HНΗ", "IІΙ", "KКΚ", "MМΜ", "OОΟ", "PРΡ", "SЅ", "TТΤ"),
    *("XХΧ", "YУΥ", "ZΖ", "NΝ"),
)
# Signs of one shape, which scanners confuse.
SCANNED = (
    *("lI1", "O0Q", "S5", "B8", "Z2", "ce", "uv", "nh", "ft", "gq", "ij", "G6"),
    *("оО0", "зЗ3", "бБ6", "ил", "шщ", "ьъ", "нп", "чЧ4", "гт"),
    *("νυ", "θΘ", "σο"),
    *("בכ", "דר", "הח", "וז", "םס", "עצ", "גנ"),
    *("بتثن", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق"),
    *("बव", "घध", "भम", "पष", "थय", "डङ", "इई", "ढद"),
    *("বর", "ঘধ", "ষয", "ভত"),
    *("ดคต", "ถภ", "ชซ", "บป", "ผพ", "ฝฟ", "นม", "ฎฏ"),
    *("ოთ", "ბგ", "ვკ"),
    *("未末", "己已巳", "人入八", "土士", "日曰目", "大太犬", "干千于", "天夫", "午牛", "白自"),
    *("木本", "问间", "今令", "王玉主", "力刀", "了子", "拔拨", "侯候", "免兔"),
    *("ソン", "シツ", "クワ", "ねれわ", "はほ", "るろ", "めぬ", "さき", "いり", "ロ口", "ニ二"),
    *("를롤", "마미", "이어", "은온", "가거", "의익"),
)
LEET = dict(zip("aeiostbzAEIOSTBZ", "4310578243105782", strict=True))
EMOJI = "😀😂🙏👍🔥🎉😢🚀❤🤔"


def others(groups: Iterable[str]) -> dict[str, str]:
    """Give for each sign of some groups what else is in its groups."""
    found: dict[str, str] = {}
    for group in groups:
        for sign in group:
            found[sign] = found.get(sign, "") + group.replace(sign, "")
    return found
