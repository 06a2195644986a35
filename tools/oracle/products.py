"""Computes the cases of the products: tensor/testdata/products.json.gz. See cases.py."""
import numpy as np
import torch

from cases import cases, differentiable, integers, normal, plain, rng, write

# equations with the shapes of their operands
EQUATIONS = """
ij,jk->ik 2,3 3,4
ij,jk 2,3 3,4
ij,kj->ik 2,3 4,3
ji,jk->ki 3,2 3,4
bij,bjk->bik 2,3,4 2,4,5
bij,bkj->bik 2,3,4 2,5,4
bhqd,bhkd->bhqk 2,2,3,4 2,2,5,4
bhqk,bkhd->bqhd 2,2,3,4 2,4,2,5
i,i 4 4
i,i-> 4 4
i,j->ij 3 4
i,j 3 4
j,i 3 4
i,i->i 4 4
ij->ji 2,3
ij->i 2,3
ij->j 2,3
ij-> 2,3
ij 2,3
ji 2,3
ii 3,3
ii->i 3,3
ii-> 3,3
iii->i 3,3,3
iij->j 2,2,3
iji->ij 2,3,2
iji->j 2,3,2
ijij->ij 2,3,2,3
ijji 2,3,3,2
bii->b 2,3,3
bii->bi 2,3,3
ij,ij->ij 2,3 2,3
ij,ij 2,3 2,3
ij,ij->j 2,3 2,3
ij,ji->ij 2,3 3,2
ij,i->ij 2,3 2
ij,j 2,3 3
ij,j->i 2,3 3
ij,k->ijk 2,3 2
ijk,jil->kl 2,3,4 3,2,5
ijk,k->ij 2,3,4 4
ijkl->lkji 2,1,3,2
ii,ij->j 3,3 3,2
ii,jj->ij 3,3 2,2
ij,kl-> 2,3 3,2
ij,kl->ik 2,3 3,2
ij,k->i 2,3 4
...ij->...ji 2,1,3,2
...ij,...jk->...ik 2,3,4 2,4,2
...ij,...jk->...ik 5,1,3,4 2,4,2
...ij,...jk 3,2 2,2,4
i...->... 3,2,4
i...->i... 3,2,4
...i->... 2,3
...i->i... 2,3,4
a...a->a... 3,2,3
...,...->... 2,3 3
...,... 4 3,4
i...,i...->... 3,2 3,2
...i->i 2,3
...ij,j->i 2,3,4 4
...->  2,3
b...,...c->bc... 2,3 3,4
b...,c...->bc... 2,3 4,3
i...j,j...k->i...k 2,5,3 3,5,4
ij,jk,kl->il 2,3 3,4 4,2
ij,jk,kl 2,3 3,4 4,2
i,ij,j-> 2 2,3 3
i,ij,j 2 2,3 3
ij,ik,il->jkl 2,3 2,4 2,2
a,b,c->abc 2 3 2
bn,anm,bm->ba 2,3 4,3,5 2,5
ab,bc,cd,de->ae 2,3 3,4 4,2 2,3
ij,jk,ki-> 2,3 3,4 4,2
ik,jk,k->ij 2,4 3,4 4
ij,ij,ij->i 2,3 2,3 2,3
ea,fb,abcd,gc,hd->efgh 2,2 2,3 2,3,2,2 2,2 2,2
AbC->CbA 2,3,4
Ba,aC 2,3 3,4
bA->Ab 2,3
zYx,xYw->wz 2,3,4 4,3,2
ij,jk->ik 1,3 3,1
ij,jk->ik 2,1 3,4
ij,ij->ij 1,3 2,3
ij,ij->i 2,1 2,3
ij,jk->ik 0,3 3,2
ij,jk->ik 2,0 0,2
ij->j 0,3
ij,ij-> 0,3 0,3
-> -
,->  - -
,i->i - 3
i,->i 3 -
i , j k -> i k j 2 3,2
 i j -> j i 2,3
... i -> i ... 2,3
""".strip("\n").split("\n")


