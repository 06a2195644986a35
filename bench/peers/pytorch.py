"""The rows in PyTorch, in eager mode. Models have their parameters in the order of ours."""
import math
import os
import sys

import common

if common.THREADS < len(os.sched_getaffinity(0)) and "OMP_NUM_THREADS" not in os.environ:
    common.stay()

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402


def tensors(arrays):
    return [torch.from_numpy(a) if a.dtype.kind == "f" or a.dtype == "uint8" else torch.from_numpy(a).long() for a in arrays]


# Kernels


def out(f, times=1):
    """A function that writes into an array that is there."""
    def make(arrays):
        xs = tensors(arrays)
        y = f(*xs)
        if times == 1:
            return lambda: f(*xs, out=y), lambda: [f(*xs).numpy()]

        def run():
            for _ in range(times):
                f(*xs, out=y)

        return run, lambda: [f(*xs).numpy()]

    return make


def gemm(case):
    def make(arrays):
        a, b = tensors(arrays)
        if case[0] == "T":
            a = a.t()
        if case[1] == "T":
            b = b.t()
        y = torch.mm(a, b)
        return lambda: torch.mm(a, b, out=y), lambda: [y.numpy()]

    return make


def relu(x, out=None):
    return torch.clamp(x, min=0, out=out)


def total(x, out=None):
    return torch.sum(x, 0, out=out)


def copy(x, out=None):
    return x.clone() if out is None else out.copy_(x)


def forward(f):
    def make(arrays):
        xs = tensors(arrays)

        def run():
            with torch.no_grad():
                return f(*xs)

        return run, lambda: [run().numpy()]

    return make


def backward(f, wanted=None):
    """The backward half alone: the last array is the gradient of f of the others."""
    def make(arrays):
        xs = tensors(arrays)
        dy = xs.pop()
        leaves = [xs[i] for i in (range(len(xs)) if wanted is None else wanted)]
        for x in leaves:
            x.requires_grad_()
        y = f(*xs)

        def run():
            for x in leaves:
                x.grad = None
            y.backward(dy, retain_graph=True)

        def result():
            run()
            return [x.grad.numpy() for x in leaves]

        return run, result

    return make


CONVS = {  # name: padding, stride, groups, whether it is the first layer of a network
    "lenet1": (2, 1, 1, True), "lenet2": (0, 1, 1, False), "64x56": (1, 1, 1, False), "128x28": (1, 1, 1, False),
    "512x3": (1, 1, 1, False), "stem": (3, 2, 1, True), "1x1": (0, 1, 1, False), "depthwise": (1, 1, 64, False),
}


def conv(pad, stride, groups):
    return lambda x, w, b, *_: F.conv2d(x, w, b, stride, pad, 1, groups)


def layernorm(x, g, b, *_):
    return F.layer_norm(x, (x.shape[-1],), g, b, 1e-5)


def batchnorm(x, g, b, *_):
    return F.batch_norm(x, None, None, g, b, True, 0.1, 1e-5)


def softmax(x, *_):
    return torch.softmax(x, 1)


def tiny(arrays):
    a, b = tensors(arrays)
    return lambda: a + b, lambda: [(a + b).numpy()]


def chain(arrays):
    a, b = tensors(arrays)
    a.requires_grad_()

    def run():
        y = a
        for _ in range(100):
            y = y + b
        y.sum().backward()

    def result():
        a.grad = None
        run()
        return [a.grad.numpy()]

    return run, result


# Training steps


class Model(nn.Module):
    """A network and its loss, which is the mean over the examples."""

    def __init__(self, *layers):
        super().__init__()
        self.net = nn.Sequential(*layers)

    def forward(self, x, y):
        return F.cross_entropy(self.net(x), y)


class LinReg(Model):
    def forward(self, x, y):
        return F.mse_loss(self.net(x), y)


def linreg():
    return LinReg(nn.Linear(2, 1))


