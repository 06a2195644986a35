#!/usr/bin/env python3
"""Writes the oracle of vision/models, what torchvision 0.14 and PyTorch 1.13 compute, to vision/models/testdata/models.json.gz.

    python3 tools/oracle/models.py [NAME...]

The networks are too large to store: both sides make the same weights and images, see generator.py. Kept are the logits, the loss, and
marks of the gradients and running averages. All is float64, so that what is compared does not depend on the order of sums. Running variances are
averages of biased ones, as Gluon's and Fathom's. Dropout is off.
"""
import gzip
import json
import pathlib
import sys

import numpy as np
import torch
import torchvision.models as tv
from torch import nn

import generator

torch.set_default_dtype(torch.float64)


def value(name, shape):
    return torch.from_numpy(generator.value(name, shape))


def mark(name, g):
    return generator.mark(name, g.numpy())


class ConvReLU(nn.Conv2d):
    def forward(self, x):
        return super().forward(x).relu()


class Act(nn.Linear):
    def __init__(self, a, b, f):
        super().__init__(a, b)
        self.f = f

    def forward(self, x):
        return self.f(super().forward(x.flatten(1)))


class ConvSigmoid(nn.Conv2d):
    def forward(self, x):
        return super().forward(x).sigmoid()


def mlp():
    return nn.Sequential(Act(20, 32, torch.relu), Act(32, 16, torch.relu), nn.Linear(16, 10))


def lenet():
    return nn.Sequential(ConvSigmoid(1, 6, 5, padding=2), nn.AvgPool2d(2), ConvSigmoid(6, 16, 5), nn.AvgPool2d(2),
                         Act(400, 120, torch.sigmoid), Act(120, 84, torch.sigmoid), nn.Linear(84, 10))


def alexnet():
    m = tv.alexnet(num_classes=10, dropout=0)
    m.classifier[1], m.classifier[4], m.classifier[6] = nn.Linear(9216, 64), nn.Linear(64, 64), nn.Linear(64, 10)
    return m


def vgg(bn):
    m = (tv.vgg11_bn if bn else tv.vgg11)(num_classes=10, dropout=0)
    m.classifier[0], m.classifier[3], m.classifier[6] = nn.Linear(512 * 49, 32), nn.Linear(32, 32), nn.Linear(32, 10)
    return m


