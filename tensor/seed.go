package tensor

import "github.com/fathom-ml/fathom/internal/rng"

// Seed starts the three random streams afresh: the default stream of initialisers and of package random, the
// loader's, and the layers'. With seed 0, the default, the default stream gives the numbers that the book prints.
func Seed(seed uint64) { rng.Global.Seed(seed) }
