"""Pictures of prompts in A1111's syntax, by a plain computation with torch: prompts/*.png, prompts/requests.json.

How a prompt is read is written out by hand in each case (the grammar itself has its own published examples): the parts that AND joins,
each a weight and its stages, each stage the last step it holds for and its words with their weights. What is done with these (chunks,
weights, means, layers, composition, steps) is computed here, from the description of A1111's modules/sd_hijack_clip.py, sd_emphasis.py,
prompt_parser.py and sd_samplers_cfg_denoiser.py."""

import numpy as np
import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from common import FIXTURES, save_json

OUT = FIXTURES / "prompts"
SIDE, STEPS, BACKTRACK, CHUNK = 32, 5, 20, 75
BREAK = "BREAK"
LONG = "a red boat on a calm lake at sunset, " * 9 + "a house with a blue door, a tree"


def words(*pairs):
    return [(text, weight) if weight else BREAK for text, weight in pairs]


def plain(text):
    return [(1.0, [(STEPS, [(text, 1.0)])])]


A = "a red boat on a lake"
CASES = {
    "weights": dict(prompt="a (red:1.5) boat on a [calm] ((lake))",
                    parts=[(1.0, [(STEPS, words(("a ", 1), ("red", 1.5), (" boat on a ", 1), ("calm", 1 / 1.1), (" ", 1), ("lake", 1.1 * 1.1)))])]),
    "no-norm": dict(prompt="a (red:1.5) boat", emphasis="No norm", parts=[(1.0, [(STEPS, words(("a ", 1), ("red", 1.5), (" boat", 1)))])]),
    "ignore": dict(prompt="a (red:1.5) boat", emphasis="Ignore", parts=plain("a red boat")),
    "none": dict(prompt="a (red) boat", emphasis="None", parts=plain("a (red) boat")),
    "long": dict(prompt=LONG, parts=plain(LONG)),
    "break": dict(prompt="a boat BREAK (a lake:0.7)", parts=[(1.0, [(STEPS, [("a boat", 1.0), BREAK, ("a lake", 0.7)])])]),
    "long-negative": dict(prompt=A, negative=LONG, parts=plain(A), negative_parts=plain(LONG)),
    "schedule": dict(prompt="a [red:blue:2] (boat:1.4)", parts=[(1.0, [
        (2, words(("a red ", 1), ("boat", 1.4))), (STEPS, words(("a blue ", 1), ("boat", 1.4)))])]),
    "fraction": dict(prompt="a boat[ on a lake:0.5]", negative="[blurry::0.5] house", parts=[(1.0, [
        (2, words(("a boat", 1))), (STEPS, words(("a boat on a lake", 1)))])],
        negative_parts=[(1.0, [(2, words(("blurry house", 1))), (STEPS, words((" house", 1)))])]),
    "alternation": dict(prompt="a (tall:1.3) [boat|house|tree]", parts=[(1.0, [
        (i + 1, words(("a ", 1), ("tall", 1.3), (" " + ("boat", "house", "tree")[i % 3], 1))) for i in range(STEPS)])]),
    "and": dict(prompt="a red boat :1.2 AND a [house:tree:3] in the snow :0.4", parts=[
        (1.2, [(STEPS, [("a red boat", 1.0)])]),
        (0.4, [(3, [(" a house in the snow", 1.0)]), (STEPS, [(" a tree in the snow", 1.0)])])]),
    "and-lengths": dict(prompt="a house AND " + LONG, parts=[
        (1.0, [(STEPS, [("a house", 1.0)])]), (1.0, [(STEPS, [(" " + LONG, 1.0)])])]),
    "and-unguided": dict(prompt="a red boat AND a house", guidance=1.0, parts=[
        (1.0, [(STEPS, [("a red boat", 1.0)])]), (1.0, [(STEPS, [(" a house", 1.0)])])]),
    "clip-skip": dict(prompt=A, clip_skip=2, parts=plain(A)),
    "clip-skip-3": dict(prompt=A, clip_skip=3, parts=plain(A)),
}
MODELS = {
    "tiny-sd1": list(CASES),
    "tiny-sd2": ["weights", "long", "clip-skip"],
    "tiny-sdxl": ["weights", "long", "long-negative", "schedule", "and", "and-lengths", "clip-skip", "clip-skip-3"],
}


