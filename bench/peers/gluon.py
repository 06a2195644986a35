"""The training steps in MXNet's Gluon, hybridized."""
import math
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy  # noqa: E402

if not hasattr(numpy, "bool"):  # MXNet 1.9.1 names what newer NumPy has dropped
    numpy.bool = bool

import mxnet as mx  # noqa: E402
from mxnet import autograd, gluon, nd  # noqa: E402
from mxnet.gluon import nn, rnn  # noqa: E402

import common  # noqa: E402


def sequential(*layers):
    net = nn.HybridSequential()
    net.add(*layers)
    return net


class Loss(gluon.HybridBlock):
    """A network and its loss, one number an example."""

    def __init__(self, net, loss):
        super().__init__()
        self.net, self.loss = net, loss

    def hybrid_forward(self, F, x, y):
        return self.loss(self.net(x), y)


def model(*layers):
    return Loss(sequential(*layers), gluon.loss.SoftmaxCrossEntropyLoss())


def linreg():
    return Loss(nn.Dense(1), gluon.loss.L2Loss())


def mlp():
    return model(nn.Dense(256, activation="relu"), nn.Dense(10))


def lenet():
    return model(
        nn.Conv2D(6, 5, padding=2, activation="sigmoid"), nn.AvgPool2D(2, 2),
        nn.Conv2D(16, 5, activation="sigmoid"), nn.AvgPool2D(2, 2),
        nn.Dense(120, activation="sigmoid"), nn.Dense(84, activation="sigmoid"), nn.Dense(10))


class Recurrent(gluon.HybridBlock):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.out = nn.Dense(28)
        self.loss = gluon.loss.SoftmaxCrossEntropyLoss()

    def hybrid_forward(self, F, x, y):
        h = self.layer(F.one_hot(F.transpose(x), 28))
        return self.loss(self.out(F.reshape(h, (-1, 256))), y)


class Attention(gluon.HybridBlock):
    def __init__(self, d, heads, p):
        super().__init__()
        self.d, self.heads = d, heads
        self.q, self.k, self.v, self.o = (nn.Dense(d, use_bias=False, flatten=False) for _ in range(4))
        self.drop = nn.Dropout(p)

    def hybrid_forward(self, F, x, hide):
        def split(y):  # [n, t, d] -> [n*heads, t, d/heads]
            y = F.transpose(F.reshape(y, (0, 0, self.heads, -1)), (0, 2, 1, 3))
            return F.reshape(y, (-3, 0, 0))

        w = F.batch_dot(split(self.q(x)), split(self.k(x)), transpose_b=True) / math.sqrt(self.d // self.heads)
        w = F.softmax(F.where(F.broadcast_like(hide, w), F.ones_like(w) * -1e6, w))
        y = F.reshape(F.batch_dot(self.drop(w), split(self.v(x))), (-4, -1, self.heads, 0, 0))
        return self.o(F.reshape(F.transpose(y, (0, 2, 1, 3)), (0, 0, -3)))


class Block(gluon.HybridBlock):
    def __init__(self, d, units, heads, p):
        super().__init__()
        self.attention = Attention(d, heads, p)
        self.norm1 = nn.LayerNorm()
        self.ffn = sequential(nn.Dense(units, activation="relu", flatten=False), nn.Dense(d, flatten=False))
        self.norm2 = nn.LayerNorm()
        self.drop1, self.drop2 = nn.Dropout(p), nn.Dropout(p)

    def hybrid_forward(self, F, x, hide):
        x = self.norm1(x + self.drop1(self.attention(x, hide)))
        return self.norm2(x + self.drop2(self.ffn(x)))


def positions(t, d):
    a = numpy.arange(t)[:, None] / 10000 ** (numpy.arange(0, d, 2) / d)
    return nd.array(numpy.stack((numpy.sin(a), numpy.cos(a)), -1).reshape(1, t, d))


class Encoder(gluon.HybridBlock):
    def __init__(self, p, words=200, d=32, units=64, heads=4, blocks=2, t=10):
        super().__init__()
        self.heads, self.scale, self.words = heads, math.sqrt(d), words
        self.embedding = nn.Embedding(words, d)
        self.at = self.params.get_constant("at", positions(t, d))
        self.steps = self.params.get_constant("steps", nd.arange(t).reshape((1, 1, t)))
        self.drop = nn.Dropout(p)
        self.blocks = sequential(*(Block(d, units, heads, p) for _ in range(blocks)))
        self.out = nn.Dense(words, flatten=False)
        self.loss = gluon.loss.SoftmaxCrossEntropyLoss()

    def hybrid_forward(self, F, x, y, lengths, at, steps):
        n = F.repeat(F.reshape(lengths, (-1, 1, 1)), self.heads, 0)
        hide = F.broadcast_greater_equal(steps, n)
        h = self.drop(F.broadcast_add(self.embedding(x) * self.scale, at))
        for b in self.blocks._children.values():
            h = b(h, hide)
        return self.loss(F.reshape(self.out(h), (-1, self.words)), y)


class Residual(gluon.HybridBlock):
    def __init__(self, channels, stride, conv3):
        super().__init__()
        self.conv1 = nn.Conv2D(channels, 3, stride, 1)
        self.conv2 = nn.Conv2D(channels, 3, 1, 1)
        self.conv3 = nn.Conv2D(channels, 1, stride) if conv3 else None
        self.bn1, self.bn2 = nn.BatchNorm(), nn.BatchNorm()

    def hybrid_forward(self, F, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.conv3(x) if self.conv3 is not None else x))


