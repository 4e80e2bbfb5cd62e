package probe

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	// skew is how much older than the run an account of the run may seem if a list read before shows that it was not there.
	skew = 5 * time.Minute
	// strictSkew is the same if no list could be read before.
	strictSkew = time.Minute
	// mostBehind is how much earlier than the run the creation time of an account may be that a list shows with the very text
	// that the create sent: a target may store local time as UTC, or have a slow clock. UTC-12 and UTC+14 are 26 hours apart.
	mostBehind = 26 * time.Hour
	// firstYear is before every service of this kind: an earlier creation time is that of a clock that was never set.
	firstYear = 2000
	// mostForeign is how many responses to creates may name accounts of others before the run stops creating.
	mostForeign = 3
)

// ownership decides which accounts are the run's own. Nothing else may be updated, rotated or deleted: a target may answer
// a create with the id of an account that somebody depends on. An account is the run's own if a create was answered with
// it or a list shows it with a text of the run, if no list that was read before the first create holds it, and if it is
// not older than the run. If no list could be read before, the response itself must show all of this, and its token, too.
// If one was read, an account may seem up to mostBehind older: a list must show it with the very text that the create sent.
type ownership struct {
	prefix, lower string // of the run, the second in lower case
	now           func() time.Time

	mu sync.Mutex
	// before maps collections to what a list read before the first create in them said.
	before map[string]*earlier
	// old maps the ids of accounts that were there before the run to true.
	old map[string]bool
	// began is the start of the run by the clock of the target's creation times, dated the same by its Date field, and local
	// by the clock of this machine.
	began, dated, local time.Time
	claims              map[string]*claim
	invented            map[string]bool
	bearers             map[string]map[string]bool // the ids of the accounts that lists showed by each text of the run
	foreign             int
}

// earlier is what a list said before the first create in its collection.
type earlier struct {
	once sync.Once
	// known is set if the whole list could be read.
	known bool
}

// claim is an account that a response to a create named, or that a list showed with a text of the run. The fields state, shown
// and reason change, and are read by those who hold the lock of ownership; the others are set once.
type claim struct {
	state claimState
	// shown is set once a list showed it, and nothing against it.
	shown bool
	// reason says why it is not the run's own.
	reason string
	// asked is the creation time that the create asked for.
	asked      string
	collection string
	name       string
	sent       string    // the name that the create sent
	at         time.Time // when it was sent
	number     int       // of the create in the journal
	texts      []string
	uncertain  *uncertainCreate // struck out once it is proved
	proving    sync.Once
	looking    sync.Once // for the list to be read before the account is changed for the first time
}

type claimState int

const (
	unproven claimState = iota // until a list shows it with a text of the run
	owned
	somebodyElses
)

// standing is what is known of an account at one moment.
type standing struct {
	claim  *claim // nil if no response named it and no list showed it
	state  claimState
	reason string
	// free is set if the suite made its id up and no response or list shows it.
	free bool
}

func newOwnership(prefix string, now func() time.Time) *ownership {
	return &ownership{
		prefix: prefix, lower: strings.ToLower(prefix), now: now, before: map[string]*earlier{}, old: map[string]bool{},
		claims: map[string]*claim{}, invented: map[string]bool{}, bearers: map[string]map[string]bool{},
	}
}

// start notes when the run began: by the target's clock if it told the time and that is believable.
func (o *ownership) start(e *exchange.Exchange) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.began.IsZero() {
		return
	}
	o.began, o.local = e.StartedAt, e.StartedAt
	if e.Response == nil {
		return
	}
	if date, err := http.ParseTime(e.Response.Header.Get("Date")); err == nil && date.Sub(e.StartedAt).Abs() < 24*time.Hour {
		o.began = date
	}
	o.dated = o.began
}

// earlierOf is what is known of a collection from before the first create in it.
func (o *ownership) earlierOf(collection string) *earlier {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := strings.ToLower(collection)
	if o.before[key] == nil {
		o.before[key] = &earlier{}
	}
	return o.before[key]
}

