"""Lesson 4.5 in NumPy: norms and losses of its four runs, on the book's random stream, for several orders of the examples.

Prints what book/ch04/weightdecay/lesson_test.go holds the lesson against. Run with /usr/bin/python3.
"""

import numpy as np


class Stream:
    """The book's generator: MT19937, uniforms in float32, the polar method."""

    def __init__(self):
        self.bits = np.random.RandomState(0)

    def uniform(self):
        u = np.float32(np.float32(self.bits.randint(0, 2**32, dtype=np.uint32)) / np.float32(2**32))
        return u if u < 1 else np.nextafter(np.float32(1), np.float32(0))

    def normal(self, n, sigma=1.0):
        f, out = np.float32, []
        while len(out) < n:
            r = f(0)
            while not 0 < r <= 1:
                x, y = f(2) * self.uniform() - f(1), f(2) * self.uniform() - f(1)
                r = x * x + y * y
            m = np.sqrt(f(-2) * np.log(r) / r)
            out += [y * m * f(sigma), x * m * f(sigma)]
        return np.array(out[:n], np.float64)


stream = Stream()


def data(n):
    X = stream.normal(n * 200).reshape(n, 200)
    return X, X @ np.full(200, 0.01) + 0.05 + stream.normal(n, 0.01)


X, y = data(20)
Xt, yt = data(100)
for lam in (0, 3, 0, 3):
    first = stream.normal(200)
    for order in range(4):
        w, b = first.copy(), 0.0
        shuffle = np.random.RandomState(100 + order)
        for _ in range(100):
            p = shuffle.permutation(20)
            for k in range(0, 20, 5):
                i = p[k : k + 5]
                d = X[i] @ w + b - y[i]
                w -= 0.003 * (X[i].T @ d / 5 + lam * w)
                b -= 0.003 * d.mean()
        print(f"lambda {lam}: norm {np.linalg.norm(w):.6f} train {((X @ w + b - y) ** 2 / 2).mean():.4g} test {((Xt @ w + b - yt) ** 2 / 2).mean():.5g}")
