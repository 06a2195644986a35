package frame_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/fathom-ml/fathom/frame"
)

const house = `NumRooms,Alley,Price
NA,Pave,127500
2,NA,106000
4,NA,178100
NA,NA,140000
`

// From a file with gaps to tensors (2.2).
func Example() {
	f, err := frame.Read(strings.NewReader(house))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f)
	inputs, outputs := f.Cols(0, 2), f.Cols(2, 3)
	inputs = inputs.FillMeans().OneHot(true)
	fmt.Println(inputs)
	fmt.Println(inputs.Tensor())
	fmt.Println(outputs.Tensor().Flatten())
	// Output:
	//    NumRooms Alley   Price
	// 0       NaN  Pave  127500
	// 1       2.0   NaN  106000
	// 2       4.0   NaN  178100
	// 3       NaN   NaN  140000
	//    NumRooms  Alley_Pave  Alley_nan
	// 0       3.0           1          0
	// 1       2.0           0          1
	// 2       4.0           0          1
	// 3       3.0           0          1
	// [[3. 1. 0.]
	//  [2. 0. 1.]
	//  [4. 0. 1.]
	//  [3. 0. 1.]]
	// [127500 106000 178100 140000]
}

// The mean of each group.
func ExampleFrame_GroupBy() {
	f := frame.New(frame.Texts("species", "cat", "dog", "cat"), frame.Floats("weight", 4, 20, 5))
	fmt.Println(f.GroupBy("species").Mean())
	// Output:
	//   species  weight
	// 0     cat     4.5
	// 1     dog    20.0
}

// Sorting, and writing what comes out.
func ExampleFrame_Write() {
	f := frame.New(frame.Ints("Id", 1461, 1462), frame.Floats("SalePrice", 119000.5, 98000))
	if err := f.Sort("SalePrice", false).Write(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Id,SalePrice
	// 1462,98000.0
	// 1461,119000.5
}
