package mutant

import (
	"cmp"
	"slices"
)

// All lists every defect, family by family.
func All() []Defect {
	var all []Defect
	for _, family := range [][]*Defect{
		statuses(),
		aboutSigning(jwsStructure()), jweStructure(), aboutSigning(tokenRelations()), waiting(tokenLife()), waiting(tokenDeath()),
		aboutSigning(discovery()), bypasses(), aboutSigning(forgeries()), challenges(), refusals(), permissions(),
		mediaTypes(),
		metadata(),
		times(),
		uuids(),
		enums(),
		inGroups(),
		echoes(),
		takeovers(),
		variety(),
		onWire(bodies()),
		onWire(headers()),
		errorBodies(),
		leaks(),
		onWire(methods()),
		onWire(paths()),
		contests(),
		together(),
		waiting(onWire(crashes())),
		tokensAlike(),
		malformedMembers(), malformedTexts(), malformedNames(), malformedMediaTypes(), malformedDuplicates(),
		badRefusals(), deedsBeforeRefusal(), onWire(overwhelmed()),
		waiting(badLists()), inCrowds(), badUpdates(), badRotations(), waiting(badDeletions()), badGuards(), states(), beyond(),
	} {
		for _, d := range family {
			all = append(all, *d)
		}
	}
	return all
}

// sorted orders defects that come out of a map.
func sorted(defects []*Defect) []*Defect {
	slices.SortFunc(defects, func(a, b *Defect) int { return cmp.Compare(a.Name, b.Name) })
	return defects
}

// waiting marks defects whose trials mostly wait.
func waiting(defects []*Defect) []*Defect {
	for _, d := range defects {
		d.Waits = true
	}
	return defects
}

// onWire marks defects that show only on a real connection.
func onWire(defects []*Defect) []*Defect {
	for i := range defects {
		defects[i].Wire = true
	}
	return defects
}

// aboutSigning marks defects of what tokens are signed by.
func aboutSigning(defects []*Defect) []*Defect {
	for _, d := range defects {
		d.Signed = true
	}
	return defects
}
