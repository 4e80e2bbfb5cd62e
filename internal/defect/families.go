package defect

import (
	"slices"
	"strings"
)

// All lists every defect, family by family.
func All() []Defect {
	var all []Defect
	for _, family := range [][]Defect{
		statuses(),
		jwsStructure(), jweStructure(), tokenRelations(), tokenLife(), tokenDeath(),
		discovery(), bypasses(), forgeries(), challenges(), refusals(), permissions(),
		mediaTypes(),
		metadata(),
		times(),
		uuids(),
		enums(),
		inGroups(),
		echoes(),
		takeovers(),
		variety(),
		bodies(),
		headers(),
		errorBodies(),
		leaks(),
		methods(),
		paths(),
		contests(),
		together(),
		crashes(),
		tokensAlike(),
		malformedMembers(), malformedTexts(), malformedNames(), malformedMediaTypes(), malformedDuplicates(),
		badRefusals(), deedsBeforeRefusal(), overwhelmed(),
		badLists(), badUpdates(), badRotations(), badDeletions(), badGuards(),
	} {
		all = append(all, family...)
	}
	return all
}

// sorted orders defects that come out of a map.
func sorted(defects []Defect) []Defect {
	slices.SortFunc(defects, func(a, b Defect) int { return strings.Compare(a.Name, b.Name) })
	return defects
}
