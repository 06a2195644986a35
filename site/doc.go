// Package site makes HTML of the book: pages of lessons with their formulas, code, outputs and figures. [Export] writes them as files that work from a disk;
// [Server] shows them on this machine, runs lessons and edited lessons in processes of their own, and streams what they show.
package site
