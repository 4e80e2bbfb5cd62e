package defect

// All lists every defect, family by family.
func All() []Defect {
	var all []Defect
	for _, family := range [][]Defect{
		statuses(),
		malformedMembers(), malformedTexts(), malformedNames(), malformedMediaTypes(), malformedDuplicates(),
		badRefusals(), deedsBeforeRefusal(), overwhelmed(),
		badLists(), badUpdates(), badRotations(), badDeletions(), badGuards(),
	} {
		all = append(all, family...)
	}
	return all
}
