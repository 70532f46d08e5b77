"""A tiny model that sees a mask and the masked picture.

It is tiny-sd1 with 5 more input channels, whose weights are a formula of their place: 0.1 sin(7 o + 5 c + 3 y + x), rounded to float16, of output
o, channel c = 0 .. 4 and the kernel's row y and column x.
"""

import torch


def widened(unet):
    old = unet.conv_in
    new = torch.nn.Conv2d(9, old.out_channels, 3, padding=1)
    o, c, y, x = torch.meshgrid(*(torch.arange(n, dtype=torch.float64) for n in (old.out_channels, 5, 3, 3)), indexing="ij")
    more = (0.1 * torch.sin(7 * o + 5 * c + 3 * y + x)).half().float()
    new.weight.copy_(torch.cat([old.weight, more], dim=1))
    new.bias.copy_(old.bias)
    unet.conv_in = new
    unet.register_to_config(in_channels=9)
