package linalg_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// TestOpInfo holds the functions against PyTorch's samples of its own.
func TestOpInfo(t *testing.T) {
	type call = oracle.Call
	one := func(f func(x *tensor.Tensor) *tensor.Tensor) oracle.CallFunc {
		return func(c call) ts { return ts{f(c.X())} }
	}
	two := func(f func(x, y *tensor.Tensor) *tensor.Tensor) oracle.CallFunc {
		return func(c call) ts { return ts{f(c.X(), c.T(1, "other"))} }
	}
	rtol := func(c call) []float64 {
		if c.KW["rtol"] == nil {
			return nil
		}
		return []float64{c.Float(-1, "rtol", 0)}
	}
	ord := func(c call, at int) linalg.Ord {
		if s := c.Str(at, "ord"); s != "" {
			return linalg.Ord(s)
		}
		return linalg.Ord(fmt.Sprint(c.Float(at, "ord", 2)))
	}
	oracle.RunCalls(t, "testdata/opinfo.json.gz", map[string]oracle.CallFunc{
		"cholesky_solve":      two(linalg.CholeskySolve),
		"linalg.cholesky":     one(linalg.Cholesky),
		"linalg.cond":         one(func(x *tensor.Tensor) *tensor.Tensor { return linalg.Cond(x, linalg.Two) }),
		"linalg.cross":        func(c call) ts { return ts{linalg.Cross(c.X(), c.T(1, ""), c.Int(2, "dim", -1))} },
		"linalg.det":          one(linalg.Det),
		"linalg.det.singular": one(linalg.Det),
		"linalg.eigvalsh":     one(linalg.EigValsH),
		"linalg.inv":          one(linalg.Inv),
		"linalg.lu": func(c call) ts {
			p, l, u := linalg.LU(c.X())
			return ts{p, l, u}
		},
		"linalg.matrix_norm": func(c call) ts {
			if c.Bool(3, "keepdim", false) || c.Bool(2, "keepdim", false) {
				return ts{linalg.MatrixNormKeep(c.X(), ord(c, 1))}
			}
			return ts{linalg.MatrixNorm(c.X(), ord(c, 1))}
		},
		"linalg.matrix_power": func(c call) ts { return ts{linalg.MatrixPower(c.X(), c.Int(1, "n", 0))} },
		"linalg.matrix_rank":  func(c call) ts { return ts{linalg.MatrixRank(c.X(), rtol(c)...)} },
		"linalg.multi_dot":    func(c call) ts { return ts{linalg.MultiDot(c.Ts(0, "")...)} },
		"linalg.pinv":         func(c call) ts { return ts{linalg.PInv(c.X(), rtol(c)...)} },
		"linalg.qr": func(c call) ts {
			q, r := linalg.QR(c.X())
			return ts{q, r}
		},
		"linalg.slogdet": func(c call) ts {
			sign, l := linalg.SlogDet(c.X())
			return ts{sign, l}
		},
		"linalg.solve": two(linalg.Solve),
		"linalg.solve_triangular": func(c call) ts {
			part := linalg.Lower
			if c.Bool(-1, "upper", false) {
				part = linalg.Upper
			}
			if c.Bool(-1, "unitriangular", false) {
				part += linalg.UnitLower - linalg.Lower
			}
			if c.Bool(-1, "left", true) {
				return ts{linalg.SolveTriangular(c.X(), c.T(1, ""), part)}
			}
			return ts{swap(linalg.SolveTriangular(swap(c.X()), swap(c.T(1, "")), part^1))}
		},
		"linalg.svdvals": one(linalg.SVDVals),
		"linalg.vecdot":  func(c call) ts { return ts{c.X().Mul(c.T(1, "")).Sum(c.Int(-1, "dim", -1))} },
		"linalg.vector_norm": func(c call) ts {
			if c.Bool(-1, "keepdim", false) {
				return ts{linalg.VectorNormKeep(c.X(), c.Float(1, "ord", 2), c.Ints(2, "dim")...)}
			}
			return ts{linalg.VectorNorm(c.X(), c.Float(1, "ord", 2), c.Ints(2, "dim")...)}
		},
		"matrix_exp": one(linalg.MatrixExp),
	})
}