class Encoder:
    """One text encoder of a tiny model; `pad` fills chunks up."""

    def __init__(self, model, suffix, xl, kind, variant=None):
        folder = str(FIXTURES / model)
        self.tokenizer = CLIPTokenizer.from_pretrained(folder, subfolder=f"tokenizer{suffix}")
        self.model = kind.from_pretrained(folder, subfolder=f"text_encoder{suffix}", variant=variant, dtype=torch.float32).eval()
        self.xl = xl
        self.start, self.end, self.pad = 998, 999, 0 if self.model.config.hidden_act == "gelu" else 999
        self.comma, = self.ids(",")

    def ids(self, text):
        return self.tokenizer(text, add_special_tokens=False).input_ids

    def chunks(self, fragments):
        done, tokens, weights, comma = [], [], [], -1

        def close():
            nonlocal tokens, weights, comma
            fill = CHUNK - len(tokens)
            done.append(([self.start, *tokens, self.end] + [self.pad] * fill, [1.0, *weights] + [1.0] * (fill + 1)))
            tokens, weights, comma = [], [], -1

        for fragment in fragments:
            if fragment == BREAK:
                close()
                continue
            text, weight = fragment
            for token in self.ids(text):
                if token == self.comma:
                    comma = len(tokens)
                elif len(tokens) == CHUNK and comma != -1 and len(tokens) - comma <= BACKTRACK:
                    rest, rest_weights = tokens[comma + 1:], weights[comma + 1:]
                    tokens, weights = tokens[: comma + 1], weights[: comma + 1]
                    close()
                    tokens, weights = rest, rest_weights
                if len(tokens) == CHUNK:
                    close()
                tokens.append(token)
                weights.append(weight)
        if tokens or not done:
            close()
        return done

    def states(self, rows, skip):
        result = self.model(torch.tensor(rows), output_hidden_states=True)
        if self.xl:
            hidden = result.hidden_states[-max(skip, 2)]
        else:
            hidden = result.hidden_states[-skip] if skip > 1 else None
            body = getattr(self.model, "text_model", self.model)
            hidden = result.last_hidden_state if hidden is None else body.final_layer_norm(hidden)
        return hidden, result.text_embeds if "text_embeds" in result else None

    def encode(self, stages, emphasis, skip, most):
        """For each stage the states [1, chunks * 77, D] and the first chunk's pooled text."""
        padded = [self.chunks(fragments) for _, fragments in stages]
        empty = self.chunks([])
        padded = [chunks + empty * (most - len(chunks)) for chunks in padded]
        columns, pooled = [], None
        for i in range(most):  # A1111 encodes the i-th chunks of all stages as one batch
            hidden, text = self.states([chunks[i][0] for chunks in padded], skip)
            pooled = text if i == 0 else pooled
            weights = torch.tensor([chunks[i][1] for chunks in padded])[..., None]
            weighted = hidden * weights
            columns.append(weighted * (hidden.mean() / weighted.mean()) if emphasis == "Original" else weighted)
        return [(torch.cat([column[s] for column in columns])[None], None if pooled is None else pooled[s][None]) for s in range(len(stages))]


def encode(encoders, parts, emphasis, skip):
    result = []
    for weight, stages in parts:
        most = max(len(encoder.chunks(fragments)) for encoder in encoders for _, fragments in stages)
        each = [encoder.encode(stages, emphasis, skip, most) for encoder in encoders]
        texts = [(until, torch.cat([states[s][0] for states in each], dim=-1), each[-1][s][1]) for s, (until, _) in enumerate(stages)]
        result.append((weight, texts))
    return result


def at(step, texts):
    return next((text for text in texts if step <= text[0]), texts[-1])[1:]


def draw(model, case):
    xl, variant = model == "tiny-sdxl", "fp16" if model == "tiny-sd2" else None
    encoders = [Encoder(model, "", xl, CLIPTextModel, variant)]
    if xl:
        encoders.append(Encoder(model, "_2", xl, CLIPTextModelWithProjection))
    folder = str(FIXTURES / model)
    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet", variant=variant, torch_dtype=torch.float32)
    vae = AutoencoderKL.from_pretrained(folder, subfolder="vae", variant=variant, torch_dtype=torch.float32)
    scheduler = EulerDiscreteScheduler.from_pretrained(folder, subfolder="scheduler")
    emphasis, skip, scale = case.get("emphasis", "Original"), case.get("clip_skip", 1), case.get("guidance", 6.0)
    parts = encode(encoders, case["parts"], emphasis, skip)
    (_, negative), = encode(encoders, case.get("negative_parts", plain("blurry")), emphasis, skip)
    factor = 2 ** (len(vae.config.block_out_channels) - 1)
    scheduler.set_timesteps(STEPS)
    generator = torch.Generator("cpu").manual_seed(case["seed"])
    x = torch.randn((1, 4, SIDE // factor, SIDE // factor), generator=generator) * scheduler.init_noise_sigma
    for step, t in enumerate(scheduler.timesteps):
        given = scheduler.scale_model_input(x, t)

        def ask(text):
            states, pooled = text
            told = dict(added_cond_kwargs=dict(text_embeds=pooled, time_ids=torch.tensor([[SIDE, SIDE, 0.0, 0, SIDE, SIDE]]))) if xl else {}
            return unet(given, t, encoder_hidden_states=states, **told).sample

        now = [(weight, at(step, texts)) for weight, texts in parts]
        most = max(states.shape[1] for _, (states, _) in now)  # of parts of several lengths, the last state of the shorter is repeated
        now = [(weight, (torch.cat([states] + [states[:, -1:]] * (most - states.shape[1]), dim=1), pooled)) for weight, (states, pooled) in now]
        without = ask(at(step, negative))
        guided = without + sum(weight * scale * (ask(text) - without) for weight, text in now)
        x = scheduler.step(guided, t, x).prev_sample
    picture = vae.decode(x / vae.config.scaling_factor).sample[0]
    return ((picture / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


def main():
    OUT.mkdir(exist_ok=True)
    done = []
    for model, names in MODELS.items():
        base = draw(model, dict(parts=plain(A), seed=3))
        for name in names:
            case = CASES[name] | dict(seed=3)
            drawn = draw(model, case)
            file = f"{model}-{name}.png"
            Image.fromarray(drawn).save(OUT / file, optimize=True)
            done.append(dict(name=f"{model}-{name}", model=model, file=file, prompt=case["prompt"], negative=case.get("negative", "blurry"),
                             emphasis=case.get("emphasis", "Original"), clip_skip=case.get("clip_skip", 1), guidance=case.get("guidance", 6.0),
                             seed=case["seed"], steps=STEPS, side=SIDE))
            print(model, name, "levels from another prompt:", np.abs(drawn.astype(int) - base).mean().round(2))
    save_json(OUT / "requests.json", done)


if __name__ == "__main__":
    main()
