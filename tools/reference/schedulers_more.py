"""Writes what more schedulers and settings do with the closed-form model of schedulers.py: schedulers-more.json and .safetensors.

Each case has the scheduler's whole `config`, `steps`, and perhaps `eta` and `start`; its tensors are the timesteps the model was asked
for, in order (`<name>.calls`), and the last sample (`<name>.final`). A case with `start` begins as image-to-image does: the picture

    clean = sin(0.1 * (0, 1, 2, ...)) in the shape of the sample

gets noise as of `timesteps[start * order]`, and the loop begins there. DPMSolverSDEScheduler draws from torchsde's Brownian tree;
here it is given a Brownian motion of two normal draws a step instead: to the middle, and from the middle to the end.
"""

import math
import sys
import types

import diffusers
from common import FIXTURES, save_json, save_tensors, torch
from schedulers import SHAPE, STABLE_DIFFUSION, accepts, model

sys.modules["torchsde"] = types.ModuleType("torchsde")  # imported, but not needed here
from diffusers.schedulers.scheduling_dpmsolver_sde import DPMSolverSDEScheduler

BETAS = {k: STABLE_DIFFUSION[k] for k in ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule")}
SPACINGS = ("leading", "trailing", "linspace")
INTERPOLATED = {
    "heun": "HeunDiscreteScheduler", "dpm2": "KDPM2DiscreteScheduler", "dpm2-a": "KDPM2AncestralDiscreteScheduler",
    "lms": "LMSDiscreteScheduler", "dpm++sde": "DPMSolverSDEScheduler",
}
SOLVERS = {
    "dpm++2m-sde": ("DPMSolverMultistepScheduler", dict(algorithm_type="sde-dpmsolver++")),
    "dpm++3m": ("DPMSolverMultistepScheduler", dict(solver_order=3)),
    "deis": ("DEISMultistepScheduler", {}),
    "unipc": ("UniPCMultistepScheduler", {}),
}
CURVES = ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas")


class BrownianSteps:
    """Stands in for BrownianTreeNoiseSampler."""

    def __init__(self, generator):
        self.generator, self.begin = generator, None

    def __call__(self, sigma, sigma_next):
        draw = torch.randn(SHAPE, generator=self.generator)
        if self.begin is None:
            self.begin, self.first, self.middle = sigma, draw, sigma_next
            return draw
        share = (self.begin - self.middle) / (self.begin - sigma_next)
        self.begin = None
        return self.first * share.sqrt() + draw * (1 - share).sqrt()


def spaced(spacing, **options):
    return BETAS | dict(timestep_spacing=spacing, steps_offset=1) | options


def cases():
    for sampler, kind in INTERPOLATED.items():
        for spacing in SPACINGS:
            yield f"{sampler}.{spacing}.eps.10", kind, spaced(spacing), 10, {}
            yield f"{sampler}.{spacing}.v.7", kind, spaced(spacing, prediction_type="v_prediction"), 7, {}
        for curve in CURVES:
            yield f"{sampler}.{curve}.8", kind, spaced("leading", **{curve: True}), 8, {}
    for sampler, (kind, options) in SOLVERS.items():
        for spacing in SPACINGS:
            yield f"{sampler}.{spacing}.eps.20", kind, spaced(spacing, **options), 20, {}
            yield f"{sampler}.{spacing}.v.7", kind, spaced(spacing, prediction_type="v_prediction", **options), 7, {}
        for curve in CURVES:
            yield f"{sampler}.{curve}.8", kind, spaced("leading", **{curve: True}, **options), 8, {}
    yield from variants()
    yield from starts()


def variants():
    multi, single = "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler"
    for order in (1, 2, 3):
        for rule in ("midpoint", "heun"):
            for end in ("zero", "sigma_min"):
                for steps in (7, 20):
                    options = dict(solver_order=order, solver_type=rule, final_sigmas_type=end)
                    tag = f"{order}.{rule}.{end}.{steps}"
                    if order < 3 or end == "zero" or rule == "midpoint":
                        yield f"multistep.{tag}", multi, spaced("linspace", **options), steps, {}
                    yield f"singlestep.{tag}", single, BETAS | options, steps, {}
    for curve in CURVES:
        yield f"singlestep.{curve}", single, BETAS | {curve: True}, 8, {}
    yield "singlestep.v", single, BETAS | dict(prediction_type="v_prediction"), 9, {}
    yield "singlestep.lower", single, BETAS | dict(lower_order_final=True, final_sigmas_type="sigma_min"), 8, {}
    yield "multistep.euler_at_final", multi, spaced("leading", euler_at_final=True, final_sigmas_type="sigma_min"), 20, {}
    yield "multistep.lu", multi, spaced("leading", use_lu_lambdas=True), 10, {}
    yield "multistep.sde.heun", multi, spaced("leading", algorithm_type="sde-dpmsolver++", solver_type="heun"), 10, {}
    yield "multistep.cosine", multi, spaced("trailing", beta_schedule="squaredcos_cap_v2"), 10, {}
    for curve in CURVES[1:]:
        yield f"multistep.{curve}", multi, spaced("leading", **{curve: True}), 9, {}
        yield f"euler.{curve}", "EulerDiscreteScheduler", spaced("trailing", **{curve: True}), 9, {}
    yield "deis.3", "DEISMultistepScheduler", spaced("linspace", solver_order=3), 20, {}
    for order, function in ((1, "bh1"), (2, "bh1"), (3, "bh2"), (3, "bh1")):
        options = dict(solver_order=order, solver_type=function, final_sigmas_type="zero" if function == "bh2" else "sigma_min")
        yield f"unipc.{order}.{function}", "UniPCMultistepScheduler", spaced("linspace", **options), 12, {}
    yield "unipc.sigma_min", "UniPCMultistepScheduler", spaced("leading", final_sigmas_type="sigma_min", lower_order_final=False), 8, {}
    for steps in (1, 2, 4, 8, 30):
        yield f"lcm.{steps}", "LCMScheduler", {}, steps, {}
        yield f"tcd.{steps}", "TCDScheduler", {}, steps, {}
    yield "lcm.v", "LCMScheduler", dict(prediction_type="v_prediction"), 4, {}
    yield "tcd.eta", "TCDScheduler", {}, 4, dict(eta=0.8)
    yield "tcd.v.eta0", "TCDScheduler", dict(prediction_type="v_prediction"), 4, dict(eta=0.0)
    for spacing in SPACINGS:
        for prediction, steps in (("epsilon", 10), ("v_prediction", 10), ("epsilon", 7), ("epsilon", 30)):
            for skip in (True, False):
                options = dict(prediction_type=prediction, skip_prk_steps=skip)
                name = f"pndm.{spacing}.{'plms' if skip else 'prk'}.{prediction}.{steps}"
                yield name, "PNDMScheduler", spaced(spacing, **options), steps, {}
    for steps in (1, 2, 3):
        yield f"pndm.{steps}", "PNDMScheduler", spaced("leading", skip_prk_steps=True), steps, {}
    for spacing in SPACINGS:
        yield f"ddim.eta.{spacing}", "DDIMScheduler", spaced(spacing, clip_sample=False), 9, dict(eta=0.7)
    yield "ddim.clip", "DDIMScheduler", dict(clip_sample_range=0.5), 10, {}
    yield "ddim.threshold", "DDIMScheduler", dict(thresholding=True, sample_max_value=1.5), 10, {}
    yield "ddim.one", "DDIMScheduler", spaced("trailing", clip_sample=False, set_alpha_to_one=True), 10, {}
    yield "ddim.cosine", "DDIMScheduler", dict(beta_schedule="squaredcos_cap_v2"), 10, {}
    yield "ddpm.large", "DDPMScheduler", spaced("leading", variance_type="fixed_large"), 10, {}
    yield "ddpm.large.trailing", "DDPMScheduler", spaced("trailing", variance_type="fixed_large"), 10, {}
    yield "ddpm.sample", "DDPMScheduler", spaced("leading", prediction_type="sample"), 10, {}
    yield "ddim.betas", "DDIMScheduler", dict(trained_betas=[0.001 * (1 + i) for i in range(20)], num_train_timesteps=20), 5, {}
    for sampler, kind in (("ddim", "DDIMScheduler"), ("euler", "EulerDiscreteScheduler"), ("dpm++2m", multi)):
        options = dict(rescale_betas_zero_snr=True, prediction_type="v_prediction", clip_sample=False)
        yield f"{sampler}.zero-snr", kind, spaced("trailing", **options), 10, {}
    yield "heun.clip", "HeunDiscreteScheduler", spaced("leading", clip_sample=True), 6, {}
    yield "euler.sigma_min", "EulerDiscreteScheduler", spaced("leading", final_sigmas_type="sigma_min"), 6, {}
    yield "euler.defaults", "EulerDiscreteScheduler", {}, 6, {}


def starts():
    for kind in ("DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler",
                 "HeunDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "DPMSolverMultistepScheduler",
                 "DPMSolverSinglestepScheduler", "DEISMultistepScheduler", "UniPCMultistepScheduler"):
        for start in (1, 4, 9):
            options = STABLE_DIFFUSION | dict(skip_prk_steps=True, timestep_spacing="leading", solver_order=3 if start == 4 else 2)
            yield f"start.{kind}.{start}", kind, options, 10, dict(start=start)


def run(name, kind, config, steps, extra):
    kind = DPMSolverSDEScheduler if kind == "DPMSolverSDEScheduler" else getattr(diffusers, kind)
    scheduler = kind(**{k: v for k, v in config.items() if accepts(kind, k)})
    scheduler.set_timesteps(steps)
    generator = torch.Generator("cpu").manual_seed(0)
    noise = torch.randn(SHAPE, generator=generator)
    timesteps = scheduler.timesteps
    if "start" in extra:
        begin = extra["start"] * scheduler.order
        timesteps = timesteps[begin:]
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(begin)
        clean = torch.sin(0.1 * torch.arange(math.prod(SHAPE), dtype=torch.float32)).reshape(SHAPE)
        sample = scheduler.add_noise(clean, noise, timesteps[:1])
    else:
        sample = noise * scheduler.init_noise_sigma
    if kind.__name__ == "DPMSolverSDEScheduler":
        scheduler.noise_sampler = BrownianSteps(generator)
    options = dict(eta=extra["eta"]) if "eta" in extra else {}
    if "generator" in kind.step.__code__.co_varnames:
        options["generator"] = generator
    for t in timesteps:
        output = model(scheduler.scale_model_input(sample, t), t)
        sample = scheduler.step(output, t, sample, **options).prev_sample
    assert torch.isfinite(sample).all() and sample.dtype == torch.float32, name
    return {f"{name}.calls": timesteps.float(), f"{name}.final": sample}


def main():
    tensors, listed = {}, []
    for name, kind, config, steps, extra in cases():
        try:
            tensors |= run(name, kind, config, steps, extra)
        except Exception as e:
            raise RuntimeError(name) from e
        listed.append(dict(name=name, scheduler=kind, config=config, steps=steps) | extra)
    assert len({c["name"] for c in listed}) == len(listed)
    save_json(FIXTURES / "schedulers-more.json", {"shape": SHAPE, "seed": 0, "cases": listed})
    save_tensors(FIXTURES / "schedulers-more.safetensors", tensors)


if __name__ == "__main__":
    main()
