// Package models holds the convolutional networks of the literature, layer for layer as torchvision and Gluon's zoo have them, so that weights
// of others fit: with [TorchNames] every parameter gets the name that torchvision gives it.
//
//	net := models.NewResNet(18)
//	list, err := pt.LoadTensors("resnet18.pth")
//	err = nn.LoadFrom(net, pt.All(list), models.TorchNames)
//
// Images are [n, channels, height, width]. The networks of chapter 7 of the book, which differ in details and are made for images of one channel and ten
// classes, have names that begin with Book; their shapes come with the first run, so that they are drawn in the book's order.
// The shapes of the others are known from the start.
package models
