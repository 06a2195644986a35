package pt

import (
	"errors"
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/tensor/elem"
)

// global is a name of a module that is on the list.
type global struct{ module, name string }

func (g global) String() string { return g.module + "." + g.name }

// makers are the functions that a pickle may call. They make values of their arguments and do nothing else.
var makers = map[global]func(m *machine, args Tuple) (any, error){
	{"collections", "OrderedDict"}:                    makeDict,
	{"builtins", "set"}:                               makeList,
	{"__builtin__", "set"}:                            makeList,
	{"builtins", "frozenset"}:                         makeList,
	{"__builtin__", "frozenset"}:                      makeList,
	{"_codecs", "encode"}:                             makeBytes,
	{"torch", "Size"}:                                 makeSize,
	{"torch", "device"}:                               makeDevice,
	{"torch._utils", "_rebuild_tensor"}:               (*machine).tensor,
	{"torch._utils", "_rebuild_tensor_v2"}:            (*machine).tensor,
	{"torch._utils", "_rebuild_tensor_v3"}:            (*machine).tensor3,
	{"torch._utils", "_rebuild_parameter"}:            makeParameter,
	{"torch._utils", "_rebuild_parameter_with_state"}: makeParameter,
}

// dtypes are the names of torch.dtype that tensors can have; those of the storages are in kinds.
var dtypes = map[string]elem.Type{
	"bool": elem.Bool, "uint8": elem.U8, "int8": elem.I8, "uint16": elem.U16, "int16": elem.I16, "float16": elem.F16, "bfloat16": elem.BF16,
	"uint32": elem.U32, "int32": elem.I32, "float32": elem.F32, "int64": elem.I64, "float64": elem.F64, "complex64": elem.C64, "complex128": elem.C128,
}

// kinds are the types of storages by their names in module torch.
var kinds = map[string]elem.Type{
	"BoolStorage": elem.Bool, "ByteStorage": elem.U8, "CharStorage": elem.I8, "ShortStorage": elem.I16, "HalfStorage": elem.F16,
	"BFloat16Storage": elem.BF16, "IntStorage": elem.I32, "FloatStorage": elem.F32, "LongStorage": elem.I64, "DoubleStorage": elem.F64,
	"ComplexFloatStorage": elem.C64, "ComplexDoubleStorage": elem.C128, "UntypedStorage": elem.U8,
}

// global pushes what a name stands for, if it is on the list.
func (m *machine) global(op byte) error {
	var g global
	var err error
	if op == 'c' {
		if g.module, err = m.line(); err == nil {
			g.name, err = m.line()
		}
	} else {
		var vs []any
		if vs, err = m.popN(2); err == nil {
			var a, b bool
			g.module, a = vs[0].(string)
			g.name, b = vs[1].(string)
			if !a || !b {
				err = errors.New("a name that is not a string")
			}
		}
	}
	if err != nil {
		return err
	}
	v, ok := known(g)
	if !ok {
		return refuse(g)
	}
	m.push(v)
	return nil
}

func known(g global) (any, bool) {
	if makers[g] != nil {
		return g, true
	}
	if g.module == "torch.storage" && g.name == "UntypedStorage" {
		g.module = "torch"
	}
	if g.module != "torch" {
		return nil, false
	}
	if _, ok := kinds[g.name]; ok {
		return g, true
	}
	_, ok := dtypes[g.name]
	return DType(g.name), ok
}

// refuse is the error about a name that is not on the list.
func refuse(g global) error {
	what := fmt.Sprintf("the file asks for %.100q, which is not on the list of what may be made: it is refused, and no code was run", g)
	switch {
	case strings.HasPrefix(g.module, "torch.nn.modules"), strings.HasPrefix(g.module, "__main__"):
		what += "; a whole module was saved: save its state_dict()"
	case strings.HasPrefix(g.module, "numpy"):
		what += "; an array or number of NumPy was saved: save tensors"
	}
	return errors.New(what)
}

// reduce calls a function with arguments.
func (m *machine) reduce() error {
	vs, err := m.popN(2)
	if err != nil {
		return err
	}
	g, _ := vs[0].(global)
	args, ok := vs[1].(Tuple)
	f := makers[g]
	if f == nil || !ok {
		return fmt.Errorf("a %s is called with a %s", kindOf(vs[0]), kindOf(vs[1]))
	}
	v, err := f(m, args)
	if err != nil {
		return fmt.Errorf("%s: %w", g.name, err)
	}
	m.push(v)
	return nil
}

// build sets attributes. Only an OrderedDict has some that are not needed, as the _metadata of a state dict.
func (m *machine) build() error {
	if _, err := m.pop(); err != nil {
		return err
	}
	v, err := m.top()
	if _, ok := v.(*Dict); err == nil && !ok {
		err = fmt.Errorf("attributes are set on a %s", kindOf(v))
	}
	return err
}

var errArguments = errors.New("the arguments are not what it takes")

func makeDict(_ *machine, args Tuple) (any, error) {
	d := new(Dict)
	if len(args) == 0 {
		return d, nil
	}
	pairs, ok := args[0].(*List) // of pairs, as Python 2 wrote
	if len(args) != 1 || !ok {
		return nil, errArguments
	}
	for _, p := range pairs.Items {
		var pair []any
		switch p := p.(type) {
		case Tuple:
			pair = p
		case *List:
			pair = p.Items
		}
		if len(pair) != 2 {
			return nil, errArguments
		}
		if err := d.set(pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func makeList(_ *machine, args Tuple) (any, error) {
	if len(args) == 1 {
		if l, ok := args[0].(*List); ok {
			return &List{append([]any(nil), l.Items...)}, nil
		}
	}
	return nil, errArguments
}

// makeBytes encodes a string as latin1, which is how bytes are written.
func makeBytes(_ *machine, args Tuple) (any, error) {
	if len(args) == 2 && args[1] == "latin1" {
		if s, ok := args[0].(string); ok {
			b := make([]byte, 0, len(s))
			for _, r := range s {
				if r > 0xff {
					return nil, errArguments
				}
				b = append(b, byte(r))
			}
			return b, nil
		}
	}
	return nil, errArguments
}

func makeSize(_ *machine, args Tuple) (any, error) {
	if len(args) == 1 {
		if t, ok := args[0].(Tuple); ok {
			return t, nil
		}
	}
	return nil, errArguments
}

func makeDevice(_ *machine, args Tuple) (any, error) {
	kind, ok := any(nil), false
	if len(args) > 0 && len(args) <= 2 {
		kind, ok = args[0].(string)
	}
	switch {
	case !ok:
		return nil, errArguments
	case len(args) == 2:
		return Device(fmt.Sprintf("%v:%v", kind, args[1])), nil
	}
	return Device(kind.(string)), nil
}

// makeParameter is the tensor of a Parameter.
func makeParameter(_ *machine, args Tuple) (any, error) {
	if len(args) < 3 || kindOf(args[0]) != "tensor" {
		return nil, errArguments
	}
	return args[0], nil
}
