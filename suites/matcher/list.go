package matcher

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// BeAccountList accepts a response whose body is an array of objects.
func BeAccountList() types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		document, ok := e.Document()
		if !ok {
			return &Mismatch{Expected: "an array of accounts", Seen: missing(e)}
		}
		items, ok := document.([]any)
		if !ok {
			return &Mismatch{Expected: "an array of accounts", Seen: a(document)}
		}
		for i, item := range items {
			if _, ok := item.(map[string]any); !ok {
				return &Mismatch{Expected: "an account", Seen: a(item), Pointer: "/" + strconv.Itoa(i)}
			}
		}
		return nil
	})
}

// ListDistinct accepts a list no two accounts of which have one id.
func ListDistinct() types.GomegaMatcher {
	return onList(func(e *exchange.Exchange, items []any) *Mismatch {
		if reduction := e.Response.Reduction; reduction != nil && len(reduction.Twice) > 0 {
			return &Mismatch{Expected: "an id for each account", Seen: "two accounts with the id " + Show(reduction.Twice[0])}
		}
		first := map[string]int{}
		for i, item := range items {
			id := strings.ToLower(exchange.ItemID(item))
			if other, twice := first[id]; twice && id != "" {
				return &Mismatch{
					Expected: "an id for each account", Seen: fmt.Sprintf("%s at /%d and at /%d", Show(id), other, i), Pointer: fmt.Sprintf("/%d/metadata/id", i),
				}
			}
			first[id] = i
		}
		return nil
	})
}

// ListEach accepts a list every account of which has at a JSON pointer a value that m accepts.
func ListEach(pointer string, m types.GomegaMatcher) types.GomegaMatcher {
	return onList(func(e *exchange.Exchange, items []any) *Mismatch {
		for i, item := range items {
			if value, ok := exchange.Lookup(item, pointer); ok && run(m, value) == nil {
				continue
			}
			if found := run(HaveMember("/"+strconv.Itoa(i)+pointer, m), e); found != nil {
				return found
			}
		}
		return nil
	})
}

// ListEvery accepts a list that holds an account for each of the ids.
func ListEvery(ids ...string) types.GomegaMatcher {
	return onList(func(e *exchange.Exchange, items []any) *Mismatch {
		lacking := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
			_, position := e.Listed(id)
			return position >= 0
		})
		if len(lacking) == 0 {
			return nil
		}
		return &Mismatch{
			Expected: fmt.Sprintf("a list that holds the %d accounts that were created", len(ids)),
			Seen:     fmt.Sprintf("a list of %d accounts, which lacks %d of them: %s", e.ListLength(), len(lacking), Show(lacking)),
		}
	})
}

// ListNoneBut accepts a list in which no account but those of ids has one of the names.
func ListNoneBut(names, ids []string) types.GomegaMatcher {
	return onList(func(_ *exchange.Exchange, items []any) *Mismatch {
		for i, item := range items {
			at := "/" + strconv.Itoa(i)
			id := exchange.ItemID(item)
			value, _ := exchange.Lookup(item, "/metadata/name")
			name, _ := value.(string)
			told := slices.ContainsFunc(ids, func(known string) bool { return strings.EqualFold(known, id) })
			if slices.Contains(names, name) && !told {
				return &Mismatch{
					Expected: fmt.Sprintf("of the names that were asked for, only the %d accounts that a response told of", len(ids)),
					Seen:     "the account " + Show(id) + " named " + Show(name) + ", which no response told of", Pointer: at,
				}
			}
		}
		return nil
	})
}

// ListAccount accepts a list that holds the account with an id.
func ListAccount(id string) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		if _, isList := e.Items(); !e.Success() || !isList {
			return &Mismatch{Expected: "a list that holds the account " + Show(id), Seen: "status " + statusName(e.Status()) + " and no array"}
		}
		if _, position := e.Listed(id); position >= 0 {
			return nil
		}
		return &Mismatch{Expected: "a list that holds the account " + Show(id), Seen: "a list of " + strconv.Itoa(e.ListLength()) + " accounts without it"}
	})
}

// ListNot accepts a list that does not hold the account with an id.
func ListNot(id string) types.GomegaMatcher {
	return onList(func(e *exchange.Exchange, _ []any) *Mismatch {
		if _, position := e.Listed(id); position >= 0 {
			return &Mismatch{Expected: "a list without the account " + Show(id), Seen: "a list that holds it", Pointer: "/" + strconv.Itoa(position)}
		}
		return nil
	})
}

// ListNoToken accepts a list no account of which carries an access token. The message does not show the token.
func ListNoToken() types.GomegaMatcher {
	return onList(func(e *exchange.Exchange, items []any) *Mismatch {
		for i, item := range items {
			if token, ok := exchange.Lookup(item, "/status/accessToken"); ok && token != "" {
				return run(LackToken("/"+strconv.Itoa(i)+"/status/accessToken"), e)
			}
		}
		return nil
	})
}

// ListNoAccountNamed accepts a list that holds no account whose name or description begins with prefix, but those of ids.
func ListNoAccountNamed(prefix string, ids ...string) types.GomegaMatcher {
	return onList(func(_ *exchange.Exchange, items []any) *Mismatch {
		var found []string
		for _, item := range items {
			id, _ := exchange.Lookup(item, "/metadata/id")
			if text, _ := id.(string); slices.ContainsFunc(ids, func(known string) bool { return strings.EqualFold(known, text) }) {
				continue
			}
			for _, pointer := range []string{"/metadata/name", "/metadata/description"} {
				value, _ := exchange.Lookup(item, pointer)
				if text, _ := value.(string); strings.HasPrefix(text, prefix) {
					found = append(found, Show(text))
					break
				}
			}
		}
		if len(found) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no account named " + Show(prefix+"…"), Seen: strings.Join(found, ", ")}
	})
}

// onList makes a matcher of a list. A response that is none makes the check inconclusive.
func onList(judge func(e *exchange.Exchange, items []any) *Mismatch) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		items, ok := e.Items()
		if !e.Success() || !ok {
			panic(exchange.Missing{Reason: e.ID + " is not a list"})
		}
		return judge(e, items)
	})
}
