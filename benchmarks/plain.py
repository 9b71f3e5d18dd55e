"mDCSRN by the book, the neighbour of the accumulating one: concatenate, then convolve."
import torch
from torch import nn

from cerebsr.models import MDCSRN


class Plain(MDCSRN):
    "Same weights, same numbers; with `inplace=False` nothing is written over, as in most tutorials"
    def __init__(self, inplace=True):
        super().__init__()
        for unit in (u for block in self.blocks for u in block.units): unit[1] = nn.ELU(inplace=inplace)

    def forward(self, x):
        found = [self.first(x)]
        for i, block in enumerate(self.blocks):
            x = self.compress[i-1](torch.cat(found, 1)) if i else found[0]
            for unit in block.units: x = torch.cat([x, unit(x)], 1)
            found.append(x)
        return self.last(torch.cat(found, 1))
