package journal

import (
	"io"
	"maps"
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
	// Accounts were named by responses and are not known to be gone.
	Accounts []Account
	// Creates counts the creates.
	Creates int
	// Unanswered maps the creates of which the journal does not know what came, and Unnamed those that succeeded and named
	// no account, to what they asked for.
	Unanswered, Unnamed map[int]Create
	// Made are the collections in which a create succeeded.
	Made []string
	// Alive are the ids of accounts that were deleted, that no list showed, and of which the access token worked.
	Alive []string
}

// Create is what a create asked for: the texts by which its account can be told, and the path that it was addressed to.
type Create struct {
	Texts      []string
	Collection string
}

// Account is one that a response named.
type Account struct{ ID, Name, Collection string }

// Unfinished lists the runs on a target and an organization that are not known to have left nothing, the oldest first. It
// takes memory for these runs, not for those that are finished.
func (f *File) Unfinished(target, organization string) (runs []Unfinished, damaged int, err error) {
	all, err := f.reader()
	if err != nil {
		return nil, 0, err
	}
	return unfinishedIn(all, target, organization)
}

func unfinishedIn(r io.Reader, target, organization string) (runs []Unfinished, damaged int, err error) {
	open := map[string]*tracked{}
	begun := 0
	damaged, err = Scan(r, func(e Entry) bool {
		if e.Target != target && !SameTarget(e.Target, target) || !strings.EqualFold(e.Organization, organization) {
			return true
		}
		t := open[e.Run]
		switch {
		case e.Event == Finished:
			delete(open, e.Run)
			return true
		case t == nil && !e.opens():
			return true
		case t == nil:
			begun++
			t = track(e, begun)
			open[e.Run] = t
		}
		t.add(e)
		return true
	})
	inOrder := slices.SortedFunc(maps.Values(open), func(a, b *tracked) int { return a.number - b.number })
	for _, t := range inOrder {
		runs = append(runs, t.result())
	}
	return runs, damaged, err
}

// opens reports whether there may be something to remove because of an entry. One that only says what is gone, or what came to
// nothing, leaves a run finished.
func (e Entry) opens() bool {
	return e.Event == Begun || e.Event == Intent || e.Event == Created || e.Event == Unnamed
}

// tracked is a run while its entries are read.
type tracked struct {
	Unfinished
	number int // in the order of the first entries
	texts  map[string]bool
	gone   map[string]int // ids in lower case, each with how many of the accounts were named before it was gone
}

func track(e Entry, number int) *tracked {
	return &tracked{
		Unfinished: Unfinished{
			Run:   Run{ID: e.Run, Target: e.Target, Organization: e.Organization, Prefix: e.Prefix, Disguise: e.Disguise},
			Since: e.Time, Unanswered: map[int]Create{}, Unnamed: map[int]Create{},
		},
		number: number, texts: map[string]bool{}, gone: map[string]int{},
	}
}

// add takes one more entry into account.
func (t *tracked) add(e Entry) {
	t.Last = e.Time
	if t.Prefix == "" {
		t.Prefix, t.Disguise = e.Prefix, e.Disguise
	}
	switch e.Event {
	case Intent:
		for _, text := range e.Texts {
			if text != "" && !t.texts[text] {
				t.texts[text] = true
				t.Texts = append(t.Texts, text)
			}
		}
		t.Collections = appendNew(t.Collections, e.Collection)
		t.Creates++
		t.Unanswered[e.Create] = Create{Texts: e.Texts, Collection: e.Collection}
	case Unnamed:
		t.Unnamed[e.Create] = t.Unanswered[e.Create]
		t.Made = appendNew(t.Made, t.Unanswered[e.Create].Collection)
	case Created:
		t.Made = appendNew(t.Made, e.Collection)
		t.Accounts = append(t.Accounts, Account{ID: e.ID, Name: e.Name, Collection: e.Collection})
		delete(t.Unnamed, e.Create) // a list named the account later
	case Alive:
		t.Alive = appendNew(t.Alive, e.ID)
	case Deleted:
		t.gone[strings.ToLower(e.ID)] = len(t.Accounts)
	}
	if e.Event == Created || e.Event == Refused || e.Event == Unnamed {
		delete(t.Unanswered, e.Create)
	}
}

// result leaves out the accounts that are gone.
func (t *tracked) result() Unfinished {
	u := t.Unfinished
	u.Accounts = nil
	for i, a := range t.Accounts {
		if i >= t.gone[strings.ToLower(a.ID)] {
			u.Accounts = append(u.Accounts, a)
		}
	}
	return u
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
