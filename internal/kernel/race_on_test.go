//go:build race

package kernel_test

// underRace leaves out the runs without threads: the detector has nothing to
// find in them and makes everything slow.
const underRace = true