// isKnown reports whether the list of a collection was read before the first create in it.
func (o *ownership) isKnown(collection string) bool {
	e := o.before[strings.ToLower(collection)]
	return e != nil && e.known
}

// knows is isKnown for those who do not hold the lock.
func (o *ownership) knows(collection string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.isKnown(collection)
}

// wasThere notes an account that a list shows before the first create. The list of another collection may be read when
// the run has begun, and show what it made meanwhile.
func (o *ownership) wasThere(l *listed) {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := canonical(l.id)
	if l.id != "" && o.claims[key] == nil && (len(l.marks) == 0 || o.aged(l.created, true)) {
		o.old[key] = true
	}
}

// own picks the texts that hold the prefix of the run.
func (o *ownership) own(texts []string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return !o.carries([]string{text}) })
}

// existed reports whether a list that was read before the first create holds an account.
func (o *ownership) existed(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.old[canonical(id)]
}

// aged reports whether a creation time is before the run.
func (o *ownership) aged(created time.Time, known bool) bool {
	if created.IsZero() || o.began.IsZero() {
		return false
	}
	if known {
		return created.Before(o.began.Add(-skew))
	}
	return created.Before(o.began.Add(-strictSkew))
}

// carries reports whether one of the texts holds the prefix of the run.
func (o *ownership) carries(texts []string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), o.lower) {
			return true
		}
	}
	return false
}

// answerOf is what a response to a create says of the account.
type answerOf struct {
	name, moment string
	marks        []string
	// holder is what its token says without being sent, vouched if the token is known to belong to the account.
	holder  holder
	vouched bool
}

// take decides whether the account that a response to a create names is the run's own. Twice is set if another create was
// answered with the same id.
func (o *ownership) take(number int, request Request, e *exchange.Exchange, d *uncertainCreate, vouched bool) (s standing, twice bool) {
	document, _ := e.Document()
	said := answerOf{
		name: e.Text("/metadata/name"), moment: e.Text("/metadata/creationTime"), marks: marksOf(document),
		holder: holderOf(e.Text("/status/accessToken"), e.AccountID()), vouched: vouched,
	}
	key := canonical(e.AccountID())
	o.mu.Lock()
	defer o.mu.Unlock()
	if known := o.claims[key]; known != nil {
		if known.state == somebodyElses {
			o.foreign++
		}
		return known.now(), true
	}
	c := &claim{
		name: said.name, uncertain: d, collection: path(request.Path), texts: textsOf(request.Body, o.prefix), asked: askedTime(request.Body),
		sent: sentName(request.Body), at: e.StartedAt, number: number,
	}
	c.state, c.reason = o.judge(key, c, said)
	o.claims[key] = c
	if c.state == somebodyElses {
		o.foreign++
	}
	return c.now(), false
}

// now is for those who hold the lock.
func (c *claim) now() standing { return standing{claim: c, state: c.state, reason: c.reason} }

// judge is for those who hold the lock.
func (o *ownership) judge(key string, c *claim, said answerOf) (claimState, string) {
	known, echoed := o.isKnown(c.collection), o.carries(said.marks)
	created, told := momentOf(said.moment)
	switch asked := told && said.moment == c.asked && known && echoed; {
	case o.old[key]:
		return somebodyElses, "the account was there before the run: a list shows it that was read before the first create"
	case told && !asked && o.aged(created, known) && o.behind(c, said.marks, created):
		return unproven, ""
	case told && !asked && o.aged(created, known):
		return somebodyElses, fmt.Sprintf("the account is older than the run: it was created at %s", said.moment)
	case !known && echoed && said.vouched && told && created.Sub(o.now()) < strictSkew+time.Hour:
		return owned, ""
	case !known || said.holder == disputes:
		return unproven, ""
	case echoed || said.name != "" && said.name == c.sent:
		return owned, ""
	case told && !o.carries(c.texts) || told && len(said.marks) == 0:
		return owned, ""
	}
	return unproven, ""
}

