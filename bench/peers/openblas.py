"""NumPy's matrix product, which is that of its BLAS: the rows of gemm."""
import sys

import numpy

import common


def gemm(case):
    def make(arrays):
        a, b = arrays
        if case[0] == "T":
            a = a.T
        if case[1] == "T":
            b = b.T
        y = numpy.empty((a.shape[0], b.shape[1]), "float32")
        return lambda: numpy.dot(a, b, out=y), lambda: [numpy.dot(a, b)]

    return make


class Rows(dict):
    """All rows of gemm: what is to be done shows in the end of the name."""

    def __contains__(self, name):
        return name.startswith("gemm-")

    def __getitem__(self, name):
        return gemm(name[-2:])


def about():
    numpy.dot(numpy.ones((9, 9), "float32"), numpy.ones((9, 9), "float32"))
    which = common.blas()
    warn = "" if which == "openblas" else "NumPy computes with %s, not with OpenBLAS" % which
    return "NumPy %s, %s, Python %s" % (numpy.__version__, which, sys.version.split()[0]), warn


common.main(about, Rows())
