package rng

import (
	"math"
	"testing"
)

// The values are those of arithmetic with 60 digits, also where a sum of log-gammas in float64 has none left.
func TestLogProbabilities(t *testing.T) {
	for _, c := range []struct{ got, want float64 }{
		{logPoisson(0, 3.5), -3.5},
		{logPoisson(1, 0.7), -1.05667494393873},
		{logPoisson(12, 9.5), -2.47171291238394},
		{logPoisson(60, 55), -3.18818230972334},
		{logPoisson(1000100, 1e+06), -7.83174372635364},
		{logPoisson(1000003000000, 1e+12), -19.2344460911735},
		{logPoisson(5, 200), -178.295904910042},
		{logBinomial(0, 20, 0.3), -7.13349887877465},
		{logBinomial(20, 20, 0.3), -24.0794560865187},
		{logBinomial(7, 20, 0.3), -1.80629265492043},
		{logBinomial(31, 100, 0.3), -2.47712438735596},
		{logBinomial(300000100, 1000000000, 0.3), -10.5002714826194},
		{logBinomial(10000000000000, 100000000000000, 0.1), -15.8330613798371},
		{logBinomial(3, 1000, 0.25), -272.049405453071},
	} {
		if !(math.Abs(c.got-c.want) <= 1e-9*math.Abs(c.want)) {
			t.Errorf("%.12g, want %.12g", c.got, c.want)
		}
	}
}