def mlp():
    return Model(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


def lenet():
    return Model(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2, 2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer(28, 256)
        self.out = nn.Linear(256, 28)

    def forward(self, x, y):
        h, _ = self.layer(F.one_hot(x.t(), 28).float())
        return F.cross_entropy(self.out(h.reshape(-1, 256)), y)


class Attention(nn.Module):
    def __init__(self, d, heads, p):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(d, d, bias=False) for _ in range(4))
        self.drop = nn.Dropout(p)

    def forward(self, x, mask):
        n, t, d = x.shape

        def split(y):
            return y.reshape(n, t, self.heads, -1).permute(0, 2, 1, 3).reshape(n * self.heads, t, -1)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        w = torch.bmm(q, k.transpose(1, 2)) / math.sqrt(d // self.heads)
        w = torch.softmax(w.masked_fill(mask, -1e6), -1)
        y = torch.bmm(self.drop(w), v).reshape(n, self.heads, t, -1).permute(0, 2, 1, 3).reshape(n, t, d)
        return self.o(y)


class Block(nn.Module):
    def __init__(self, d, units, heads, p):
        super().__init__()
        self.attention = Attention(d, heads, p)
        self.norm1 = nn.LayerNorm(d)
        self.ffn = nn.Sequential(nn.Linear(d, units), nn.ReLU(), nn.Linear(units, d))
        self.norm2 = nn.LayerNorm(d)
        self.drop = nn.Dropout(p)

    def forward(self, x, mask):
        x = self.norm1(x + self.drop(self.attention(x, mask)))
        return self.norm2(x + self.drop(self.ffn(x)))


def positions(t, d):
    a = torch.arange(t)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack((a.sin(), a.cos()), -1).reshape(t, d)


class Encoder(nn.Module):
    def __init__(self, words=200, d=32, units=64, heads=4, blocks=2, t=10, p=0.1):
        super().__init__()
        self.heads, self.scale = heads, math.sqrt(d)
        self.embedding = nn.Embedding(words, d)
        self.register_buffer("at", positions(t, d))
        self.drop = nn.Dropout(p)
        self.blocks = nn.ModuleList(Block(d, units, heads, p) for _ in range(blocks))
        self.out = nn.Linear(d, words)

    def forward(self, x, y, lengths):
        mask = (torch.arange(x.shape[1]) >= lengths[:, None]).repeat_interleave(self.heads, 0)[:, None]
        h = self.drop(self.embedding(x) * self.scale + self.at)
        for b in self.blocks:
            h = b(h, mask)
        h = self.out(h)
        return F.cross_entropy(h.reshape(-1, h.shape[-1]), y)


class Residual(nn.Module):
    def __init__(self, inputs, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.conv3 = nn.Conv2d(inputs, channels, 1, stride) if inputs != channels else None
        self.bn1, self.bn2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.conv3 is not None:
            x = self.conv3(x)
        return F.relu(y + x)


def resnet18():
    blocks = [Residual(64, 64), Residual(64, 64)]
    for i, o in (64, 128), (128, 256), (256, 512):
        blocks += [Residual(i, o, 2), Residual(o, o)]
    return Model(
        nn.Conv2d(1, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


class DenseBlock(nn.Module):
    def __init__(self, convs, inputs, growth):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(inputs + i * growth), nn.ReLU(), nn.Conv2d(inputs + i * growth, growth, 3, 1, 1))
            for i in range(convs))

    def forward(self, x):
        for c in self.convs:
            x = torch.cat((x, c(x)), 1)
        return x


def densenet():
    return Model(DenseBlock(4, 64, 32), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))


def embeddingbag():
    return Model(nn.EmbeddingBag(10000, 64, mode="mean", sparse=True), nn.Linear(64, 2))


def sgd(lr):
    return lambda ps: torch.optim.SGD(ps, lr=lr)


def step(model, optimizer, clip=None):
    def make(arrays):
        net = model()
        ps = list(net.parameters())
        inputs, weights = arrays[:-len(ps)], arrays[-len(ps):]
        inputs = tensors(inputs)
        with torch.no_grad():
            for p, w in zip(ps, weights):
                p.copy_(torch.from_numpy(w).reshape(p.shape))
        opt = optimizer(ps)

        def run():
            loss = net(*inputs)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            if clip:
                nn.utils.clip_grad_norm_(ps, clip)
            opt.step()

        def result():
            drops = [(m, m.p) for m in net.modules() if isinstance(m, nn.Dropout)]
            for m, _ in drops:
                m.p = 0
            for t in range(10):
                if isinstance(opt, torch.optim.Adam):  # in ours eps is added before the correction of the second moment
                    opt.param_groups[0]["eps"] = 1e-4 / math.sqrt(1 - 0.999 ** (t + 1))
                run()
            if isinstance(opt, torch.optim.Adam):
                opt.param_groups[0]["eps"] = 1e-4
            for m, p in drops:
                m.p = p
            return [p.detach().numpy() for p in ps]

        return run, result

    return make


def epoch(arrays):
    net = lenet()
    ps = list(net.parameters())
    images, labels = tensors(arrays[:2])
    images = images.reshape(-1, 1, 28, 28)
    with torch.no_grad():
        for p, w in zip(ps, arrays[2:]):
            p.copy_(torch.from_numpy(w))
    opt = torch.optim.SGD(ps, lr=0.9)
    for chosen in torch.randperm(len(images)).split(256):
        loss = net(images[chosen].float() / 255, labels[chosen])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()


ROWS = dict(
    tiny=tiny, chain=chain,
    softmax=forward(softmax), layernorm=forward(layernorm), batchnorm=forward(batchnorm),
    linreg=step(linreg, sgd(0.015)),  # half the rate of ours, whose loss is half the square
    mlp=step(mlp, sgd(0.1)), lenet=step(lenet, sgd(0.9)),
    rnn=step(lambda: Recurrent(nn.RNN), sgd(1), 1), gru=step(lambda: Recurrent(nn.GRU), sgd(1), 1),
    lstm=step(lambda: Recurrent(nn.LSTM), sgd(1), 1),
    transformer=step(Encoder, lambda ps: torch.optim.Adam(ps, lr=0.001, eps=1e-4)),
    resnet18=step(resnet18, sgd(0.0002)), densenet=step(densenet, sgd(0.05)), embeddingbag=step(embeddingbag, sgd(0.5)),
)
ROWS["softmax-back"] = backward(softmax)
ROWS["layernorm-back"] = backward(layernorm)
ROWS["batchnorm-back"] = backward(batchnorm)
for n, f in dict(add=torch.add, relu=relu, copy=copy, sum=total, exp=torch.exp, log=torch.log, sigmoid=torch.sigmoid,
                 tanh=torch.tanh, erf=torch.erf).items():
    ROWS[n + "-1M"] = out(f)
    ROWS[n + "-4096"] = out(f, 16)
for n, (p, s, g, first) in CONVS.items():
    ROWS["conv-" + n] = forward(conv(p, s, g))
    ROWS["conv-" + n + "-back"] = backward(conv(p, s, g), (1, 2) if first else (1, 2, 0))


class Rows(dict):
    """ROWS, and the products of matrices by the end of their names."""

    def __contains__(self, name):
        return name in ROWS or name.startswith("gemm-")

    def __getitem__(self, name):
        return ROWS[name] if name in ROWS else gemm(name[-2:])


def about():
    torch.mm(torch.ones(9, 9), torch.ones(9, 9))
    which = common.blas()
    warn = "PyTorch computes with the reference BLAS, which is slow: its products of matrices mean nothing" if "reference" in which else ""
    return "PyTorch %s, %s, Python %s" % (torch.__version__, which, sys.version.split()[0]), warn


def first_step(arrays):
    step(lenet, sgd(0.9))(arrays)[0]()


common.main(about, Rows(), dict(start=first_step, memory=epoch))
