package explore

// Smoke is the conversation of the depth smoke, in three steps: creates, good and bad; then what changes the accounts, and what is
// refused; then what ends it.
func Smoke() (creates, changes, end []Operation) {
	creates = []Operation{
		{Kind: Create, Name: "dots", Description: "code and blanks", Tags: "odd values", Groups: "all"},
		{Kind: Create, Account: 1},
		{Kind: Create, Account: 9, As: "none"},
		{Kind: Create, Account: 9, As: "operator:flip-segment-3"},
		{Kind: Create, Account: 9, Body: "name missing"},
		{Kind: Create, Account: 9, Body: "group number"},
	}
	changes = []Operation{
		{Kind: Update, Name: "", Description: "lines", Tags: "several", Groups: "first", Header: "chunked", Body: "read-only members"},
		{Kind: Rotate, Account: 1},
		{Kind: Update, Body: "tag value missing", Description: "short"},
		{Kind: Update, Account: 1, As: "account", Description: "short"},
		{Kind: Rotate, Target: "unknown"},
		{Kind: List, As: "none"},
		{Kind: Userinfo, As: "account"},
	}
	end = []Operation{{Kind: Delete}}
	return creates, changes, end
}