// wasShown reports whether a list showed an account by its id.
func (o *ownership) wasShown(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.claims[canonical(id)]
	return c != nil && c.shown
}

// open reports whether a list can still say something new of an account that a response named.
func (o *ownership) open(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.claims[canonical(id)]
	return c != nil && !c.shown && c.state != somebodyElses
}

// learn takes what a list says of an account into account. It returns why an account is not the run's own that was taken
// for it until now, and the claim if the list proves it.
func (o *ownership) learn(l *listed) (reason string, proved *claim) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.claims[canonical(l.id)]
	if l.id == "" || c == nil || c.state == somebodyElses {
		return "", nil
	}
	known := o.isKnown(c.collection)
	aged := l.moment != "" && l.moment != c.asked && o.aged(l.created, known)
	switch {
	case aged && o.behind(c, l.marks, l.created):
		if c.state == unproven {
			c.state, proved = owned, c
		}
		o.follow(c, l.created)
	case aged:
		c.state, c.reason = somebodyElses, fmt.Sprintf("the account is older than the run: a list shows that it was created at %s", l.moment)
		o.foreign++
		return c.reason, nil
	case c.state == unproven && o.carries(l.marks):
		c.state, proved = owned, c
	}
	c.shown = c.state == owned
	return "", proved
}

// behind reports whether an account that seems older than the run may be the run's own, since its creation time follows
// another clock: it has the very text that the create sent, which nobody else has, and was not in the list before.
func (o *ownership) behind(c *claim, marks []string, created time.Time) bool {
	within := !created.Before(o.dated.Add(-mostBehind)) || created.Year() < firstYear
	return o.isKnown(c.collection) && anyOf(marks, c.texts) && within
}

// follow sets the start of the run by the creation time of an account that is the run's own.
func (o *ownership) follow(c *claim, created time.Time) {
	if began := created.Add(o.local.Sub(c.at)); began.Before(o.began) && created.Year() >= firstYear {
		o.began = began
	}
}

// adopt decides whether an account is the run's own that a list shows and no response named.
func (o *ownership) adopt(l *listed, collection string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	key, known := canonical(l.id), o.isKnown(collection)
	if l.id == "" || o.old[key] || !o.carries(l.marks) || o.aged(l.created, known) || !known && l.created.IsZero() {
		return false
	}
	c := o.claims[key]
	if c == nil {
		c = &claim{collection: collection}
		o.claims[key] = c
	}
	if c.state == somebodyElses {
		return false
	}
	c.state = owned
	return true
}

// older reports whether a list says that an account is older than the run.
func (o *ownership) older(l *listed, collection string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.aged(l.created, o.isKnown(collection))
}

// markOwned makes an account the run's own that whoever calls has good reason to remove.
func (o *ownership) markOwned(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.claims[canonical(id)] = &claim{state: owned}
}

// invent notes an id that the suite made up.
func (o *ownership) invent(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.invented[canonical(id)] = true
}

// standingOf is what is known of an account now.
func (o *ownership) standingOf(id string) standing {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := canonical(id)
	if c := o.claims[key]; c != nil {
		return c.now()
	}
	return standing{free: o.invented[key] && !o.old[key]}
}

// full says why the run creates nothing more; "" if it may.
func (o *ownership) full() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.foreign < mostForeign {
		return ""
	}
	return fmt.Sprintf("the run creates no more accounts: %d responses to creates named accounts that were there before the run, "+
		"or that are older than it by their creation time", mostForeign)
}

// askedTime is the creation time that the body of a create asks for, and sentName the name.
func askedTime(body []byte) string { return sentText(body, "/metadata/creationTime") }
func sentName(body []byte) string  { return sentText(body, "/metadata/name") }

func sentText(body []byte, pointer string) string {
	var document any
	if len(body) > longest || json.Unmarshal(body, &document) != nil {
		return ""
	}
	value, _ := exchange.Lookup(document, pointer)
	text, _ := value.(string)
	return text
}
