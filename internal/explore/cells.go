package explore

import "slices"

// The tables of the depth deep: every cell of operation and credential, of operation and broken body, of operation and place,
// and of operation and header.

// Conversation is one of the depth deep: accounts, and what is sent about them.
type Conversation struct {
	Name string
	// Creates make the accounts 0, 1, …, and Rotate and Delete are those that get a new token, or go, before the cells.
	Creates        []Operation
	Rotate, Delete []int
	// Cells do not depend on one another; Chain is sent one by one.
	Cells, Chain []Operation
}

// credentialNames are all that are none, but for those that need an account whose token is dead.
func credentialNames() []string {
	all := []string{"none", "garbage", "basic", "query", "elsewhere", "expired", "not yet valid", "example"}
	for _, damage := range []string{
		"flip-segment-1", "flip-segment-2", "flip-segment-3", "flip-segment-4", "flip-segment-5", "remove-segment-1", "remove-segment-2",
		"remove-segment-3", "respace-header", "respace-claims", "strip-signature", "zero-signature", "append-character", "append-segment",
		"upper-case", "alg-none", "alg-NONE",
	} {
		all = append(all, "operator:"+damage)
	}
	for _, damage := range []string{"flip-segment-1", "flip-segment-2", "flip-segment-3", "strip-signature", "zero-signature", "append-character", "alg-none"} {
		all = append(all, "account:"+damage)
	}
	for _, weak := range []string{"weak-empty", "weak-secret", "weak-password", "weak-changeme", "weak-your-256-bit-secret", "weak-kid-file", "weak-kid-query"} {
		all = append(all, "operator:"+weak)
	}
	return all
}

// strangerKinds are the operations that somebody without a good credential tries.
func strangerKinds() []string {
	return slices.Concat([]string{Create, List, Update, Rotate, Delete, Userinfo}, undeclaredKinds)
}

// credentialCells are each operation with each credential that is none, about the account 0, made of the token of the account 1.
func credentialCells() []Operation {
	var all []Operation
	for _, as := range credentialNames() {
		for _, kind := range strangerKinds() {
			all = append(all, about(Operation{Kind: kind, As: as, Holder: 1}))
		}
	}
	for _, kind := range []string{Update, Rotate, Delete, "PATCH account", "PUT rotate"} {
		all = append(all, Operation{Kind: kind, As: "account", Holder: 1})
	}
	return all
}

// about aims a create at an account of its own, since it must not take the place of another.
func about(o Operation) Operation {
	if o.Kind == Create {
		o.Account = 9
	}
	return o
}

// bodyCells are each body that violates the schema, in a create and in an update.
func bodyCells() []Operation {
	var all []Operation
	for _, body := range BodyNames() {
		for _, kind := range []string{Create, Update} {
			all = append(all, about(Operation{Kind: kind, Body: body, Description: "short", Groups: "empty"}))
		}
	}
	return all
}

// placeCells are each operation at each place where no account is, and at other spellings of the account 0.
func placeCells() []Operation {
	var all []Operation
	for _, kind := range []string{Update, Rotate, Delete} {
		for _, target := range []string{"unknown", "malformed", "one digit", "nil", "number", "long"} {
			all = append(all, Operation{Kind: kind, Target: target}, Operation{Kind: kind, Target: target, As: "none"}, Operation{Kind: kind, Target: target, As: "account", Holder: 1})
		}
	}
	for _, organization := range []string{"unknown", "other", "nil", "malformed"} {
		for _, kind := range []string{List, Create, Update, Rotate, Delete} {
			for _, as := range []string{"", "none", "account"} {
				if kind != Create || as != "account" {
					all = append(all, about(Operation{Kind: kind, Organization: organization, As: as, Holder: 1}))
				}
			}
		}
	}
	for _, kind := range undeclaredKinds {
		all = append(all, Operation{Kind: kind}, Operation{Kind: kind, As: "account", Holder: 1})
	}
	for _, kind := range []string{Create, List, Update, Rotate, Delete} {
		all = append(all, about(Operation{Kind: kind, As: "none", Header: "method override"}), about(Operation{Kind: kind, As: "none", Header: "other address"}))
	}
	return all
}

// spellings are writes to the account 0 under other spellings of its id, and of the organization.
func spellings() []Operation {
	var all []Operation
	for _, target := range []string{"upper case", "braces", "urn", "no dashes"} {
		all = append(all, Operation{Kind: Update, Target: target, Description: "short"}, Operation{Kind: Rotate, Target: target}, Operation{Kind: Settle})
	}
	for _, kind := range []string{List, Update, Rotate} {
		all = append(all, Operation{Kind: kind, Organization: "upper case", Description: "plain"})
	}
	return append(all, Operation{Kind: Settle})
}

// headerChain sends each class of headers with a list, an update and a rotation of the account 0.
func headerChain() []Operation {
	var all []Operation
	for i, name := range HeaderNames() {
		if name == "method override" || name == "other address" {
			continue
		}
		all = append(all, Operation{Kind: Update, Header: name, Description: []string{"words", "markup", "lines", "unicode"}[i%4], Tags: []string{"several", "odd values", "odd names"}[i%3]})
		all = append(all, Operation{Kind: List, Header: name}, Operation{Kind: Rotate, Header: name})
		if i%3 == 2 {
			all = append(all, Operation{Kind: Settle})
		}
	}
	return append(all, Operation{Kind: Settle})
}

