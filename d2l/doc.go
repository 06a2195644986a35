// Package d2l holds the helpers that the book defines on its way, under the
// book's names in Go form. They are thin: each is a few lines over the rooms
// below, so that a reader can see through them. Helpers that print or draw
// take the display first.
//
// The sections that define them: [SyntheticData], [SyntheticDataFrom], [Linreg], [SquaredLoss], [SGD]
// 3.2; [LoadArray] 3.3; [Timer] 3.1; [ShowImages], [GetFashionMNISTLabels],
// [LoadDataFashionMNIST] 3.5; [Accumulator], [Animator], [Accuracy],
// [EvaluateAccuracy], [TrainEpochCh3], [TrainCh3], [PredictCh3] 3.6; [TryGPU] 5.6;
// [EvaluateLoss] 4.4; [DataHub], [DataURL], [Download], [DownloadExtract], [DownloadAll] 4.10; [EvaluateAccuracyGPU], [TrainCh6] 6.6; [Plot] 2.4.
package d2l
