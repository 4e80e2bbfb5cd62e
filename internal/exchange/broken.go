package exchange

import "fmt"

// Broken is the error of a part of the suite that ended by a fault of its own, such as a check or a probe.
type Broken struct {
	// Part names it, with its kind: "the check create.id.uuid".
	Part  string
	Cause any
	Stack string
}

func (b *Broken) Error() string { return fmt.Sprintf("%s is broken: %v", b.Part, b.Cause) }
