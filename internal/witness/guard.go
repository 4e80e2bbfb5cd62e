package witness

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// accounts is what a witness knows of the accounts of its target: which of them the run made. The witness relies on what it saw
// itself, and not on what the run says.
type accounts struct {
	organizations []string

	mu sync.Mutex
	// made are the ids that responses to creates of the session named, and that no list showed before.
	made map[string]bool
	// listed maps the ids that lists showed to when that was first.
	listed map[string]time.Time
	// names are those that creates of the session asked for.
	names map[string]bool
	// known is set once a list was read; creates counts the creates.
	known   bool
	creates int
}

func newAccounts(organizations []string) *accounts {
	return &accounts{organizations: organizations, made: map[string]bool{}, listed: map[string]time.Time{}, names: map[string]bool{}}
}

// mostCreates is how many creates are sent for a session.
const mostCreates = 10_000

// refusal says why a request is not sent, because it could change an account that the run did not make; "" if it is sent.
func (a *accounts) refusal(method, path string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return ""
	}
	organization, id, dots := probe.Addressed(path)
	key := tracking.Canonical(id)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch _, foreign := a.listed[key]; {
	case id == "" && method == http.MethodPost:
		if a.creates++; a.creates > mostCreates {
			return "the session has no creates left"
		}
		return ""
	case dots:
		return "its path holds a dot segment and could lead to any account"
	case id == "" && (organization == "" || a.own(organization)):
		return "it could change accounts that this session did not make"
	case id == "" || a.made[key]:
		return ""
	case foreign:
		return "a list shows the account, and this session did not make it"
	case !a.known:
		return "no list was read yet, and the account may be somebody else's"
	}
	return ""
}

// asked notes the name that a create asks for.
func (a *accounts) asked(body []byte) {
	var document account
	if json.Unmarshal(body, &document) != nil || document.Metadata.Name == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.names[document.Metadata.Name] = true
}

type account struct {
	Metadata struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"metadata"`
}

// learn takes a response into account.
func (a *accounts) learn(method, path string, status int, body []byte, started time.Time) {
	if status/100 != 2 {
		return
	}
	_, id, _ := probe.Addressed(path)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case method == http.MethodPost && id == "":
		var made account
		if json.Unmarshal(body, &made) != nil || made.Metadata.ID == "" {
			return
		}
		key := tracking.Canonical(made.Metadata.ID)
		if at, listed := a.listed[key]; !listed || !at.Before(started) {
			a.made[key] = true
		}
	case method == http.MethodGet && id == "":
		var all []account
		if json.Unmarshal(body, &all) != nil {
			return
		}
		a.known = true
		for _, item := range all {
			key := tracking.Canonical(item.Metadata.ID)
			if _, before := a.listed[key]; before || key == "" {
				continue
			}
			a.listed[key] = time.Now()
			if a.names[item.Metadata.Name] {
				a.made[key] = true // the response to its create may be lost
			}
		}
	}
}

// own reports whether an organization is one of those that the session named.
func (a *accounts) own(organization string) bool {
	return slices.ContainsFunc(a.organizations, func(named string) bool { return tracking.Canonical(named) == tracking.Canonical(organization) })
}
