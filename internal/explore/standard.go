package explore

// The tables of the standard run. Each operation of Refusals has one reason to be refused.

// updateAxes are what updates differ in.
var updateAxes = []Axis{
	{"name", []string{"same", "", "dots", "upper", "word"}},
	{"description", []string{"same", "absent", "empty", "words", "markup", "lines"}},
	{"tags", []string{"same", "absent", "empty", "several", "odd values"}},
	{"groups", []string{"same", "empty", "first", "all"}},
	{"header", []string{"", "chunked", "accept anything", "charset"}},
	{"body", []string{"", "read-only members", "unknown members"}},
}

// Updates are good updates of the account with the number 0, in which every two values of updateAxes meet.
func Updates() []Operation {
	var all []Operation
	for _, row := range Cover(updateAxes) {
		all = append(all, Operation{Kind: Update, Name: row[0], Description: row[1], Tags: row[2], Groups: row[3], Header: row[4], Body: row[5]})
	}
	return all
}

// Creates are good creates: each packs many kinds of content.
func Creates() []Operation {
	return []Operation{
		{Kind: Create, Name: "dots", Description: "unicode", Tags: "odd values", Groups: "all"},
		{Kind: Create, Name: "upper", Description: "lines", Tags: "odd names", Groups: "first"},
		{Kind: Create, Name: "digits", Description: "words", Tags: "several", Groups: "last"},
		{Kind: Create, Name: "long", Description: "code and blanks", Tags: "one", Groups: "empty"},
		{Kind: Create, Name: "digit", Description: "markup", Tags: "odd values", Groups: "all"},
		{Kind: Create, Name: "rich", Description: "rich", Tags: "several", Groups: "all"},
		{Kind: Create, Description: "blanks", Tags: "one", Groups: "first"},
		{Kind: Create, Name: "dots", Description: "words", Tags: "odd names", Groups: "last", Header: "chunked"},
	}
}

// strangers are the credentials that are none, in any operation.
var strangers = []string{
	"operator:flip-segment-3", "operator:strip-signature", "operator:alg-none", "query", "elsewhere", "expired", "not yet valid",
}

// Refusals are requests with a credential that is none, aimed at the account 0. Account 1 is its neighbour.
func Refusals() []Operation {
	var all []Operation
	for _, as := range strangers {
		for _, kind := range []string{List, Update, Rotate, Delete} {
			switch {
			case kind == List && (as == "query" || as == "expired" || as == "operator:alg-none"): // another conversation sends these
			case as == "query" && kind == Rotate, as == "operator:flip-segment-3" && kind == List:
			default:
				all = append(all, Operation{Kind: kind, As: as})
			}
		}
	}
	for _, kind := range []string{Update, Rotate, Delete} {
		all = append(all, Operation{Kind: kind, As: "account", Holder: 1})
	}
	for _, kind := range []string{List, Rotate} {
		for _, damage := range []string{"flip-segment-3", "alg-none"} {
			all = append(all, Operation{Kind: kind, As: "account:" + damage, Account: 1, Holder: 1})
		}
	}
	for _, as := range []string{"account:flip-segment-3", "account:alg-none", "elsewhere"} {
		all = append(all, Operation{Kind: Userinfo, As: as, Holder: 1})
	}
	for holder := range 2 {
		all = append(all, Operation{Kind: Userinfo, As: "account", Holder: holder}) // which is let in
	}
	all = append(all, Operation{Kind: Create, As: "elsewhere", Account: 9})
	for _, kind := range []string{"GET account", "PATCH account", "POST account", "PUT rotate"} {
		all = append(all, Operation{Kind: kind, As: "none"})
	}
	return all
}

// Dead are requests with the token of the account 1 that was rotated away, or with that of the account 2, which was deleted.
// They are aimed at the account 0, which is alive. The last ones are the operator's, about the account 2.
func Dead() []Operation {
	var all []Operation
	for _, dead := range []Operation{{As: "rotated away", Holder: 1}, {As: "deleted", Holder: 2}} {
		for _, kind := range []string{List, Create, Update, Rotate, Delete, Userinfo} {
			o := Operation{Kind: kind, As: dead.As, Holder: dead.Holder}
			if kind == Create {
				o.Account = 9
			}
			all = append(all, o)
		}
	}
	for _, kind := range []string{Update, Rotate, Delete} {
		all = append(all, Operation{Kind: kind, Account: 2})
	}
	return all
}

// Malformed are updates that the schema forbids.
func Malformed() []Operation {
	var all []Operation
	for _, name := range []string{
		"name missing", "name null", "name number", "name empty", "name long", "name with blank", "name with line end",
		"description null", "description number", "tags null", "tags object",
		"tag value missing", "tag name missing", "tag value number", "groups missing", "groups null",
		"groups text", "group number", "metadata missing", "metadata null", "spec missing", "spec null", "root array",
	} {
		all = append(all, Operation{Kind: Update, Body: name, Description: "short", Groups: "empty"})
	}
	return all
}
