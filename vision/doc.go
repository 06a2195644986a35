// Package vision is the toolkit for pictures. So far it holds transforms from stored images
// to the features of a batch.
package vision
