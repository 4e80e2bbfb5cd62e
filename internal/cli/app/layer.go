package app

// Layer is where a value comes from; the greater one wins.
type Layer int

const (
	Nowhere Layer = iota
	InFile
	InVariable
	InFlag
)

// Origin is the layer that the value of a flag comes from.
func (a *App) Origin(flag, value string) Layer {
	switch _, variable := a.variables[flag]; {
	case value == "":
		return Nowhere
	case variable:
		return InVariable
	case a.Filed[flag] != "":
		return InFile
	default:
		return InFlag
	}
}
