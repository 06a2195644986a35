//go:build !amd64 || noasm

package mixed

import "math"

// Without assembly there are no vectors, and nothing below is called.

const most = 16384

func lanes() int     { return math.MaxInt }
func wideLanes() int { return math.MaxInt }

func compare(op Op, n int, y *uint8, a, b *float32)   {}
func choose(n int, y *uint32, c *uint8, a, b *uint32) {}
func fromUint8(n int, y *float32, x *uint8)           {}
func toUint8(n int, y *uint8, x *float32)             {}
func fromInt32(n int, y *float32, x *int32)           {}
func toInt32(n int, y *int32, x *float32)             {}
func fromInt64(n int, y *float32, x *int64)           {}
func toInt64(n int, y *int64, x *float32)             {}
func fromFloat64(n int, y *float32, x *float64)       {}
func toFloat64(n int, y *float64, x *float32)         {}
func fromFloat16(n int, y *float32, x *uint16)        {}
func toFloat16(n int, y *uint16, x *float32)          {}
func fromBFloat16(n int, y *float32, x *uint16)       {}
func toBFloat16(n int, y *uint16, x *float32)         {}
