"""The training steps in JAX: each one a function, compiled, whose weights it may overwrite."""
import math
import sys

import common

common.stay()

import jax  # noqa: E402
import jax.numpy as np  # noqa: E402
from jax import lax, nn  # noqa: E402


def crossentropy(logits, y):
    return -np.take_along_axis(nn.log_softmax(logits), y[:, None], 1).mean()


def conv(x, w, b, stride=1, pad=0):
    y = lax.conv_general_dilated(x, w, (stride, stride), [(pad, pad)] * 2, dimension_numbers=("NCHW", "OIHW", "NCHW"))
    return y + b[:, None, None]


def pool(x, k, f, start, stride=None, pad=0):
    s = stride or k
    return lax.reduce_window(x, start, f, (1, 1, k, k), (1, 1, s, s), [(0, 0), (0, 0), (pad, pad), (pad, pad)])


def avgpool(x):
    return pool(x, 2, lax.add, 0.0) / 4


def batchnorm(x, g, b):
    mean = x.mean((0, 2, 3), keepdims=True)
    var = ((x - mean) ** 2).mean((0, 2, 3), keepdims=True)
    return (x - mean) * lax.rsqrt(var + 1e-5) * g[:, None, None] + b[:, None, None]


def layernorm(x, g, b):
    mean = x.mean(-1, keepdims=True)
    var = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(var + 1e-5) * g + b


def dense(x, w, b):
    return x @ w.T + b


# Losses of the weights w, a list in the order of ours, and the inputs


def linreg(w, key, x, y):
    return ((dense(x, *w) - y) ** 2).mean() / 2


def mlp(w, key, x, y):
    return crossentropy(dense(nn.relu(dense(x.reshape(len(x), -1), *w[:2])), *w[2:]), y)


def lenet(w, key, x, y):
    x = avgpool(nn.sigmoid(conv(x, *w[:2], pad=2)))
    x = avgpool(nn.sigmoid(conv(x, *w[2:4])))
    x = nn.sigmoid(dense(x.reshape(len(x), -1), *w[4:6]))
    return crossentropy(dense(nn.sigmoid(dense(x, *w[6:8])), *w[8:]), y)


def recurrent(cell):
    def loss(w, key, x, y):
        wi, wh, bi, bh, wo, bo = w
        px = dense(nn.one_hot(x.T, 28), wi, bi)
        zero = np.zeros((x.shape[0], 256))

        def step(state, p):
            state = cell(p, state[0] @ wh.T + bh, *state)
            return state, state[0]

        _, h = lax.scan(step, (zero, zero), px)
        return crossentropy(dense(h.reshape(-1, 256), wo, bo), y)

    return loss


def rnn(p, q, h, c):
    return np.tanh(p + q), c


def gru(p, q, h, c):
    pr, pz, pn = np.split(p, 3, -1)
    qr, qz, qn = np.split(q, 3, -1)
    z = nn.sigmoid(pz + qz)
    n = np.tanh(pn + nn.sigmoid(pr + qr) * qn)
    return n + z * (h - n), c


def lstm(p, q, h, c):
    i, f, g, o = np.split(p + q, 4, -1)
    c = nn.sigmoid(f) * c + nn.sigmoid(i) * np.tanh(g)
    return nn.sigmoid(o) * np.tanh(c), c


def positions(t, d):
    a = np.arange(t)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack((np.sin(a), np.cos(a)), -1).reshape(t, d)


