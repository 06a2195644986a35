//go:build arm64 && !noasm

package simd

// Every 64-bit processor of Arm that Go runs on has NEON.
func detect() Level { return NEON }

func features() []string { return []string{"neon"} }
