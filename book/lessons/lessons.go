// Package lessons registers every lesson of the book: import it for that. A new lesson adds its
// package to the imports below, which gofmt keeps sorted by path.
package lessons

import (
	_ "github.com/fathom-ml/fathom/book/ch02/autograd"       // 2.5
	_ "github.com/fathom-ml/fathom/book/ch02/ndarray"        // 2.1
	_ "github.com/fathom-ml/fathom/book/ch03/imagedata"      // 3.5
	_ "github.com/fathom-ml/fathom/book/ch03/linregconcise"  // 3.3
	_ "github.com/fathom-ml/fathom/book/ch03/linregscratch"  // 3.2
	_ "github.com/fathom-ml/fathom/book/ch03/softmaxconcise" // 3.7
	_ "github.com/fathom-ml/fathom/book/ch03/softmaxscratch" // 3.6
	_ "github.com/fathom-ml/fathom/book/ch04/backprop"       // 4.7
	_ "github.com/fathom-ml/fathom/book/ch04/dropout"        // 4.6
	_ "github.com/fathom-ml/fathom/book/ch04/houseprices"    // 4.10
	_ "github.com/fathom-ml/fathom/book/ch04/mlp"            // 4.1
	_ "github.com/fathom-ml/fathom/book/ch04/mlpconcise"     // 4.3
	_ "github.com/fathom-ml/fathom/book/ch04/mlpscratch"     // 4.2
	_ "github.com/fathom-ml/fathom/book/ch04/polyfit"        // 4.4
	_ "github.com/fathom-ml/fathom/book/ch04/shift"          // 4.9
	_ "github.com/fathom-ml/fathom/book/ch04/stability"      // 4.8
	_ "github.com/fathom-ml/fathom/book/ch04/weightdecay"    // 4.5
	_ "github.com/fathom-ml/fathom/book/ch06/lenet"          // 6.6
)
