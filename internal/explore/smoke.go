package explore

// Smoke is the conversation of the depth smoke about the account 0, in three steps: creates, good and bad; then an update, with
// what is refused beside it; then a rotation.
func Smoke() (creates, changes, end []Operation) {
	creates = []Operation{
		{Kind: Create, Name: "dots", Description: "code and blanks", Tags: "odd values", Groups: "all"},
		{Kind: Create, Account: 9, As: "none"},
		{Kind: Create, Account: 9, As: "operator:flip-segment-3"},
		{Kind: Create, Account: 9, Body: "name missing"},
	}
	changes = []Operation{
		{Kind: Update, Name: "", Description: "lines", Tags: "several", Groups: "first", Header: "chunked", Body: "read-only members"},
		{Kind: Update, Body: "tag value missing", Description: "short"},
		{Kind: Rotate, Target: "unknown"},
		{Kind: Userinfo, As: "account"},
	}
	end = []Operation{{Kind: Rotate}}
	return creates, changes, end
}
