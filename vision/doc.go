// Package vision is the toolkit for pictures. It reads them from files and holds the transforms from stored
// images to the features of a batch; package models below it has the networks.
package vision
