package match

import (
	"strconv"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// ListAccount accepts a list that holds the account with an id.
func ListAccount(id string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		document, _ := e.Document()
		items, isList := document.([]any)
		if !e.Success() || !isList {
			return &Mismatch{Expected: "a list that holds the account " + Show(id), Seen: "status " + statusName(e.Status()) + " and no array"}
		}
		if _, position := e.Listed(id); position >= 0 {
			return nil
		}
		return &Mismatch{Expected: "a list that holds the account " + Show(id), Seen: "a list of " + strconv.Itoa(len(items)) + " accounts without it"}
	})
}

// ListNoToken accepts a list no account of which carries an access token. The message does not show the token.
func ListNoToken() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		document, _ := e.Document()
		items, ok := document.([]any)
		if !e.Success() || !ok {
			panic(exchange.Missing{Reason: e.ID + " is not a list"})
		}
		for i := range items {
			if found := run(LackMember("/"+strconv.Itoa(i)+"/status/accessToken"), e); found != nil {
				return found
			}
		}
		return nil
	})
}
