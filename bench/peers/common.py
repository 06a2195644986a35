"""What the peers share: the protocol (see protocol.go) and the clock.

A peer calls main(about, rows), where rows maps a name to a function of the row's arrays that returns
(run, result): what is timed, and a function that returns what must agree, a list of arrays.
"""
import glob
import json
import os
import sys
import time
import traceback

THREADS = int(os.environ.get("BENCH_THREADS", "1"))


def stay():
    """Keep to as many processors as there are threads, for libraries that count processors."""
    mine = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, mine[:THREADS])


def load(folder):
    import numpy
    n = len(glob.glob(os.path.join(folder, "*.npy")))
    return [numpy.load(os.path.join(folder, "%d.npy" % i)) for i in range(n)]


def save(folder, arrays):
    import numpy
    for i, x in enumerate(arrays):
        numpy.save(os.path.join(folder, "%d.npy" % i), numpy.ascontiguousarray(x))


def peak():
    for l in open("/proc/self/status"):
        if l.startswith("VmHWM:"):
            return float(l.split()[1]) / 1024


def blas():
    """The BLAS that is loaded into this process, as far as its file name tells."""
    maps = open("/proc/self/maps").read().lower()
    for name in "openblas", "mkl_core", "blis", "armpl", "atlas":
        if name in maps:
            return name
    return "the reference BLAS" if "libblas" in maps else "a BLAS of its own"


class Timed:
    """Work and how many runs of it make a reading; times as in worker.go."""

    def __init__(self, made, wait):
        self.run, self.result = made
        self.wait = wait
        self.n = 0

    def reading(self):
        run, start = self.run, time.perf_counter()
        for _ in range(self.n):
            run()
        self.wait()
        return (time.perf_counter() - start) / self.n

    def time(self, seconds):
        if self.n == 0:  # the first run may compile
            self.run()
            self.wait()
        start = time.perf_counter()
        self.run()
        self.wait()
        first = time.perf_counter() - start
        if first > seconds / 2:
            self.n = max(self.n, 1)
            return [first]
        if self.n == 0:
            self.n = 1
            self.reading()
            self.n = max(1, int(seconds / 6 / max(self.reading(), 1e-9)))
            self.n = max(1, int(seconds / 6 / max(self.reading(), 1e-9)))
            start = time.perf_counter()
        times = []
        self.reading()
        while True:
            times.append(self.reading())
            if time.perf_counter() - start > seconds:
                return times


def main(about, rows, processes=None, wait=lambda: None):
    """about() is (what to say of oneself, what to warn of). wait() waits until what was begun is done."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer

    def answer(**a):
        out.write(json.dumps(a) + "\n")
        out.flush()

    if sys.argv[1] == "alone":
        name, folder = sys.argv[2:]
        (processes or {})[name](load(folder))
        wait()
        answer(mb=peak())
        return
    made = {}
    while True:
        l = sys.stdin.readline()
        if not l:
            return
        try:
            q = json.loads(l)
            do, row = q["do"], q.get("row")
            if do == "hello":
                who, warning = about()
                answer(about=who, warn=warning)
            elif do == "make" and row not in rows:
                answer(void="this peer has no such row")
            elif do == "make":
                made[row] = Timed(rows[row](load(q["folder"])), wait)
                answer()
            elif do == "result":
                arrays = made[row].result()
                save(q["folder"], arrays)
                answer(arrays=len(arrays))
            elif do == "time":
                answer(times=made[row].time(q["seconds"]))
            elif do == "drop":
                made.pop(row, None)
                answer()
            else:
                answer(error="what is %r?" % do)
        except Exception as e:
            traceback.print_exc()
            answer(error="%s: %s" % (type(e).__name__, str(e).strip().split("\n")[-1]))
