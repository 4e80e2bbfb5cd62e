package witness

import (
	"encoding/json"
	"net/http"
	"slices"
)

// promised are the members that every item of a list of accounts has (serviceAccountRead).
var promised = map[string][]string{
	"metadata": {"id", "name", "creationTime", "provisioningStatus", "healthStatus", "organizationId"},
	"spec":     {"groupIDs"},
	"status":   {"expiry"},
}

// shapes maps the ids of the items of a list to the promised members that they have; nil if the body is no list of accounts.
func (n normal) shapes(body []byte) map[string][]string {
	var items []map[string]json.RawMessage
	if json.Unmarshal(body, &items) != nil || len(items) == 0 {
		return nil
	}
	found := map[string][]string{}
	for _, item := range items {
		var id string
		var has []string
		for part, names := range promised {
			var inner map[string]json.RawMessage
			if json.Unmarshal(item[part], &inner) != nil {
				continue
			}
			if part == "metadata" {
				_ = json.Unmarshal(inner["id"], &id) // an id of another type is none
			}
			for _, name := range names {
				if _, ok := inner[name]; ok {
					has = append(has, part+"/"+name)
				}
			}
		}
		slices.Sort(has)
		found[id] = has
	}
	return found
}

// differs reports whether a repeated read shows something that no change in between explains: another status, no list, or
// fewer of the promised members in an account that both lists have. A target that is busy or breaks off says nothing.
func (n normal) differs(first, second sent) bool {
	if second.broken || second.status == http.StatusTooManyRequests || second.status >= 500 {
		return false
	}
	if second.status != first.status {
		return true
	}
	var list []json.RawMessage
	if json.Unmarshal(second.plain, &list) != nil {
		return true
	}
	before := n.shapes(first.plain)
	for id, has := range n.shapes(second.plain) {
		if had, both := before[id]; both && !slices.Equal(had, has) {
			return true
		}
	}
	return false
}
