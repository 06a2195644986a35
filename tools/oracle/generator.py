"""Weights and images that Python and Go make alike, so that networks need not be stored. Element i of the array called NAME comes from

    u(NAME, i) = (splitmix64(fnv1a64(NAME) + (i+1)*golden) >> 11) / 2^53        in [0, 1)

as He-uniform values for matrices and windows, 0.5 + u for scales and running variances, (2u-1)/10 for biases and running means. Of an
array g is kept its product with the numbers 2u("of NAME", i)-1, and its norm. vision/models/oracle_test.go has the other half.
"""
import numpy as np


def uniform(name, n):
    h = 0xCBF29CE484222325
    for b in name.encode():
        h = (h ^ b) * 0x100000001B3 % (1 << 64)
    with np.errstate(over="ignore"):
        z = np.uint64(h) + (np.arange(n, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / 2**53


def value(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if len(shape) > 1:
        u = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith(("bias", "beta", "running_mean")):
        u = (2 * u - 1) / 10
    else:
        u = 0.5 + u
    return u.reshape(shape)


def images(shape):
    return (2 * uniform("images", int(np.prod(shape))) - 1).reshape(shape)


def mark(name, g):
    g = np.asarray(g, np.float64).ravel()
    return [float(g @ (2 * uniform("of " + name, g.size) - 1)), float(np.linalg.norm(g))]
