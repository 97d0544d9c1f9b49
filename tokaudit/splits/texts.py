"""Sentences of our own for counting segmentations: the same few words in several scripts."""

SENTENCES: dict[str, str] = {
    "English": "The ferry was late again, so we walked along the harbour and counted the boats.",
    "German": "Die Fähre kam wieder zu spät, also gingen wir am Hafen entlang und zählten Boote.",
    "Turkish": "Vapur yine gecikti, biz de liman boyunca yürüyüp tekneleri saydık.",
    "Vietnamese": "Phà lại đến muộn nên chúng tôi đi dọc bến cảng và đếm thuyền.",
    "Russian": "Паром снова опоздал, и мы пошли вдоль гавани, считая лодки.",
    "Greek": "Το πλοίο άργησε πάλι, γι' αυτό περπατήσαμε στο λιμάνι και μετρήσαμε τις βάρκες.",
    "Arabic": "تأخرت العبارة مرة أخرى فمشينا على طول الميناء وعددنا القوارب.",
    "Hebrew": "המעבורת שוב איחרה, אז הלכנו לאורך הנמל וספרנו את הסירות.",
    "Hindi": "नाव फिर देर से आई, इसलिए हम बंदरगाह के किनारे चले और नावें गिनीं।",
    "Thai": "เรือข้ามฟากมาสายอีกแล้ว เราจึงเดินไปตามท่าเรือและนับเรือ",
    "Chinese": "渡轮又晚点了，于是我们沿着港口散步，数着船只。",
    "Japanese": "フェリーがまた遅れたので、私たちは港を歩いて船を数えました。",
    "Korean": "배가 또 늦어서 우리는 항구를 따라 걸으며 배를 세었다.",
    "Georgian": "ბორანმა ისევ დაიგვიანა, ამიტომ ნავსადგურში ვისეირნეთ და ნავები დავთვალეთ.",
    "code": "def count_boats(harbour):\n    return sum(1 for boat in harbour if boat.afloat)\n",
    "digits": "On 17 April 2024 there were 1,234 boats, 56.7 % of 2,177.",
}