def resnet18():
    blocks = [Residual(64, 1, False), Residual(64, 1, False)]
    for c in 128, 256, 512:
        blocks += [Residual(c, 2, True), Residual(c, 1, False)]
    return model(
        nn.Conv2D(64, 7, 2, 3), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(3, 2, 1),
        *blocks, nn.GlobalAvgPool2D(), nn.Dense(10))


class DenseBlock(gluon.HybridBlock):
    def __init__(self, convs, growth):
        super().__init__()
        self.convs = sequential(*(
            sequential(nn.BatchNorm(), nn.Activation("relu"), nn.Conv2D(growth, 3, 1, 1)) for _ in range(convs)))

    def hybrid_forward(self, F, x):
        for c in self.convs._children.values():
            x = F.concat(x, c(x), dim=1)
        return x


def densenet():
    return model(DenseBlock(4, 32), nn.GlobalAvgPool2D(), nn.Dense(10))


class Bag(gluon.HybridBlock):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10000, 64, sparse_grad=True)
        self.out = nn.Dense(2)
        self.loss = gluon.loss.SoftmaxCrossEntropyLoss()

    def hybrid_forward(self, F, x, y):
        return self.loss(self.out(F.mean(self.embedding(x), axis=1)), y)


def arrays_of(arrays):
    return [nd.array(a, dtype="float32" if a.dtype.kind == "f" else "int32") for a in arrays]


def fill(net, inputs, weights):
    """Gives the parameters of net, in the order of ours, their values; a first run finds the shapes."""
    net.initialize()
    net(*inputs)
    ps = [p for p in net.collect_params().values() if p.grad_req != "null"]
    for p, w in zip(ps, weights):
        p.set_data(nd.array(w).reshape(p.shape))
    return ps


def trainer(net, ps, inputs, optimizer, args, clip=None):
    opt = gluon.Trainer(ps, optimizer, args, kvstore=None)
    net.hybridize(static_alloc=True, static_shape=True)

    def run():
        with autograd.record():
            loss = net(*inputs)
            if clip:
                loss = loss.mean()
        loss.backward()
        if clip:
            gluon.utils.clip_global_norm([p.grad() for p in ps], clip, check_isfinite=False)
        opt.step(1 if clip else loss.shape[0])

    return run


def step(model, optimizer, args, clip=None, still=None):
    """still makes the model without dropout, if that is another one."""
    def make(arrays):
        inputs = arrays_of(arrays)
        net = model()
        n = len(INPUTS.get(model, "xy"))
        inputs, weights = inputs[:n], arrays[n:]
        inputs[2:] = [x.astype("float32") for x in inputs[2:]]  # lengths, which are compared with floats
        ps = fill(net, inputs, weights)
        run = trainer(net, ps, inputs, optimizer, args, clip)

        def result():
            checked, qs = run, ps
            if still:
                other = still()
                qs = fill(other, inputs, weights)
                checked = trainer(other, qs, inputs, optimizer, args, clip)
            for _ in range(10):
                checked()
            return [q.data().asnumpy() for q in qs]

        return run, result

    return make


def transformer():
    return Encoder(0.1)


INPUTS = {transformer: "xyn"}


def epoch(arrays):
    images, labels = arrays[0].reshape(-1, 1, 28, 28), arrays[1].astype("float32")
    net = lenet()
    ps = fill(net, [nd.zeros((256, 1, 28, 28)), nd.zeros(256)], arrays[2:])
    opt = gluon.Trainer(ps, "sgd", dict(learning_rate=0.9), kvstore=None)
    net.hybridize(static_alloc=True)
    order = numpy.random.permutation(len(images))
    for i in range(0, len(order), 256):
        at = order[i:i + 256]
        x, y = nd.array(images[at], dtype="uint8").astype("float32") / 255, nd.array(labels[at])
        with autograd.record():
            loss = net(x, y)
        loss.backward()
        opt.step(len(at))
        loss.wait_to_read()


def sgd(lr):
    return "sgd", dict(learning_rate=lr)


ROWS = dict(
    linreg=step(linreg, *sgd(0.03)), mlp=step(mlp, *sgd(0.1)), lenet=step(lenet, *sgd(0.9)),
    rnn=step(lambda: Recurrent(rnn.RNN(256, activation="tanh")), *sgd(1), clip=1),
    gru=step(lambda: Recurrent(rnn.GRU(256)), *sgd(1), clip=1),
    lstm=step(lambda: Recurrent(rnn.LSTM(256)), *sgd(1), clip=1),
    transformer=step(transformer, "adam", dict(learning_rate=0.001, epsilon=1e-4), still=lambda: Encoder(0)),
    resnet18=step(resnet18, *sgd(0.0002)), densenet=step(densenet, *sgd(0.05)), embeddingbag=step(Bag, *sgd(0.5)),
)


def about():
    return "MXNet %s, hybridized, Python %s" % (mx.__version__, sys.version.split()[0]), ""


def first_step(arrays):
    ROWS["lenet"](arrays)[0]()


common.main(about, ROWS, dict(start=first_step, memory=epoch), nd.waitall)
