package explore

import "slices"

// The tables of the standard run. Each operation of Refusals has one reason to be refused.

// updateAxes are what updates differ in. Classes of content do not mask one another, so that each value packs several of them.
var updateAxes = []Axis{
	{"name", []string{"same", "", "rich", "word"}},
	{"description", []string{"same", "absent", "empty", "rich"}},
	{"tags", []string{"same", "absent", "empty", "odd values"}},
	{"groups", []string{"same", "empty", "first", "all"}},
	{"header", []string{"", "chunked", "spelled"}},
	{"body", []string{"", "read-only members", "unknown members"}},
}

// In the rows of updateAxes a value stands for several of its kind, which take turns.
var turns = map[string][]string{
	"word":    {"word", "no", "one", "float", "uuid"},
	"rich":    {"rich line", "rich", "words and code", "json"},
	"spelled": {"spelled in capitals", "spelled close", "spelled in quotes", "many fields", "spelled with gzip", "spelled with charset"},
}

// Updates are good updates, in which every two values of updateAxes meet, and then some that a target may refuse and must not change.
func Updates() []Operation {
	var all []Operation
	taken := map[string]int{}
	for _, row := range Cover(updateAxes) {
		for at, value := range row {
			if turn := turns[value]; turn != nil && (value != "rich" || at == 1) {
				row[at] = turn[taken[value]%len(turn)]
				taken[value]++
			}
		}
		all = append(all, Operation{Kind: Update, Name: row[0], Description: row[1], Tags: row[2], Groups: row[3], Header: row[4], Body: row[5]})
	}
	return append(all,
		Operation{Kind: Update, Body: "members at the limits", Description: "short", Header: "method in the query"},
		Operation{Kind: Update, Name: "longer other", Holder: twinned, Description: "controls", Groups: "last"},
		Operation{Kind: Update, Name: "recased", Description: "same", Tags: "same", Groups: "same"},
		Operation{Kind: Update, Name: "recased other", Holder: twinned, Description: "recased", Tags: "same", Groups: "same"},
		Operation{Kind: Update, Name: "same", Description: "long", Tags: "long values", Groups: "last"},
	)
}

// twinned is the last of Creates, whose name other accounts get, nearly.
const twinned = 6

// Creates are good creates: each packs many kinds of content.
func Creates() []Operation {
	return []Operation{
		{Kind: Create, Name: "dots", Description: "unicode", Tags: "odd values", Groups: "all"},
		{Kind: Create, Name: "upper", Description: "lines", Tags: "odd names", Groups: "first", Header: "chunked"},
		{Kind: Create, Name: "zeros", Description: "words", Tags: "several", Groups: "last", Body: "read-only members"},
		{Kind: Create, Name: "uuid", Description: "markup", Tags: "odd values", Groups: "all"},
		{Kind: Create, Name: "rich", Description: "rich", Tags: "several", Groups: "all"},
		{Kind: Create, Name: "float", Description: "code and blanks", Tags: "odd names", Groups: "last", Header: "many fields"},
		{Kind: Create, Name: firstTwin, Description: "date", Tags: "one", Groups: "first"},
	}
}

// Twin is the last of Creates once more, under another number: nothing tells it from a request that is repeated.
func Twin() Operation {
	all := Creates()
	twin := all[len(all)-1]
	twin.Name, twin.Account = "twin", len(all)
	return twin
}

// strangers are the credentials that are none, in any operation.
var strangers = []string{
	"operator:flip-segment-3", "operator:strip-signature", "operator:alg-none", "query", "basic", "elsewhere", "expired", "not yet valid",
}

// Refusals are requests with a credential that is none, aimed at the account 0. Account 1 is its neighbour.
func Refusals() []Operation {
	var all []Operation
	for i, as := range strangers {
		for _, kind := range []string{List, Update, Rotate, Delete} {
			if kind == List && slices.Contains([]string{"query", "expired", "operator:alg-none"}, as) || // another conversation sends these
				as == "operator:strip-signature" && kind != List && kind != Delete {
				continue
			}
			o := rich(Operation{Kind: kind, As: as})
			switch {
			case as == "basic" && (kind == Rotate || kind == Delete):
				o.As = "basic without a pair"
			case as == "query" && kind == Rotate:
				o.As = "query by other names"
			case as == "operator:strip-signature" && kind == List:
				o.As = "operator:weak-secret"
			case as == "operator:strip-signature":
				o.As = "operator:weak-empty"
			}
			if kind == Update && i%4 == 1 {
				o.Header = "chunked"
			}
			all = append(all, o)
		}
	}
	neighbour := rich(Operation{Kind: Update, As: "account", Holder: 2}) // which shares a group with the account 0
	neighbour.Name = "the other"
	all = append(all, neighbour, Operation{Kind: Delete, As: "account", Holder: 2}, Operation{Kind: Rotate, As: "account", Holder: 1}, Operation{Kind: Rotate, As: "account", Account: 1})
	for _, kind := range []string{Delete} { // as another conversation does with an account to which nothing happened
		all = append(all, rich(Operation{Kind: kind, As: "garbage"}))
	}
	return append(append(all, elsewhereToo()...), undeclared()...)
}

