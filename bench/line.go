package main

import (
	"encoding/json"
	"math"
)

// line is one comparison: a row on a number of threads, here and in one peer.
type line struct {
	Name     string `json:"name"`
	Group    string `json:"group"`
	Threads  int    `json:"threads"`
	Unit     string `json:"unit"`
	Ours     number `json:"ours_ms"`
	OursBest number `json:"ours_best_ms"`
	Peer     string `json:"peer"`
	Config   string `json:"config,omitempty"` // the way in which the peer was fastest
	PeerTime number `json:"peer_ms"`
	PeerBest number `json:"peer_best_ms"`
	Ratio    number `json:"ratio"`
	Limit    number `json:"limit"`
	Verdict  string `json:"verdict,omitempty"` // "ok", "missed", or nothing without a limit
	Runs     int    `json:"runs"`
	Void     string `json:"void,omitempty"` // why there is no ratio
}

// number is a figure; NaN, which JSON has not, stands for none.
type number float64

// none is no figure.
var none = number(math.NaN())

// MarshalJSON writes null for none.
func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// newLine compares the readings of two workers.
func newLine(r row, threads int, us *turns, peer string, them *turns) line {
	l := line{Name: r.name, Group: r.group, Threads: threads, Unit: r.unit(), Peer: peer, Runs: 1,
		Ours: none, OursBest: none, PeerTime: none, PeerBest: none, Ratio: none, Limit: none}
	unit := 1000 / float64(max(r.times, 1))
	if l.Unit == "MB" {
		unit = 1
	}
	if us.void == "" {
		l.Ours, l.OursBest = number(median(us.times)*unit), number(us.best*unit)
	} else {
		l.Void = "ours: " + us.void
	}
	if them.void == "" {
		l.PeerTime, l.PeerBest = number(median(them.times)*unit), number(them.best*unit)
		l.Config = them.side.config
	} else if l.Void == "" {
		l.Void = them.void
	}
	if l.Void == "" {
		l.judge(r, float64(l.Ours/l.PeerTime))
	}
	return l
}

// judge sets the ratio, its limit and the verdict.
func (l *line) judge(r row, ratio float64) {
	l.Ratio, l.Limit = number(ratio), none
	most := limitOf(r, l.Peer)
	if most == 0 || l.Peer == oneThread && l.Threads != 2 {
		return
	}
	l.Limit = number(most)
	if l.Verdict = "ok"; ratio > most {
		l.Verdict = "missed"
	}
}
