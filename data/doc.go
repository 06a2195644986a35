// Package data brings data sets to a training loop: where files lie and how
// they get there ([Find], [Fetch]), the idx format ([ReadIDX]), Fashion-MNIST and
// the embedded digits ([FashionMNIST], [Digits]), and the loader that cuts a
// data set into minibatches ([NewLoader]).
package data
