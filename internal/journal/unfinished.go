package journal

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Unfinished is a run that may have left accounts behind.
type Unfinished struct {
	Run
	// Since is when the run began, and Last the time of its last entry.
	Since, Last time.Time
	// Texts hold the prefix, and were part of a create.
	Texts []string
	// Collections are the paths that creates were addressed to.
	Collections []string
	// Accounts were named by answers and are not known to be gone.
	Accounts []Account
	// Creates counts the creates.
	Creates int
	// Unanswered maps the creates of which the journal does not know what came, and Unnamed those that succeeded and named
	// no account, to what they asked for.
	Unanswered, Unnamed map[int]Create
	// Made are the collections in which a create succeeded.
	Made []string
}

// Create is what a create asked for: the texts by which its account can be told, and the path that it was addressed to.
type Create struct {
	Texts      []string
	Collection string
}

// Account is one that an answer named.
type Account struct{ ID, Name, Collection string }

// UnfinishedOf lists the runs on a target and an organization that are not known to have left nothing, the oldest first.
func UnfinishedOf(entries []Entry, target, organization string) []Unfinished {
	var order []string
	runs := map[string]*Unfinished{}
	for _, e := range entries {
		if !SameTarget(e.Target, target) || !strings.EqualFold(e.Organization, organization) {
			continue
		}
		u := runs[e.Run]
		if u == nil {
			u = &Unfinished{Run: Run{ID: e.Run, Target: e.Target, Organization: e.Organization, Prefix: e.Prefix}, Since: e.Time,
				Unanswered: map[int]Create{}, Unnamed: map[int]Create{}}
			runs[e.Run] = u
			order = append(order, e.Run)
		}
		u.add(e)
	}
	var list []Unfinished
	for _, id := range order {
		if u := runs[id]; u.ID != "" {
			list = append(list, *u)
		}
	}
	return list
}

// add takes one more entry into account. A finished run loses its id.
func (u *Unfinished) add(e Entry) {
	u.Last = e.Time
	if u.Prefix == "" {
		u.Prefix = e.Prefix
	}
	switch e.Event {
	case Intent:
		u.Texts = appendNew(u.Texts, e.Texts...)
		u.Collections = appendNew(u.Collections, e.Collection)
		u.Creates++
		u.Unanswered[e.Create] = Create{Texts: e.Texts, Collection: e.Collection}
	case Unnamed:
		u.Unnamed[e.Create] = u.Unanswered[e.Create]
		u.Made = appendNew(u.Made, u.Unanswered[e.Create].Collection)
	case Created:
		u.Made = appendNew(u.Made, e.Collection)
		u.Accounts = append(u.Accounts, Account{ID: e.ID, Name: e.Name, Collection: e.Collection})
	case Deleted:
		u.Accounts = slices.DeleteFunc(u.Accounts, func(a Account) bool { return strings.EqualFold(a.ID, e.ID) })
	case Finished:
		u.ID = ""
	}
	if e.Event == Created || e.Event == Refused || e.Event == Unnamed {
		delete(u.Unanswered, e.Create)
	}
}

func appendNew(list []string, items ...string) []string {
	for _, item := range items {
		if item != "" && !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// SameTarget reports whether two base URLs lead to one target.
func SameTarget(a, b string) bool { return normal(a) == normal(b) }

func normal(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + host + strings.TrimRight(u.EscapedPath(), "/")
}
