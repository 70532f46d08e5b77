"""The strings that tokens.py has tokenized: written by hand, composed from words, and drawn at random from all of Unicode."""

import random
import unicodedata

BY_HAND = r"""
a red boat on a calm lake at sunset
A RED BOAT, on a CaLm LAKE!!!
it's we're they've I'm he'll she'd don't can't o'clock rock'n'roll
IT'S WE'RE THEY'VE I'M HE'LL SHE'D DON'T
it’s we’re they’ve I’m he’ll she’d don’t ‘quoted’ “double”
'quoted' ''twice'' '''s 'sd 'stop 'tis 'll'd'm 'S 'T 're've 'rex 'velvet ' s ' t
'ſ 'ſt ſ
masterpiece, best quality, (ultra-detailed:1.3), [[blurry]], <lora:style:0.8>, {x|y}
50mm f/1.8 ISO 100 1/250s 8k 4K UHD 1920x1080 3.14159 1,000,000 -5°C 100% $9.99 €20 £5 ¥100
1 12 123 1234567890 1st 2nd 3rd 4th a1b2c3 x86_64 0xFF 1e-5
½ ¼ ² ³ ¹ Ⅷ ⅷ ① ⑳ 〇 一二三 ٣٤٥ १२३ 𝟘𝟙𝟚 ㊿
niño montaña corazón pingüino camión ¿qué? ¡olé! El Niño ÁÉÍÓÚÜÑ áéíóúüñ
niño montaña — the same in decomposed form: niño montaña
façade naïve café résumé Zoë Ångström Ærøskøbing smørrebrød Łódź Dvořák
straße STRASSE Straße ẞ große GRÖSSE Füße
İstanbul ISTANBUL ıstanbul istanbul Diyarbakır İİıı I İ
ΟΔΥΣΣΕΥΣ Ὀδυσσεύς ΣΑΣ σας Σ ς ΑΣ.Α ΑΣ Α Ελλάδα ΆΈΉΊΌΎΏ
Привет, мир! МОСКВА москва Ёлка ёлка Київ їжак
北京 東京 你好世界 画一只猫 龍 竜 龙 ㍿ ㌔ ﷽
ひらがな カタカナ ｶﾀｶﾅ ﾊﾟ パ が ガ ゞ 漢字かな交じり文。「引用」
안녕하세요 세계 한국어 각 각
مرحبا بالعالم العَرَبِيَّة ﷺ لا ﻻ ١٢٣
שלום עולם שָׁלוֹם
नमस्ते दुनिया क्षि த மிழ் தமிழ் ภาษาไทย ကမ္ဘာ សួស្តី
Việt Nam tiếng Việt Hà Nội Ắ ắ ặ ộ
🙂 😂🤣 🚀 ❤️ ❤ ☀️ ⚡ 🎨🖌️ ✨✨✨
👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🏴‍☠️ 👍🏿 🤷🏻‍♀️ 🇪🇸🇲🇽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ #️⃣
boat🚤lake🌅 a🙂b 5🙂5 🙂's it🙂's
á ä ç q̃ a̐éö̲ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞
ﬁ ﬂ ﬀ ﬃ ŉ ǆ ǅ Ǆ ĳ Ĳ ʼn ℌ ℵ Å Å K Ω Ω
ｆｕｌｌ　ｗｉｄｔｈ ＡＢＣ １２３ ！？
® © ™ ℃ № ℡ § ¶ † ‡ • … – — ― ‐ ‑ ‒ − ± × ÷ ≠ ≤ ∞ √ ∑ ∫ π µ μ
← ↑ → ↓ ⇒ ■ □ ▲ △ ● ○ ◆ ★ ☆ ♠ ♥ ♪ ♫ ✓ ✗ ░▒▓█ ┌─┐│└┘
https://example.org/a/b?c=d&e=f#g user@example.com C:\path\file.png /usr/bin/env @artist #tag snake_case kebab-case camelCase PascalCase
!!! ??? ... ,,, ;;; ::: --- ___ *** ### $$$ %%% &&& @@@ ~~~ ``` ^^^ ||| \\\ /// <<< >>> ((( ))) [[[ ]]] {{{ }}} === +++ ""
!@#$%^&*()_+-=[]{}|;':",./<>?`~ !"§$%&/()=? ¡!¿?
a.b,c;d:e!f?g-h_i/j\k|l'm"n(o)p[q]r{s}t<u>v=w+x*y&z
<|startoftext|> <|endoftext|> a<|endoftext|>b <|ENDOFTEXT|> <|StartOfText|> <|endoftext| |endoftext|> <|endoftext|>
<|endoftext|><|startoftext|><|endoftext|> 's<|endoftext|>'s !<|startoftext|>! <| |> <||>
supercalifragilisticexpialidocious Donaudampfschifffahrtsgesellschaft pneumonoultramicroscopicsilicovolcanoconiosis
𝓗𝓮𝓵𝓵𝓸 𝕳𝖊𝖑𝖑𝖔 Ⓗⓔⓛⓛⓞ 🅷🅴🅻🅻🅾 ʜᴇʟʟᴏ ᴴᵉˡˡᵒ ₕₑₗₗₒ 𐐀𐐨 ꭰᎠ ᲐაႠⴀ ꙀꙁꚀ ℹ️ Ⅳ ⅳ
""".strip("\n").split("\n")

SPACES = ["\t", "\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u1680", "\u180e", "\u2000", "\u2003",
          "\u2009", "\u200a", "\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff", "\u00ad"]

