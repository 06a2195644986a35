// Package nnop holds the fused operations of neural networks: linear maps,
// convolution, recurrent cells over whole sequences, pooling, softmax,
// cross-entropy, dropout, and the updates of optimizers. Each equals a chain of
// operations of package tensor and exists for speed; all but the updates are
// differentiable.
package nnop
