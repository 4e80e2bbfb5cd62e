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

// comparable reports whether a repeat of a read can say anything: it showed accounts, or it was refused although it asked as every
// client does.
func (n normal) comparable(o outgoing, r sent) bool {
	switch r.status {
	case http.StatusOK:
		return n.shapes(r.plain) != nil
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return o.Bodiless && ordinary(o.Header)
	}
	return false
}

// ordinary reports whether a header has nothing for which a target may refuse a request.
func ordinary(header http.Header) bool {
	for name, values := range header {
		switch http.CanonicalHeaderKey(name) {
		case "Accept":
			if len(values) != 1 || values[0] != "application/json" {
				return false
			}
		case "Authorization", "User-Agent", "Accept-Encoding", "Accept-Language", "Traceparent":
		default:
			return false
		}
	}
	return true
}

// differs reports whether a repeated read shows something that no change in between explains: another status, no list, or
// fewer of the promised members in an account that both lists have. A target that is busy or breaks off says nothing.
func (n normal) differs(first, second sent) bool {
	if second.broken || second.status == http.StatusTooManyRequests || second.status >= 500 {
		return false
	}
	if second.status != first.status || second.status != http.StatusOK {
		return second.status != first.status
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
