package defect

// All lists every defect, family by family.
func All() []Defect {
	var all []Defect
	for _, family := range [][]Defect{
		statuses(),
	} {
		all = append(all, family...)
	}
	return all
}
