package random

import "github.com/fathom-ml/fathom/internal/rng"

// States is the state of the three random streams of the process (the default one, the loaders' and the layers') as bytes, for checkpoints.
func States() []byte {
	b, err := rng.Global.MarshalBinary()
	if err != nil { // it writes to memory
		panic(err)
	}
	return b
}

// SetStates puts back what [States] returned, so that all that is drawn after it comes again. On an error, for bytes that are none, nothing has changed.
func SetStates(b []byte) error { return rng.Global.UnmarshalBinary(b) }
