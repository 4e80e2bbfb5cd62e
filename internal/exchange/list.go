package exchange

import "strings"

// Reduction says what was left out of the body of a long list. Response.Body then holds the items that a check may need:
// those of the run, those that appeared during the run, those at fault, and some others.
type Reduction struct {
	// Items is the number of items in the list as it arrived.
	Items int `json:"items"`
	// IDs are the ids of all items, in lower case, if the list was asked for before the first create; nil otherwise.
	IDs []string `json:"ids,omitempty"`
	// Shortened is set if the ends of long strings were left out.
	Shortened bool `json:"shortened,omitempty"`
	// Twice holds some ids that more than one item has, in lower case.
	Twice []string `json:"twice,omitempty"`
}

// Items returns the items of a list of accounts. It is false if the body is no JSON array. A long list lacks items, see
// Reduction; ListLength counts all of them.
func (e *Exchange) Items() (items []any, ok bool) {
	document, _ := e.Document()
	items, ok = document.([]any)
	return items, ok
}

// ListLength is the number of items in a list as it arrived, 0 if the body is no JSON array.
func (e *Exchange) ListLength() int {
	items, ok := e.Items()
	if ok && e.Response.Reduction != nil {
		return e.Response.Reduction.Items
	}
	return len(items)
}

// ListedIDs returns the ids that are known to be in a list, in lower case. They are all ids of the list unless it is a
// reduced one that was asked for after the first create.
func (e *Exchange) ListedIDs() []string {
	if e != nil && e.Response != nil && e.Response.Reduction != nil && e.Response.Reduction.IDs != nil {
		return e.Response.Reduction.IDs
	}
	items, _ := e.Items()
	ids := make([]string, 0, len(items))
	for _, item := range items {
		if id := ItemID(item); id != "" {
			ids = append(ids, strings.ToLower(id))
		}
	}
	return ids
}

// Listed finds the account with an id in the body of a list. The position is its index in Items, -1 if it is not there.
// Ids compare without regard to case (RFC 9562 section 4).
func (e *Exchange) Listed(id string) (account map[string]any, position int) {
	items, _ := e.Items()
	for i, item := range items {
		if found := ItemID(item); found != "" && strings.EqualFold(found, id) {
			account, _ = item.(map[string]any)
			return account, i
		}
	}
	return nil, -1
}

// ItemID is the id of an item of a list; "" if it has none.
func ItemID(item any) string {
	account, _ := item.(map[string]any)
	metadata, _ := account["metadata"].(map[string]any)
	id, _ := metadata["id"].(string)
	return id
}