def shape(word):
    return () if word == "-" else tuple(int(n) for n in word.split(","))


for line in EQUATIONS:
    words = line.split(" ")
    n = next(i for i in range(len(words), 0, -1) if i == 0 or not words[i - 1].replace(",", "").isdigit() and words[i - 1] != "-")
    eq, shapes = " ".join(words[:n]), [shape(w) for w in words[n:] if w]
    ins = [normal(*s) for s in shapes]
    want = eq.replace(" ", "")
    differentiable("einsum", lambda *xs: torch.einsum(want, *xs), *ins, name=eq)
for eq, shapes in (("ij,jk->ik", [(3, 4), (4, 2)]), ("ii", [(3, 3)]), ("ij,kj,k->i", [(2, 3), (4, 3), (4,)]), ("ij->i", [(2, 3)]), ("i,j", [(2,), (3,)])):
    for dtype in (np.int64, np.int32, np.uint8, np.int8):
        ins = [integers(-9 if np.dtype(dtype).kind == "i" else 0, 9, *s).astype(dtype) for s in shapes]
        plain("einsum", lambda *xs: np.einsum(eq, *xs), *ins, name=eq, only=["float64"])
    ins = [normal(*s) + 1j * normal(*s) for s in shapes]
    plain("einsum", lambda *xs: np.einsum(eq, *xs), *ins, name=eq, only=["float64"])
nan, inf = np.nan, np.inf
plain("einsum", lambda x: np.einsum("ii->i", x), np.array([[1.0, nan], [inf, 2]]), name="ii->i")
plain("einsum", lambda x, y: np.einsum("ij,j->i", x, y), np.array([[1.0, nan], [inf, 2], [0, 3]]), np.array([2.0, 1]), name="ij,j->i")

for a, b, n in (((2, 3), (3, 4), 1), ((2, 3, 4), (3, 4, 5), 2), ((2, 3), (2, 3), 2), ((2, 3), (4,), 0), ((3,), (3,), 1), ((), (2,), 0), ((0, 3), (3, 2), 1),
                ((2, 0), (0, 2), 1)):
    differentiable("tensordot", lambda x, y: torch.tensordot(x, y, n), normal(*a), normal(*b), axes=[n])
for a, b, i, j in (((2, 3, 4), (4, 3, 5), [1, 2], [1, 0]), ((2, 3), (2, 4), [0], [0]), ((2, 3, 4), (5, 2), [-3], [-1]), ((2, 3), (3, 2), [1, 0], [0, 1]),
                   ((3, 4, 5), (4, 3, 2), [1, 0], [0, 1])):
    differentiable("tensordot_axes", lambda x, y: torch.tensordot(x, y, (i, j)), normal(*a), normal(*b), axes=i, ints=j)
for a, b in (((3,), (4,)), ((1,), (2,)), ((0,), (3,))):
    differentiable("outer", torch.outer, normal(*a), normal(*b))
plain("outer", np.outer, normal(2, 2), normal(3))
for a, b in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((2, 3, 4), (5, 4)), ((), (3,)), ((2, 0), (3, 0))):
    differentiable("inner", torch.inner, normal(*a), normal(*b))
for a, b in (((2, 2), (2, 3)), ((3,), (2,)), ((2, 3), (2,)), ((2, 1, 3), (2, 2)), ((), (2, 2)), ((2,), (1, 3, 2))):
    differentiable("kron", torch.kron, normal(*a), normal(*b))
differentiable("vdot", torch.vdot, normal(4), normal(4))
plain("vdot", lambda x, y: np.asarray(np.vdot(x, y)), normal(2, 3), normal(3, 2))
plain("vdot", lambda x, y: np.asarray(np.vdot(x, y)), normal(3) + 1j * normal(3), normal(3) + 1j * normal(3), only=["float64"])
for ta in (0, 1):
    for tb in (0, 1):
        for b, n, k, m in ((2, 3, 4, 5), (1, 2, 2, 2), (3, 1, 2, 1)):
            differentiable("batch_dot", lambda x, y: torch.bmm(x.transpose(1, 2) if ta else x, y.transpose(1, 2) if tb else y),
                           normal(*((b, k, n) if ta else (b, n, k))), normal(*((b, m, k) if tb else (b, k, m))), ints=[ta, tb])
