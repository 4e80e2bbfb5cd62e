package explore

import (
	"slices"
	"strings"
)

// Shrink makes a failing conversation smaller: first by what is about the accounts of one of its operations, by number, and
// then by delta debugging.
func Shrink(operations []Operation, about int, fails func([]Operation) bool, spent func() bool) []Operation {
	for _, part := range slicesAbout(operations, about) {
		if len(part) < len(operations) && !spent() && fails(part) {
			operations = part
			break
		}
	}
	return reduce(operations, fails, spent)
}

// Join is one conversation of two, each with its own accounts.
func Join(first, second []Operation) []Operation {
	beyond := 0
	for _, o := range first {
		beyond = max(beyond, o.Account+1, o.Holder+1)
	}
	all := slices.Clone(first)
	for _, o := range second {
		if o.Account >= 0 { // below 0 is an account that is not made
			o.Account += beyond
		}
		o.Holder += beyond
		all = append(all, o)
	}
	return all
}

// slicesAbout are parts of a conversation that are about the accounts of one operation, the smallest first, each with the last
// operation.
func slicesAbout(operations []Operation, about int) [][]Operation {
	last, subject := operations[len(operations)-1], operations[about]
	accounts := []int{subject.Account}
	for _, o := range []Operation{subject, last} {
		if o.usesHolder() {
			accounts = append(accounts, o.Holder)
		}
		if o.needsAccount() {
			accounts = append(accounts, o.Account)
		}
	}
	touches := func(o Operation) bool {
		return o.Kind != Settle && o.Kind != Refused && slices.Contains(accounts, o.Account) || o.usesHolder() && slices.Contains(accounts, o.Holder)
	}
	keep := func(is func(o Operation) bool) []Operation {
		var kept []Operation
		for i, o := range operations[:len(operations)-1] {
			if i == about || is(o) {
				kept = append(kept, o)
			}
		}
		return append(kept, last)
	}
	creates := func(o Operation) bool { return o.Kind == Create && o.As == "" && touches(o) }
	return [][]Operation{
		keep(creates),
		keep(func(o Operation) bool { return creates(o) || o.As == "" && o.Body == "" && touches(o) }),
		keep(touches),
		keep(func(o Operation) bool { return o.Kind == Settle || touches(o) }),
	}
}

// usesHolder reports whether an operation needs the token of an account.
func (o Operation) usesHolder() bool {
	return o.Kind == Refused || o.As == "rotated away" || o.As == "deleted" || strings.HasPrefix(o.As, "account")
}

// reduce leaves operations out as long as the rest still fails: delta debugging (Zeller and Hildebrandt, 2002). It ends when
// no operation can be left out, or fails is asked no more since tell says that the budget is spent.
func reduce(operations []Operation, fails func([]Operation) bool, spent func() bool) []Operation {
	parts := 2
	for len(operations) > 1 && !spent() {
		size := (len(operations) + parts - 1) / parts
		smaller := false
		for from := 0; from < len(operations) && !spent(); from += size {
			rest := slices.Concat(operations[:from], operations[min(from+size, len(operations)):])
			if len(rest) > 0 && fails(rest) {
				operations, parts, smaller = rest, max(parts-1, 2), true
				break
			}
		}
		if smaller {
			continue
		}
		if size == 1 {
			break
		}
		parts = min(2*parts, len(operations))
	}
	return operations
}
