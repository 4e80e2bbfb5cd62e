package explore

import (
	"maps"
	"slices"
)

// What a seed chooses from, in an order that is the same every time.
var (
	descriptionNames = slices.Sorted(maps.Keys(descriptions))
	tagNames         = slices.Sorted(maps.Keys(tagClasses))
	nameNames        = slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool { return name == firstTwin })
	strangerNames    = []string{
		"none", "garbage", "basic", "query", "elsewhere", "operator:alg-none", "operator:flip-segment-1", "operator:flip-segment-2",
		"operator:flip-segment-3", "operator:strip-signature", "operator:zero-signature", "operator:append-character", "operator:upper-case",
	}
	accountDamages = []string{"account:alg-none", "account:flip-segment-1", "account:flip-segment-2", "account:flip-segment-3", "account:strip-signature", "account:append-character"}
	// harmless are classes of headers that change nothing.
	harmless        = slices.DeleteFunc(HeaderNames(), func(name string) bool { return name == "method override" || name == "other address" })
	undeclaredKinds = []string{"GET account", "PATCH account", "POST account", "PUT rotate", "GET rotate", "PATCH rotate", "POST userinfo"}
)

// HeaderNames are the classes of header fields, sorted.
func HeaderNames() []string { return slices.Sorted(maps.Keys(headers)) }

// BodyNames are the names of Bodies, sorted.
func BodyNames() []string { return slices.Sorted(maps.Keys(Bodies)) }