// contentChain is a covering array of all classes of content.
func contentChain() []Operation {
	axes := []Axis{
		{"name", append([]string{"same"}, nameNames...)},
		{"description", append([]string{"same", "absent", "empty"}, descriptionNames...)},
		{"tags", append([]string{"same", "absent", "empty"}, tagNames...)},
		{"groups", []string{"same", "empty", "first", "last", "all"}},
		{"body", []string{"", "read-only members", "unknown members"}},
	}
	var all []Operation
	for i, row := range Cover(axes) {
		all = append(all, Operation{Kind: Update, Name: row[0], Description: row[1], Tags: row[2], Groups: row[3], Body: row[4]})
		if i%4 == 3 {
			all = append(all, Operation{Kind: Settle})
		}
		if i%20 == 19 {
			all = append(all, Operation{Kind: Rotate})
		}
	}
	return append(all, Operation{Kind: Settle})
}

// repeatedChain does with the account 0 again and again what other conversations do once.
func repeatedChain() []Operation {
	var all []Operation
	for i := range 6 {
		all = append(all, Operation{Kind: Rotate}, Operation{Kind: Update, Description: []string{"words", "lines", "markup"}[i%3], Tags: "same", Groups: "same"})
		all = append(all, Operation{Kind: Refused}, Operation{Kind: List, As: "account"}, Operation{Kind: Userinfo, As: "account"}, Operation{Kind: Settle})
	}
	return all
}

// laterChain reads again, two seconds later, what writes and revocations left, and then writes once more. The account 1 is rotated and
// the account 2 deleted.
func laterChain() []Operation {
	return []Operation{
		{Kind: Update, Name: "rich", Description: "rich", Tags: "odd values", Groups: "all"},
		{Kind: Rotate, Account: 1},
		{Kind: Refused, Holder: 1},
		{Kind: Delete, Account: 2},
		{Kind: Refused, Holder: 2},
		{Kind: Settle},
		{Kind: Wait},
		{Kind: Settle},
		{Kind: List, As: "account"},
		{Kind: Userinfo, As: "account"},
		{Kind: List, As: "account", Holder: 1},
		{Kind: Userinfo, As: "account", Holder: 1},
		{Kind: List, As: "rotated away", Holder: 1},
		{Kind: Userinfo, As: "rotated away", Holder: 1},
		{Kind: Update, As: "rotated away", Holder: 1},
		{Kind: List, As: "deleted", Holder: 2},
		{Kind: Userinfo, As: "deleted", Holder: 2},
		{Kind: Delete, As: "deleted", Holder: 2},
		{Kind: Update, Account: 2},
		{Kind: Rotate, Account: 2},
		{Kind: Rotate, As: "account"},
		{Kind: Refused},
		{Kind: Update, Name: "same", Description: "short"},
		{Kind: Settle},
		{Kind: Wait},
		{Kind: Settle},
		{Kind: List, As: "account"},
		{Kind: Userinfo, As: "account"},
		{Kind: List, As: "rotated away"},
	}
}

// againChain makes an account of the name of one that was deleted.
func againChain() []Operation {
	return []Operation{
		{Kind: Delete},
		{Kind: Refused},
		{Kind: Settle},
		{Kind: Create, Account: 1, Name: "the other"},
		{Kind: Settle},
		{Kind: List, As: "account", Holder: 1},
		{Kind: List, As: "deleted"},
		{Kind: Update, Name: "same"},
		{Kind: Settle},
	}
}

// deadCells are each operation with tokens that were rotated away or whose account was deleted, about the account 0, twice.
func deadCells() []Operation {
	var all []Operation
	for range 2 {
		for _, kind := range strangerKinds() {
			all = append(all, about(Operation{Kind: kind, As: "rotated away", Holder: 1}), about(Operation{Kind: kind, As: "deleted", Holder: 2}))
		}
	}
	for _, kind := range []string{Update, Rotate, Delete, "PATCH account", "GET account"} {
		all = append(all, Operation{Kind: kind, Account: 2}, Operation{Kind: kind, Account: 2, As: "account", Holder: 1})
	}
	return all
}

// Deep are the conversations of the depth deep that no seed chooses.
func Deep() []Conversation {
	plain := Operation{Kind: Create, Description: "plain", Tags: "several", Groups: "all"}
	bare := Operation{Kind: Create}
	var all []Conversation
	add := func(name string, creates []Operation, cells []Operation) {
		for i, part := range slices.Collect(slices.Chunk(cells, longestTable)) {
			all = append(all, Conversation{Name: name + numbered(i), Creates: creates, Cells: part})
		}
	}
	add("credentials", []Operation{plain, bare}, credentialCells())
	add("bodies", []Operation{plain}, bodyCells())
	add("places", []Operation{plain, bare}, placeCells())
	all = append(all,
		Conversation{Name: "dead-tokens", Creates: []Operation{plain, bare, bare}, Rotate: []int{1}, Delete: []int{2}, Cells: deadCells()},
		Conversation{Name: "repeated", Creates: []Operation{plain}, Chain: repeatedChain()},
		Conversation{Name: "later", Creates: []Operation{plain, bare, bare}, Chain: laterChain()},
		Conversation{Name: "again", Creates: []Operation{plain}, Chain: againChain()},
		Conversation{Name: "spellings", Creates: []Operation{plain}, Chain: spellings()},
	)
	chain := func(name string, operations []Operation) {
		for i, part := range slices.Collect(slices.Chunk(operations, longestChain)) {
			all = append(all, Conversation{Name: name + numbered(i), Creates: []Operation{plain}, Chain: append(part[:len(part):len(part)], Operation{Kind: Settle})})
		}
	}
	chain("headers", headerChain())
	chain("contents", contentChain())
	return all
}

// longestTable bounds the cells of one conversation, and longestChain what is sent one by one.
const longestTable, longestChain = 100, 36

func numbered(i int) string { return "-" + string(rune('a'+i%26)) }