for s, axis in (((3,), 0), ((2, 3), 1), ((3, 2), 0), ((2, 3, 4), -2)):
    differentiable("cross", lambda x, y: torch.cross(x, y, dim=axis), normal(*s), normal(*s), axes=[axis])
for a, b in (((2, 3, 4), (4,)), ((2, 3, 4), (4, 5)), ((2, 3), (4, 3, 5)), ((3,), (2, 3, 2)), ((2, 2, 3), (2, 3, 2)), ((2, 3), ()), ((), (3,))):
    def dot(x, y):
        if x.dim() == 0 or y.dim() == 0:
            return x * y
        return torch.tensordot(x, y, ([x.dim() - 1], [max(0, y.dim() - 2)]))
    differentiable("dot", dot, normal(*a), normal(*b))
    plain("dot", lambda x, y: np.asarray(np.dot(x, y)), normal(*a), normal(*b))
for dtype in (np.int64, np.int32, np.uint8, np.int8):
    for a, b in (((3, 4), (4, 2)), ((2, 3, 4), (4, 2)), ((5, 1, 2, 3), (4, 3, 2)), ((4,), (4,)), ((2, 3), (3,)), ((0, 3), (3, 2)), ((2, 0), (0, 3))):
        ins = [rng.randint(0 if dtype == np.uint8 else -50, 50, s).astype(dtype) for s in (a, b)]
        plain("matmul", lambda x, y: np.asarray(np.matmul(x, y)), *ins, only=["float64"])
for a, b in (((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 3), (3, 0)), ((0, 2, 3), (3, 4)), ((2, 2, 0), (0, 3)), ((0,), (0,)), ((0,), (0, 2)), ((3, 0), (0,)),
             ((1, 2, 3), (0, 3, 2))):
    differentiable("matmul", torch.matmul, normal(*a), normal(*b))
for a, b in (((2, 3), (4, 3)), ((3, 2), (3, 2))):
    x, y = normal(*a).astype(np.float16), normal(*b).astype(np.float16)
    plain("einsum", lambda x, y: np.einsum("ij,kj->ik", x.astype(np.float32), y.astype(np.float32)).astype(np.float16), x, y, name="ij,kj->ik",
          only=["float64"], rtol=[1e-3, 1e-3])
for s, beta, alpha in (((2, 4), 1, 1), ((4,), 0.5, -2), ((2, 1), 3, 0.25), ((), -1, 1), ((0, 4), 1, 2)):
    n = s[0] if len(s) == 2 else 2
    differentiable("addmm", lambda x, a, b: torch.addmm(x, a, b, beta=beta, alpha=alpha), normal(*s), normal(n, 3), normal(3, 4), floats=[beta, alpha])
plain("addmm", lambda x, a, b: a @ b, np.array([[nan, inf]]), normal(3, 2), normal(2, 2), floats=[0, 1])
for p in (1, 2, 3, 1.5, inf):
    for a, b in (((3, 4), (2, 4)), ((2, 1, 3, 2), (3, 4, 2)), ((0, 3), (2, 3)), ((1, 1), (1, 1))):
        differentiable("cdist", lambda x, y: torch.cdist(x, y, p, "donot_use_mm_for_euclid_dist"), normal(*a), normal(*b), name=str(p))
same = normal(3, 4)
differentiable("cdist", lambda x, y: torch.cdist(x, y, 2, "donot_use_mm_for_euclid_dist"), same, same, name="2")
differentiable("cdist", lambda x, y: torch.cdist(x, y, 2, "donot_use_mm_for_euclid_dist"), np.array([[1e4, 0.0]]), np.array([[1e4, 0.001]]), name="2")

write("tensor/testdata/products.json.gz")
