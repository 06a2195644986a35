#!/usr/bin/env python3
"""Writes nn/testdata/exchange.pt, the state dict of a small network as PyTorch (1.13) saves it, and exchange.json, what the network
makes of an input.

    python3 tools/oracle/exchange.py
    python3 tools/oracle/exchange.py FILE.npz    loads weights under PyTorch's names strictly into the network and prints what it makes of the input
"""
import json
import pathlib
import sys

import torch
from torch import nn

testdata = pathlib.Path(__file__).resolve().parent.parent.parent / "nn/testdata"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 3, 3)
        self.bn1 = nn.BatchNorm2d(3)
        self.rnn = nn.GRU(12, 4, num_layers=2, bidirectional=True)
        self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()  # [2, 3, 4, 4]
        y, _ = self.rnn(y.permute(2, 0, 1, 3).flatten(2))  # [4, 2, 12]
        y = y[-1]
        for b in self.blocks:
            y = y + b(y).tanh()
        return self.fc(y)


torch.manual_seed(0)
net = Net()
with torch.no_grad():
    for _ in range(3):
        net(torch.randn(4, 2, 6, 6) * 2 + 1)
    for p in net.bn1.parameters():
        p += torch.randn_like(p) / 4
x = torch.randn(2, 2, 6, 6)
net.eval()
if sys.argv[1:]:
    import numpy as np
    for v in net.state_dict().values():
        v.zero_()
    net.load_state_dict({k: torch.from_numpy(v) for k, v in np.load(sys.argv[1]).items()})
    print(net(x))
else:
    torch.save(net.state_dict(), testdata / "exchange.pt")
    y = net(x)
    (testdata / "exchange.json").write_text(json.dumps({"x": x.flatten().tolist(), "y": y.flatten().tolist()}) + "\n")
