package model

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// showing is an account of the run that a response shows to somebody without a good credential, whatever was asked for and by
// which method; nil for none. An id that the request names is none of its business: a response may repeat it.
func (m *Model) showing(e *exchange.Exchange) *account {
	if !e.Success() || e.Response == nil || len(e.Response.Body) == 0 || e.Request.Method == http.MethodTrace || m.presented(e).standing != bad {
		return nil
	}
	document, _ := e.Document()
	shown := map[string]bool{}
	ids(document, shown)
	for _, a := range m.sorted() {
		if shown[a.id] && !strings.Contains(strings.ToLower(e.Request.URL+string(e.Request.Body)), a.id) {
			return a
		}
	}
	return nil
}

// ids collects the texts of a document that may be ids, in lower case.
func ids(value any, found map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			ids(item, found)
		}
	case map[string]any:
		for _, member := range v {
			ids(member, found)
		}
	case string:
		if id := bare(strings.ToLower(v)); isUUID(id) {
			found[id] = true
		}
	}
}

// elsewhere is another account of the run that the Location of a create names; nil for none (RFC 9110 section 15.3.2).
func (m *Model) elsewhere(a *account, e *exchange.Exchange) *account {
	location := strings.ToLower(strings.Join(e.Response.Header.Values("Location"), " "))
	if location == "" || strings.Contains(location, a.id) {
		return nil
	}
	all := m.sorted()
	if at := slices.IndexFunc(all, func(other *account) bool { return strings.Contains(location, other.id) }); at >= 0 {
		return all[at]
	}
	return nil
}