SUBJECTS = ["boat", "old house", "lighthouse", "red car", "hot-air balloon", "oak tree", "astronaut", "cat", "Dragon", "knight in armour"]
PLACES = ["on a calm lake", "in the desert", "by the sea", "under the stars", "in snowy mountains", "at 3am", "on Mars"]
STYLES = ["oil painting by Van Gogh", "watercolour", "pixel art", "trending on artstation", "8k, highly detailed", "35mm photo", "pencil sketch"]
COSAS = ["una barca", "una casita", "un faro", "un coche rojo", "un globo", "el árbol", "una niña", "un pingüino", "El Ñandú"]
SITIOS = ["en el lago", "en la montaña", "junto al mar", "bajo las estrellas", "al atardecer", "en la ciudad", "según él"]
ESTILOS = ["óleo al estilo de Van Gogh", "acuarela", "¡con mucha luz!", "¿de noche?", "dibujo a lápiz", "fotografía, 35 mm"]
JOINS = [" ", ", ", " - ", "; ", "... ", "/", " & ", " (", "'s ", "’s ", "\n", "  "]


def composed(rng):
    for _ in range(400):
        things, places, styles = rng.choice([(SUBJECTS, PLACES, STYLES), (COSAS, SITIOS, ESTILOS)])
        text = rng.choice(["a ", "", "the ", "Un "]) + rng.choice(things) + rng.choice(JOINS) + rng.choice(places) + rng.choice(JOINS) + rng.choice(styles)
        yield rng.choice([str, str, str.upper, str.title, str.swapcase, lambda t: unicodedata.normalize("NFD", t)])(text)


def white_space():
    for space in SPACES:
        yield from (space, f"a{space}b", f"{space}a b{space}", f"one{space}{space} two", f"it{space}'s", f"'{space}s", f"1{space}2", f"!{space}!")


def control_characters():
    for c in [*range(32), *range(0x7F, 0xA0)]:
        yield f"a{chr(c)}b"
        yield f"x {chr(c)}{chr(c)} 7{chr(c)}!"


def by_category():
    """Assigned code points (of this Python's Unicode) by general category; private use and unassigned ones as two of them."""
    groups = {}
    for c in range(0x110000):
        category = unicodedata.category(chr(c))
        if category != "Cs":
            groups.setdefault(category, []).append(c)
    return groups


def random_unicode(rng):
    groups = by_category()
    for category in sorted(groups):
        for _ in range(20):
            yield "".join(chr(rng.choice(groups[category])) for _ in range(rng.randint(1, 12)))
            yield "".join(rng.choice("aZ1!' é") + chr(rng.choice(groups[category])) for _ in range(rng.randint(1, 8)))
    names = sorted(groups)
    for _ in range(300):
        yield "".join(chr(rng.choice(groups[rng.choice(names)])) for _ in range(rng.randint(1, 25)))
    marks, letters = groups["Mn"], groups["Ll"] + groups["Lu"] + groups["Lo"]
    for _ in range(200):  # combining sequences, whose order and composition matter
        yield "".join(chr(rng.choice(letters)) + "".join(chr(rng.choice(marks)) for _ in range(rng.randint(0, 4))) for _ in range(rng.randint(1, 6)))
    for _ in range(150):  # Latin letters with the marks that do compose
        yield "".join(rng.choice("aeiouAEIOUnNcCsSyY ") + "".join(rng.choice("\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u030a\u030c\u0323\u0327\u0328\u031b")
                                                                for _ in range(rng.randint(0, 3))) for _ in range(rng.randint(1, 10)))
    for _ in range(50):  # Hangul from its parts
        yield "".join(chr(0x1100 + rng.randrange(19)) + chr(0x1161 + rng.randrange(21)) + rng.choice(["", chr(0x11A8 + rng.randrange(27))]) for _ in range(rng.randint(1, 6)))


def random_ascii(rng):
    for _ in range(300):
        yield "".join(chr(rng.randint(32, 126)) for _ in range(rng.randint(1, 60)))
    for _ in range(100):
        yield "".join(rng.choice("'srtevmldSTM ’!1") for _ in range(rng.randint(1, 30)))


def long_strings(rng):
    yield "a" * 3000
    yield "!" * 3000
    yield "9" * 1000
    yield "🙂" * 1000
    yield "ñ" * 2000
    yield "n\u0303" * 1000
    yield "a" + "\u0301" * 500
    yield " " * 5000 + "end"
    yield "a red boat, " * 1000
    yield "".join(chr(rng.randint(97, 122)) for _ in range(3000))
    yield "龍" * 1000
    yield "it's " * 500
    yield "x" * 76 + " y"


def emoji():
    ranges = [(0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x2600, 0x27BF)]
    for low, high in ranges:
        for c in range(low, high, 5):
            yield f"a {chr(c)} boat {chr(c)}\ufe0f{chr(c + 1)}"


def strings():
    """All strings for CLIP's own vocabulary, always the same ones."""
    rng = random.Random(2)
    yield from ("", " ", "  \n\t ", *BY_HAND)
    for line in BY_HAND:
        yield from (word for word in line.split(" ") if word)
    yield from white_space()
    yield from control_characters()
    yield from composed(rng)
    yield from random_unicode(rng)
    yield from random_ascii(rng)
    yield from emoji()
    yield from long_strings(rng)


def special_strings():
    """Strings for the tiny tokenizers: the pad token of tiny-sd2 is "!", which is special wherever it stands."""
    yield from ("", "!", "!!", "a!b", "a ! b", "wow!", "wow!!! really?!", "!'s", "it's!s", "¡hola!", "!\u0301", "! !", "!<|endoftext|>!", "a  !  b", "ＷＯＷ！")
    yield from BY_HAND
