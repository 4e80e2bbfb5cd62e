package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// BeAccountList accepts an answer whose body is an array of objects.
func BeAccountList() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
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
		first := map[string]int{}
		for i := range items {
			pointer := fmt.Sprintf("/%d/metadata/id", i)
			id := strings.ToLower(e.Text(pointer))
			if other, twice := first[id]; twice && id != "" {
				return &Mismatch{
					Expected: "an id for each account", Seen: fmt.Sprintf("%s at /%d and at /%d", Show(id), other, i), Pointer: pointer,
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
		for i := range items {
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
			Seen:     fmt.Sprintf("a list of %d accounts, which lacks %d of them: %s", len(items), len(lacking), Show(lacking)),
		}
	})
}

// ListNoneBut accepts a list in which no account but those of ids has one of the names.
func ListNoneBut(names, ids []string) types.GomegaMatcher {
	return onList(func(e *exchange.Exchange, items []any) *Mismatch {
		for i := range items {
			at := "/" + strconv.Itoa(i)
			id, name := e.Text(at+"/metadata/id"), e.Text(at+"/metadata/name")
			told := slices.ContainsFunc(ids, func(known string) bool { return strings.EqualFold(known, id) })
			if slices.Contains(names, name) && !told {
				return &Mismatch{
					Expected: fmt.Sprintf("of the names that were asked for, only the %d accounts that an answer told of", len(ids)),
					Seen:     "the account " + Show(id) + " named " + Show(name) + ", which no answer told of", Pointer: at,
				}
			}
		}
		return nil
	})
}

// LackTag accepts an array of tags none of which has a name.
func LackTag(name string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		tags, _ := value.([]any)
		if len(tagValues(tags)[name]) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no tag named " + Show(name) + ", which was replaced", Seen: Show(value)}
	})
}

// onList makes a matcher of a list. An answer that is none makes the check inconclusive.
func onList(judge func(e *exchange.Exchange, items []any) *Mismatch) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		document, _ := e.Document()
		items, ok := document.([]any)
		if !e.Success() || !ok {
			panic(exchange.Missing{Reason: e.ID + " is not a list"})
		}
		return judge(e, items)
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