def nin():
    def block(i, o, k, s=1, p=0):
        return nn.Sequential(ConvReLU(i, o, k, s, p), ConvReLU(o, o, 1), ConvReLU(o, o, 1))
    pool = nn.MaxPool2d(3, 2)
    return nn.Sequential(block(3, 96, 11, 4), pool, block(96, 256, 5, 1, 2), pool, block(256, 384, 3, 1, 1), pool, nn.Identity(),
                         block(384, 10, 3, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())


class PreActivation(nn.Module):
    def __init__(self, i, w, s, bottleneck):
        super().__init__()
        o = 4 * w if bottleneck else w
        self.bn1, self.bn2 = nn.BatchNorm2d(i), nn.BatchNorm2d(w)
        if bottleneck:
            self.conv1, self.conv2 = nn.Conv2d(i, w, 1, bias=False), nn.Conv2d(w, w, 3, s, 1, bias=False)
            self.bn3, self.conv3 = nn.BatchNorm2d(w), nn.Conv2d(w, o, 1, bias=False)
        else:
            self.conv1, self.conv2 = nn.Conv2d(i, w, 3, s, 1, bias=False), nn.Conv2d(w, w, 3, 1, 1, bias=False)
            self.conv3 = None
        self.downsample = nn.Conv2d(i, o, 1, s, bias=False) if i != o or s != 1 else None

    def forward(self, x):
        h = self.bn1(x).relu()
        y = self.conv2(self.bn2(self.conv1(h)).relu())
        if self.conv3 is not None:
            y = self.conv3(self.bn3(y).relu())
        return y + (x if self.downsample is None else self.downsample(h))


class ResNetV2(nn.Module):
    def __init__(self, blocks, bottleneck, width):
        super().__init__()
        i = int(64 * width)
        f = [nn.BatchNorm2d(3, affine=False), nn.Conv2d(3, i, 7, 2, 3, bias=False), nn.BatchNorm2d(i), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        for k, n in enumerate(blocks):
            w, stage = int((64 << k) * width), []
            for b in range(n):
                stage.append(PreActivation(i, w, 2 if k and not b else 1, bottleneck))
                i = 4 * w if bottleneck else w
            f.append(nn.Sequential(*stage))
        self.features = nn.Sequential(*f, nn.BatchNorm2d(i), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.output = nn.Linear(i, 10)

    def forward(self, x):
        return self.output(self.features(x))


# name: network, shape of the images, learning rate of the 10 steps (0: none)
nets = {
    "MLP": (mlp, (4, 20), 0.1),
    "LeNet": (lenet, (4, 1, 28, 28), 0.05),
    "AlexNet": (alexnet, (2, 3, 64, 64), 0),
    "VGG-11": (lambda: vgg(False), (2, 3, 32, 32), 0),
    "VGG-11 BN": (lambda: vgg(True), (4, 3, 32, 32), 0),
    "NiN": (nin, (2, 3, 67, 67), 0),
    "GoogLeNet": (lambda: tv.GoogLeNet(10, aux_logits=False, init_weights=False, dropout=0), (2, 3, 64, 64), 0),
    "ResNet-18": (lambda: tv.resnet18(num_classes=10), (4, 3, 40, 40), 0.01),
    "ResNet-50": (lambda: tv.resnet50(num_classes=10), (2, 3, 64, 64), 0),
    "ResNet-18 v2": (lambda: ResNetV2((2, 2, 2, 2), False, 0.5), (2, 3, 64, 64), 0),
    "ResNet-50 v2": (lambda: ResNetV2((3, 4, 6, 3), True, 0.25), (2, 3, 64, 64), 0),
    "DenseNet-121": (lambda: tv.densenet121(num_classes=10), (2, 3, 64, 64), 0),
    "MobileNet v2": (lambda: tv.mobilenet_v2(num_classes=10, dropout=0), (4, 3, 40, 40), 0.01),
    "SqueezeNet 1.0": (lambda: tv.squeezenet1_0(num_classes=10, dropout=0), (2, 3, 64, 64), 0),
    "SqueezeNet 1.1": (lambda: tv.squeezenet1_1(num_classes=10, dropout=0), (2, 3, 64, 64), 0),
}


def biased(net, before):
    """The running variances after one step as averages of biased variances."""
    sizes, out = {}, {}
    for name, m in net.named_modules():
        if isinstance(m, nn.BatchNorm2d):
            n = m.count
            key = name + ".running_var"
            out[key] = 0.9 * before[key] + (m.running_var - 0.9 * before[key]) * (n - 1) / n
            out[name + ".running_mean"] = m.running_mean
    return out


def run(name):
    make, shape, lr = nets[name]
    net = make()
    state = {k: list(v.shape) for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    start = {k: value(k, s) for k, s in state.items()}

    def reset():
        net.load_state_dict(start, strict=False)

    reset()
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.register_forward_pre_hook(lambda m, a: setattr(m, "count", a[0].numel() // a[0].shape[1]))
    x = torch.from_numpy(generator.images(shape))
    labels = torch.arange(shape[0]) * 3 % 10
    case = {"state": state, "shape": list(shape), "eval": net.eval()(x).flatten().tolist()}
    y = net.train()(x)
    loss = nn.functional.cross_entropy(y, labels)
    loss.backward()
    case.update(train=y.flatten().tolist(), loss=loss.item(), grads={k: mark(k, p.grad) for k, p in net.named_parameters()},
                averages={k: mark(k, v) for k, v in biased(net, start).items()})
    if lr:
        reset()
        opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
        case.update(lr=lr, curve=[])
        for _ in range(10):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x), labels)
            loss.backward()
            opt.step()
            case["curve"].append(loss.item())
        print(name, case["curve"])
    print(name, loss.item(), np.abs(case["eval"]).max(), np.abs(case["train"]).max())
    return case


target = pathlib.Path(__file__).resolve().parent.parent.parent / "vision/models/testdata/models.json.gz"
cases = {c["name"]: c for c in json.loads(gzip.decompress(target.read_bytes()))} if sys.argv[1:] else {}
for name in sys.argv[1:] or nets:
    cases[name] = dict(name=name, **run(name))
target.parent.mkdir(parents=True, exist_ok=True)
target.write_bytes(gzip.compress(json.dumps(list(cases.values()), separators=(",", ":")).encode(), 9, mtime=0))
