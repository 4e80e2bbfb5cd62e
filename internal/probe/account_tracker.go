package probe

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// accountTracker keeps account of the accounts that a run made and removed. All spellings of an id are one.
type accountTracker struct {
	mu        sync.Mutex
	accounts  map[string]*account
	order     []string
	uncertain []*uncertainCreate
	// seen is set once a list showed an account of the run.
	seen bool
}

type account struct {
	id, name string
	// collection is the path that it was created at.
	collection string
	gone       bool
	// listed is set if a list showed it, and no response told of it.
	listed bool
}

// uncertainCreate is a create that may have made an account of which no response told.
type uncertainCreate struct {
	collection string
	// texts are those of the request by which the account can be told.
	texts []string
	// unanswered is set if nothing was heard, so that the target may still be at it. Told is set if the response said that
	// there is an account, and named none that is the run's own.
	unanswered, told bool
	// item is the account of a list that the create made, as key makes it; "" while no list shows it.
	item string
}

func newAccountTracker() *accountTracker { return &accountTracker{accounts: map[string]*account{}} }

// note enters what an exchange removed. Creates are entered by dispatch.
func (l *accountTracker) note(request Request, e *exchange.Exchange) {
	if request.Operation != DeleteOperation || !e.Success() {
		return
	}
	collection, id := split(request.Path)
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[canonical(id)]; a != nil && a.collection == collection {
		a.gone = true
	}
}

// addUncertain enters a create of which nobody knows what it made.
func (l *accountTracker) addUncertain(d uncertainCreate) *uncertainCreate {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uncertain = append(l.uncertain, &d)
	return &d
}

// resolve removes an uncertain create, once it is known what it made.
func (l *accountTracker) resolve(d *uncertainCreate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uncertain = slices.DeleteFunc(l.uncertain, func(other *uncertainCreate) bool { return other == d })
}

// see takes an account of a list for what one of the doubtful creates made, or what several that were not answered did. It
// returns the name by which the create keeps it.
func (l *accountTracker) see(item *listed) (key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = true
	key = canonical(item.id) + "\x00" + item.name
	if item.odd() { // its texts tell it from others
		key += "\x00" + strings.Join(item.texts, "\x00")
	}
	for _, d := range l.uncertain {
		if d.item == "" && d.unanswered && anyOf(item.marks, d.texts) {
			d.item = key
		}
	}
	if a := l.accounts[canonical(item.id)]; a != nil && a.name == item.name {
		return key // a response told of it
	}
	for _, d := range l.uncertain {
		if d.told && d.item == key {
			return key
		}
	}
	for _, d := range l.uncertain {
		if d.item == "" && d.told && (anyOf(item.marks, d.texts) || anyOf(item.texts, d.texts)) {
			d.item = key
			return key
		}
	}
	return key
}

func anyOf(marks, texts []string) bool {
	return slices.ContainsFunc(marks, func(mark string) bool { return slices.Contains(texts, mark) })
}

// sighted reports whether a list ever showed an account of the run.
func (l *accountTracker) sighted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen
}

// sight notes that a list shows an account of the run.
func (l *accountTracker) sight() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = true
}

// unseen counts the creates that nothing was heard or seen of.
func (l *accountTracker) unseen() int {
	return l.count(func(d *uncertainCreate) bool { return d.unanswered && d.item == "" })
}

// untold lists the creates that were answered with success, and whose account no response named and no list shows: neither one
// that told of an account of the run, nor one that is shown now.
func (l *accountTracker) untold(shown func(key string) bool) (found []uncertainCreate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.uncertain {
		id, _, _ := strings.Cut(d.item, "\x00")
		if d.told && (d.item == "" || l.accounts[id] == nil && !shown(d.item)) {
			found = append(found, *d)
		}
	}
	return found
}

func (l *accountTracker) count(of func(*uncertainCreate) bool) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.uncertain {
		if of(d) {
			n++
		}
	}
	return n
}

// elsewhere lists the collections, other than the given one, that the accounts of a run may be in.
func (l *accountTracker) elsewhere(own string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, d := range l.uncertain {
		all = append(all, d.collection)
	}
	for _, key := range l.order {
		all = append(all, l.accounts[key].collection)
	}
	return otherCollections(all, own)
}

// gone lists the ids of the accounts that were removed.
func (l *accountTracker) gone() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for _, key := range l.order {
		if a := l.accounts[key]; a.gone {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// add enters an account that is not known yet.
func (l *accountTracker) add(a account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if key := canonical(a.id); l.accounts[key] == nil {
		l.accounts[key] = &a
		l.order = append(l.order, key)
	}
}

// find returns the account with an id.
func (l *accountTracker) find(id string) (account, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[canonical(id)]; a != nil {
		return *a, true
	}
	return account{}, false
}

// named returns an account that carries one of the texts as its name.
func (l *accountTracker) named(texts []string) (account, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range l.order {
		if a := l.accounts[key]; a.name != "" && slices.Contains(texts, a.name) {
			return *a, true
		}
	}
	return account{}, false
}

// holds reports whether a path leads to an account that the run made and has not removed.
func (l *accountTracker) holds(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	collection, id := split(strings.TrimSuffix(path(address), "/rotate"))
	a := l.accounts[canonical(id)]
	return a != nil && a.collection == collection && !a.gone
}

// mark says whether an account is gone.
func (l *accountTracker) mark(id string, gone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[canonical(id)]; a != nil {
		a.gone = gone
	}
}

// forget strikes an account out, as if it had never been entered.
func (l *accountTracker) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := canonical(id)
	delete(l.accounts, key)
	l.order = slices.DeleteFunc(l.order, func(other string) bool { return other == key })
}

// merge makes one account of two if a response told of it by an id that no list shows, and a list shows it by another id and
// the same name: names are the run's own, and a list may show every account by another id.
func (l *accountTracker) merge(shown func(id string) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := map[string][]string{} // by name
	trusted := false              // a list showed an account by the id that a response told
	for _, key := range l.order {
		if a := l.accounts[key]; !a.listed && a.name != "" {
			if shown(a.id) {
				trusted = true
			} else {
				told[a.name] = append(told[a.name], key)
			}
		}
	}
	if trusted {
		return
	}
	for _, a := range l.accounts {
		if keys := told[a.name]; a.listed && len(keys) > 0 {
			delete(l.accounts, keys[0])
			told[a.name] = keys[1:]
		}
	}
	l.order = slices.DeleteFunc(l.order, func(key string) bool { return l.accounts[key] == nil })
}

// left lists the accounts that have not been removed, the newest first.
func (l *accountTracker) left() []account {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []account
	for _, key := range slices.Backward(l.order) {
		if a := l.accounts[key]; !a.gone {
			left = append(left, *a)
		}
	}
	return left
}

// created counts the accounts that were ever entered.
func (l *accountTracker) created() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.order)
}

// unclear reports whether there was a create without a clear response.
func (l *accountTracker) unclear() bool {
	return l.count(func(*uncertainCreate) bool { return true }) > 0
}

// path is the address of a collection: without a query, without a slash at its end.
func path(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return strings.TrimRight(address, "/")
}

// split takes the address of one account apart.
func split(address string) (collection, id string) {
	address = path(address)
	last := strings.LastIndexByte(address, '/')
	id, _ = url.PathUnescape(address[last+1:])
	return address[:max(last, 0)], id
}
