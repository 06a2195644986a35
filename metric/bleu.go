package metric

import (
	"math"
	"strings"
)

// SentenceBLEU compares a translation with one reference (9.7): exp(min(0, 1 - len(reference)/len(translation))) times the product over n = 1 ... k of
// p(n)^(1/2^n), where p(n) is the fraction of the translation's n-grams that are found in the reference, each as often as it stands there. It is 0 if the
// translation is empty or has fewer than k tokens.
func SentenceBLEU(translation, reference []string, k int) float64 {
	if len(translation) < max(k, 1) {
		return 0
	}
	score := math.Exp(min(0, 1-float64(len(reference))/float64(len(translation))))
	for n := 1; n <= k; n++ {
		hits, all := matches(translation, [][]string{reference}, n)
		score *= math.Pow(hits/all, math.Pow(0.5, float64(n)))
	}
	return score
}

// grams counts the n-grams of a sentence.
func grams(s []string, n int) map[string]float64 {
	c := map[string]float64{}
	for i := 0; i+n <= len(s); i++ {
		c[strings.Join(s[i:i+n], "\x00")]++
	}
	return c
}

// matches is how many n-grams of s are found in a reference, each as often as it stands in one of them at most, and how many there are.
func matches(s []string, references [][]string, n int) (hits, all float64) {
	most := map[string]float64{}
	for _, r := range references {
		for g, c := range grams(r, n) {
			most[g] = max(most[g], c)
		}
	}
	for g, c := range grams(s, n) {
		hits += min(c, most[g])
		all += c
	}
	return hits, all
}

// BLEU is the score of a corpus of translations with one or more references each (Papineni et al., 2002): the geometric mean of the fractions of
// 1- to 4-grams that are found, over all sentences together, times exp(min(0, 1 - r/c)), where c is the length of all translations and r that of
// the references nearest to them in length.
type BLEU struct {
	k         int
	hits, all []float64
	c, r      float64
}

// NewBLEU returns the score with n-grams up to k, 4 as usual.
func NewBLEU(k int) *BLEU { return &BLEU{k: k, hits: make([]float64, k), all: make([]float64, k)} }

// Add takes in a translation and its references.
func (m *BLEU) Add(translation []string, references ...[]string) {
	for n := range m.k {
		hits, all := matches(translation, references, n+1)
		m.hits[n] += hits
		m.all[n] += all
	}
	m.c += float64(len(translation))
	best := 0
	for i, r := range references {
		d, old := len(r)-len(translation), len(references[best])-len(translation)
		if abs(d) < abs(old) || abs(d) == abs(old) && len(r) < len(references[best]) {
			best = i
		}
	}
	if len(references) > 0 {
		m.r += float64(len(references[best]))
	}
}

func abs(n int) int { return max(n, -n) }

// Value is the score, between 0 and 1; NaN before the first sentence.
func (m *BLEU) Value() float64 {
	if m.c == 0 {
		return math.NaN()
	}
	sum := 0.0
	for n := range m.k {
		sum += math.Log(m.hits[n]/max(m.all[n], 1)) / float64(m.k)
	}
	return math.Exp(min(0, 1-m.r/m.c) + sum)
}

// Merge adds the counts of another score.
func (m *BLEU) Merge(o *BLEU) {
	for n := range min(m.k, o.k) {
		m.hits[n] += o.hits[n]
		m.all[n] += o.all[n]
	}
	m.c, m.r = m.c+o.c, m.r+o.r
}

// Reset forgets all.
func (m *BLEU) Reset() { *m = *NewBLEU(m.k) }
