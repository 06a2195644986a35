//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package data

import "os"

// tryLock does nothing here: two processes that download the same file at the
// same time may spoil each other's part, which the checksum finds.
func tryLock(*os.File) (bool, error) { return true, nil }

// renameOpen says that an open file can be renamed.
const renameOpen = false
