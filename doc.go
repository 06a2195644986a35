// Package fathom is the root of a deep-learning framework and of a book that
// runs on it. The rooms are in the folders: start with package tensor for
// arrays and gradients, nn for layers, d2l for the book's helpers; the
// command is in cmd/fathom.
package fathom
