package metric

import (
	"math"
	"slices"
)

// Ranking follows lists of recommended items, one a user, against the items that the user chose (16.6): hit rate, normalised discounted cumulative gain,
// and AUC.
type Ranking struct {
	k               int
	hits, gain, auc float64
	n, ranked       float64
}

// NewRanking returns a measure of the first k items of each list.
func NewRanking(k int) *Ranking { return &Ranking{k: k} }

// Add takes in the items of one user, the best first, and those that are right.
func (m *Ranking) Add(items, right []int) {
	m.n++
	isRight := map[int]bool{}
	for _, r := range right {
		isRight[r] = true
	}
	first := items[:min(m.k, len(items))]
	if slices.ContainsFunc(first, func(i int) bool { return isRight[i] }) {
		m.hits++
	}
	gain, ideal := 0.0, 0.0
	for i, item := range first {
		if isRight[item] {
			gain += 1 / math.Log2(float64(i)+2)
		}
	}
	for i := range min(m.k, len(isRight)) {
		ideal += 1 / math.Log2(float64(i)+2)
	}
	if ideal > 0 {
		m.gain += gain / ideal
	}
	wrong, before, found := 0.0, 0.0, 0.0
	for _, item := range items {
		if isRight[item] {
			before += wrong
			found++
		} else {
			wrong++
		}
	}
	if found > 0 && wrong > 0 {
		m.auc += 1 - before/(found*wrong)
		m.ranked++
	}
}

// HitRate is the fraction of users with a right item among the first k.
func (m *Ranking) HitRate() float64 { return ratio(m.hits, m.n) }

// NDCG is the mean over users of the discounted gain of the first k items, sum of 1/log2(place+1) over the right ones, divided by the greatest possible one.
func (m *Ranking) NDCG() float64 { return ratio(m.gain, m.n) }

// AUC is the mean over users of the fraction of pairs of a right and a wrong item that are in the right order.
func (m *Ranking) AUC() float64 { return ratio(m.auc, m.ranked) }

// Merge adds the users of another one.
func (m *Ranking) Merge(o *Ranking) {
	m.hits, m.gain, m.auc, m.n, m.ranked = m.hits+o.hits, m.gain+o.gain, m.auc+o.auc, m.n+o.n, m.ranked+o.ranked
}

// Reset forgets all.
func (m *Ranking) Reset() { *m = Ranking{k: m.k} }
