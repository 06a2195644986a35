//go:build !amd64 || noasm

package direct

// active is the set in use.
func active() *set { return &plain }