def transformer(p):
    d, heads, t = 32, 4, 10
    at = positions(t, d)

    def loss(w, key, x, y, lengths):
        w, keys = iter(w), iter(jax.random.split(key, 7))

        def drop(x):
            return x if p == 0 else np.where(jax.random.bernoulli(next(keys), 1 - p, x.shape), x / (1 - p), 0)

        def split(y):
            return y.reshape(-1, t, heads, d // heads).transpose(0, 2, 1, 3)

        hide = (np.arange(t) >= lengths[:, None])[:, None, None]
        h = drop(next(w)[x] * math.sqrt(d) + at)
        for _ in range(2):
            q, k, v = (split(h @ next(w).T) for _ in range(3))
            s = nn.softmax(np.where(hide, -1e6, q @ k.transpose(0, 1, 3, 2) / math.sqrt(d // heads)))
            a = (drop(s) @ v).transpose(0, 2, 1, 3).reshape(-1, t, d) @ next(w).T
            h = layernorm(h + drop(a), next(w), next(w))
            f = dense(nn.relu(dense(h, next(w), next(w))), next(w), next(w))
            h = layernorm(h + drop(f), next(w), next(w))
        return crossentropy(dense(h, next(w), next(w)).reshape(-1, 200), y)

    return loss


def resnet18(w, key, x, y):
    w = iter(w)

    def c(x, stride, pad):
        return conv(x, next(w), next(w), stride, pad)

    def block(x, stride, conv3):  # the weights lie in the order conv1, conv2, conv3, bn1, bn2
        w1, b1, w2, b2 = (next(w) for _ in range(4))
        if conv3:
            w3, b3 = next(w), next(w)
        h = nn.relu(batchnorm(conv(x, w1, b1, stride, 1), next(w), next(w)))
        h = batchnorm(conv(h, w2, b2, 1, 1), next(w), next(w))
        return nn.relu(h + (conv(x, w3, b3, stride) if conv3 else x))

    x = nn.relu(batchnorm(c(x, 2, 3), next(w), next(w)))
    x = pool(x, 3, lax.max, -np.inf, 2, 1)
    for stage in range(4):
        for i in range(2):
            first = stage > 0 and i == 0
            x = block(x, 2 if first else 1, first)
    return crossentropy(dense(x.mean((2, 3)), next(w), next(w)), y)


def densenet(w, key, x, y):
    for i in range(4):
        g, b, cw, cb = w[4 * i:4 * i + 4]
        x = np.concatenate((x, conv(nn.relu(batchnorm(x, g, b)), cw, cb, pad=1)), 1)
    return crossentropy(dense(x.mean((2, 3)), *w[16:]), y)


def embeddingbag(w, key, x, y):
    return crossentropy(dense(w[0][x].mean(1), *w[1:]), y)


def sgd(lr, clip=None):
    def update(w, g, state, t):
        if clip:
            norm = np.sqrt(sum((x ** 2).sum() for x in g))
            g = [x * np.minimum(1, clip / (norm + 1e-6)) for x in g]
        return [x - lr * dx for x, dx in zip(w, g)], state

    return update, lambda w: ()


def adam(lr):
    def update(w, g, state, t):
        rate = lr * np.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
        m = [0.9 * a + 0.1 * x for a, x in zip(state[0], g)]
        v = [0.999 * a + 0.001 * x * x for a, x in zip(state[1], g)]
        return [x - rate * a / (np.sqrt(b) + 1e-4) for x, a, b in zip(w, m, v)], (m, v)

    return update, lambda w: ([np.zeros_like(x) for x in w], [np.zeros_like(x) for x in w])


class Step:
    def __init__(self, loss, optimizer, n, still=None):
        """n is the number of inputs; still is the loss without dropout, if that is another one."""
        self.update, self.start = optimizer
        self.n = n
        self.step = self.compiled(loss)
        self.still = self.compiled(still) if still else self.step

    def compiled(self, loss):
        def step(w, state, t, key, *inputs):
            _, g = jax.value_and_grad(loss)(w, key, *inputs)
            w, state = self.update(w, g, state, t)
            return w, state, t + 1, jax.random.fold_in(key, 1)

        return jax.jit(step, donate_argnums=(0, 1, 2, 3))

    def __call__(self, arrays):
        inputs, self.w = [np.asarray(a) for a in arrays[:self.n]], [np.asarray(a) for a in arrays[self.n:]]
        self.state, self.t, self.key = self.start(self.w), np.asarray(1.0), jax.random.PRNGKey(1)

        def once(step):
            self.w, self.state, self.t, self.key = step(self.w, self.state, self.t, self.key, *inputs)

        def result():
            for _ in range(10):
                once(self.still)
            return self.w

        LAST[:] = [self]
        return lambda: once(self.step), result


LAST = []  # whose work is to be waited for


def wait():
    if LAST:
        jax.block_until_ready(LAST[-1].w)


def epoch(arrays):
    images, labels = arrays[0].reshape(-1, 1, 28, 28), arrays[1]
    s = Step(lambda w, key, x, y: lenet(w, key, x.astype("float32") / 255, y), sgd(0.9), 0)
    w, t, key = [np.asarray(a) for a in arrays[2:]], np.asarray(1.0), jax.random.PRNGKey(1)
    order = jax.random.permutation(key, len(images))
    order = jax.device_get(order)
    for i in range(0, len(order), 256):
        at = order[i:i + 256]
        w, _, t, key = s.step(w, (), t, key, images[at], labels[at])
    jax.block_until_ready(w)


ROWS = dict(
    linreg=lambda a: Step(linreg, sgd(0.03), 2)(a), mlp=lambda a: Step(mlp, sgd(0.1), 2)(a),
    lenet=lambda a: Step(lenet, sgd(0.9), 2)(a),
    rnn=lambda a: Step(recurrent(rnn), sgd(1, 1), 2)(a), gru=lambda a: Step(recurrent(gru), sgd(1, 1), 2)(a),
    lstm=lambda a: Step(recurrent(lstm), sgd(1, 1), 2)(a),
    transformer=lambda a: Step(transformer(0.1), adam(0.001), 3, transformer(0))(a),
    resnet18=lambda a: Step(resnet18, sgd(0.0002), 2)(a), densenet=lambda a: Step(densenet, sgd(0.05), 2)(a),
    embeddingbag=lambda a: Step(embeddingbag, sgd(0.5), 2)(a),
)


def first_step(arrays):
    ROWS["lenet"](arrays)[0]()


def about():
    return "JAX %s, jitted, Python %s" % (jax.__version__, sys.version.split()[0]), ""


common.main(about, ROWS, dict(start=first_step, memory=epoch), wait)