// elsewhereToo are what else an account or nobody may not do.
func elsewhereToo() []Operation {
	all := []Operation{
		{Kind: List, As: "without scheme"},
		{Kind: List, As: "none", Header: "other address"},
		{Kind: List, As: "account", Holder: 1, Organization: "other"},
		{Kind: Rotate, As: "account", Account: 1, Holder: 1, Organization: "other"},
		{Kind: Update, As: "account", Account: 1, Holder: 1, Description: "same", Tags: "same", Groups: "last"},
		{Kind: Update, As: "account", Account: 2, Holder: 2, Description: "same", Tags: "same", Groups: "last"}, // for its first one
		{Kind: Update, As: "account", Holder: 0, Description: "same", Tags: "same", Groups: "empty"},            // leaves all
		{Kind: Create, As: "account", Account: 9, Holder: 1, Description: "plain"},
	}
	for _, damaged := range []Operation{
		{Kind: List, As: "account:flip-segment-3"}, {Kind: Rotate, As: "account:flip-segment-3"}, {Kind: Rotate, As: "account:alg-none"},
	} {
		damaged.Account, damaged.Holder = 1, 1
		all = append(all, damaged)
	}
	for _, as := range []string{"account:flip-segment-3", "elsewhere"} {
		all = append(all, Operation{Kind: Userinfo, As: as, Holder: 1})
	}
	for holder := range 2 {
		all = append(all, Operation{Kind: Userinfo, As: "account", Holder: holder}) // which is let in
	}
	all = append(all, rich(Operation{Kind: Create, As: "elsewhere", Account: 9, Header: "chunked"}))
	return append(all, Operation{Kind: Userinfo, As: "expired"}, Operation{Kind: "POST userinfo", As: "none"})
}

// undeclared are methods that the contract does not have, by nobody and by the operator.
func undeclared() []Operation {
	return []Operation{
		{Kind: "GET account", As: "none"},
		{Kind: "PATCH account", As: "none"},
		{Kind: "PUT rotate", As: "none"},
		{Kind: "GET account"},
		rich(Operation{Kind: "PATCH account"}),
		{Kind: "POST account"},
	}
}

// Later are writes to the account 1 after which its first token has to stay dead: the second rotation with its own token, and an
// update.
func Later() []Operation {
	return []Operation{{Kind: Rotate, As: "account", Account: 1, Holder: 1}, {Kind: Update, Account: 1, Description: "null"}}
}

// Dead are requests with the first token of the account 1, which was rotated away, or with that of the account 2, which was deleted.
// They are aimed at the account 0, which is alive. The last ones are the operator's, about the account 2.
func Dead() []Operation {
	all := []Operation{
		rich(Operation{Kind: Update, As: "deleted", Holder: 2}), {Kind: Rotate, As: "deleted", Holder: 2}, // another conversation sends the others
		{Kind: List, As: "given"},
	}
	for _, kind := range []string{List, Create, Update, Rotate, Delete, Userinfo} {
		o := rich(Operation{Kind: kind, As: "rotated away", Holder: 1})
		if kind == Create {
			o.Account = 9
		}
		all = append(all, o)
	}
	for _, kind := range []string{Update, Rotate, Delete} {
		all = append(all, Operation{Kind: kind, Account: 2})
	}
	return all
}

// rich gives a write content of all kinds: what goes wrong may do so for some content alone.
func rich(o Operation) Operation {
	if o.carries() {
		o.Name, o.Description, o.Tags, o.Groups = "rich", "rich", "several", "all"
	}
	return o
}

// Malformed are updates that the schema forbids. Another conversation sends more of them.
func Malformed() []Operation {
	var all []Operation
	for i, name := range []string{
		"name null", "name with blank", "name with line end", "name ends in dot",
		"description null", "description number", "description object", "tags null", "/metadata/tags object of one",
		"tag value missing", "tag name missing", "tag value number", "groups missing", "groups null",
		"group number", "metadata missing", "spec null", "/spec empty string",
	} {
		o := rich(Operation{Kind: Update, Body: name})
		switch i % 8 {
		case 3:
			o.Header = "accept anything"
		case 5:
			o.Header = "chunked"
		}
		all = append(all, o)
	}
	return append(all, rich(Operation{Kind: Update, Header: "as text"}))
}

// Met are two updates of one account that are sent at the same time, and have nothing in common.
func Met(account int) []Operation {
	return []Operation{
		{Kind: Update, Account: account, Name: "one", Description: "markup", Tags: "one", Groups: "first"},
		{Kind: Update, Account: account, Name: "rich", Description: "lines", Tags: "other", Groups: "empty"},
	}
}
