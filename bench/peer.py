"""The peer of bench: the same training steps in PyTorch.

Reads "NAME SECONDS" lines and answers each with the median seconds of a step of NAME.
"""
import sys
import time

import torch
from torch import nn


def trainer(net, loss_fn, x, y, lr):
    opt = torch.optim.SGD(net.parameters(), lr=lr)

    def step():
        loss = loss_fn(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()

    return step


def lenet():
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2, 2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))
    return trainer(net, nn.CrossEntropyLoss(), torch.rand(256, 1, 28, 28), torch.randint(0, 10, (256,)), 0.9)


def mlp():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    return trainer(net, nn.CrossEntropyLoss(), torch.rand(256, 1, 28, 28), torch.randint(0, 10, (256,)), 0.1)


def linreg():
    return trainer(nn.Linear(2, 1), nn.MSELoss(), torch.randn(10, 2), torch.randn(10, 1), 0.03)


def tiny():
    a, b = torch.rand(4), torch.rand(4)
    return lambda: a + b


def chain():
    a = torch.rand(4, requires_grad=True)

    def step():
        y = a
        for _ in range(100):
            y = y + a
        y.sum().backward()

    return step


CASES = dict(lenet=lenet, mlp=mlp, linreg=linreg, tiny=tiny, chain=chain)


def main():
    torch.manual_seed(0)
    steps = {}
    for line in sys.stdin:
        name, seconds = line.split()
        if name not in steps:
            steps[name] = CASES[name]()
            steps[name]()
        step, times = steps[name], []
        start = time.perf_counter()
        step()
        n = max(1, int(0.01 / (time.perf_counter() - start)))  # steps a reading
        end = start + float(seconds)
        while time.perf_counter() < end:
            t = time.perf_counter()
            for _ in range(n):
                step()
            times.append((time.perf_counter() - t) / n)
        times.sort()
        print(times[len(times) // 2], flush=True)


main()
