"""Writes what transformers' CLIPTokenizer gives for many strings, and how it treats every Unicode code point.

Usage: tokens.py CLIP_FOLDER      (with CLIP's vocab.json and merges.txt)

Files (folder tokens/): clip-merges.txt.gz, clip.jsonl.gz, tiny.jsonl, unicode.json.gz; see the README beside them.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

from common import FIXTURES, TINY, load_component, save_json
from token_strings import special_strings, strings
from tiny_models import vocabulary
from transformers import CLIPTokenizer

FOLDER = FIXTURES / "tokens"


def clip_tokenizer(folder):
    """The tokenizer that the published Stable Diffusion 1 folders make: CLIP's vocabulary, tiny-sd1's configs."""
    with tempfile.TemporaryDirectory() as made:
        for file in ("special_tokens_map.json", "tokenizer_config.json"):
            (Path(made) / file).write_bytes((FIXTURES / "tiny-sd1/tokenizer" / file).read_bytes())
        for file in ("vocab.json", "merges.txt"):
            (Path(made) / file).write_bytes((Path(folder) / file).read_bytes())
        return CLIPTokenizer.from_pretrained(made)


def write_gzip(name, text):
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = gzip.compress(text.encode("utf-8"), 9, mtime=0)
    (FOLDER / name).write_bytes(data)
    print(f"tokens/{name}: {len(data)} bytes")


def json_lines(rows):
    return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)


def ids(tokenizer, text):
    return tokenizer(text, truncation=False, verbose=False).input_ids


def code_points():
    return [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def kind(pre, character):
    """How the splitting pattern sees a character: letter, number, space (removed) or other."""
    pieces = len(pre.pre_tokenize_str(character * 2))
    if pieces == 0:
        return "space"
    if pieces == 2:
        return "number"
    return "letter" if len(pre.pre_tokenize_str("a" + character)) == 1 else "other"


def ranges(numbers):
    found = []
    for n in numbers:
        if found and found[-1][1] == n - 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return found


def unicode_table(tokenizer):
    normalizer, pre = tokenizer.backend_tokenizer.normalizer, tokenizer.backend_tokenizer.pre_tokenizer
    kinds, normalised = {"letter": [], "number": [], "space": []}, {}
    for c in code_points():
        character = chr(c)
        becomes = normalizer.normalize_str(character)
        if becomes != character:
            normalised[f"{c:04X}"] = becomes
        k = kind(pre, character)
        if k != "other":
            kinds[k].append(c)
    return {"normalised": normalised, **{k: ranges(v) for k, v in kinds.items()}}


def main(folder):
    clip = clip_tokenizer(folder)
    merges = Path(folder, "merges.txt").read_text(encoding="utf-8")
    assert vocabulary(merges.strip("\n").split("\n")[1:]) == json.loads(Path(folder, "vocab.json").read_text(encoding="utf-8"))
    write_gzip("clip-merges.txt.gz", merges)

    texts = list(dict.fromkeys(strings()))
    print(len(texts), "strings,", max(map(len, texts)), "characters in the longest")
    write_gzip("clip.jsonl.gz", json_lines({"text": t, "ids": ids(clip, t)} for t in texts))

    tiny = {name: load_component(name, "tokenizer") for name in TINY}
    rows = [{"text": t, **{name: ids(tiny[name], t) for name in TINY}} for t in special_strings()]
    (FOLDER / "tiny.jsonl").write_text(json_lines(rows))
    print("tokens/tiny.jsonl:", len(rows), "lines,", sum(r["tiny-sd1"] != r["tiny-sd2"] for r in rows), "in which the two differ")

    table = unicode_table(clip)
    print({k: len(v) for k, v in table.items()})
    write_gzip("unicode.json.gz", json.dumps(table, ensure_ascii=True))


if __name__ == "__main__":
    main(sys.argv[1])
