package tracking

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
	// Skew is how much older than the run an account of the run may seem if a list read before shows that it was not there.
	Skew = 5 * time.Minute
	// strictSkew is the same if no list could be read before.
	strictSkew = time.Minute
	// MostBehind is how much earlier than the run the creation time of an account may be that a list shows with the very text
	// that the create sent: a target may store local time as UTC, or have a slow clock. UTC-12 and UTC+14 are 26 hours apart.
	MostBehind = 26 * time.Hour
	// firstYear is before every service of this kind: an earlier creation time is that of a clock that was never set.
	firstYear = 2000
	// MostForeign is how many responses to creates may name accounts of others before the run stops creating.
	MostForeign = 3
)

// Ownership decides which accounts are the run's own. Nothing else may be updated, rotated or deleted: a target may answer
// a create with the id of an account that somebody depends on. An account is the run's own if a create was answered with
// it or a list shows it with a text of the run, if no list that was read before the first create holds it, and if it is
// not older than the run. If no list could be read before, the response itself must show all of this, and its token, too.
// If one was read, an account may seem up to mostBehind older: a list must show it with the very text that the create sent.
type Ownership struct {
	prefix, lower string // of the run, the second in lower case
	now           func() time.Time

	Mu sync.Mutex
	// before maps collections to what a list read before the first create in them said.
	before map[string]*earlier
	// old maps the ids of accounts that were there before the run to true.
	old map[string]bool
	// began is the start of the run by the clock of the target's creation times, dated the same by its Date field, and local
	// by the clock of this machine.
	Began, Dated, Local time.Time
	Claims              map[string]*Claim
	invented            map[string]bool
	bearers             map[string]map[string]bool // the ids of the accounts that lists showed by each text of the run
	foreign             int
}

// earlier is what a list said before the first create in its collection.
type earlier struct {
	Once sync.Once
	// known is set if the whole list could be read.
	Known bool
}

// Claim is an account that a response to a create named, or that a list showed with a text of the run. The fields state, shown
// and reason change, and are read by those who hold the lock of ownership; the others are set once.
type Claim struct {
	state ClaimState
	// shown is set once a list showed it, and nothing against it.
	shown bool
	// reason says why it is not the run's own.
	reason string
	// asked is the creation time that the create asked for.
	asked      string
	Collection string
	Name       string
	sent       string    // the name that the create sent
	at         time.Time // when it was sent
	Number     int       // of the create in the journal
	Texts      []string
	Uncertain  *UncertainCreate // struck out once it is proved
	Proving    sync.Once
	Looking    sync.Once // for the list to be read before the account is changed for the first time
}

// ClaimState says whose account a claim is about.
type ClaimState int

const (
	Unproven ClaimState = iota // until a list shows it with a text of the run
	Owned
	somebodyElses
)

// Standing is what is known of an account at one moment.
type Standing struct {
	Claim  *Claim // nil if no response named it and no list showed it
	State  ClaimState
	Reason string
	// Free is set if the suite made its id up and no response or list shows it.
	Free bool
}

// NewOwnership knows no account yet. The prefix is that of the run.
func NewOwnership(prefix string, now func() time.Time) *Ownership {
	return &Ownership{
		prefix: prefix, lower: strings.ToLower(prefix), now: now, before: map[string]*earlier{}, old: map[string]bool{},
		Claims: map[string]*Claim{}, invented: map[string]bool{}, bearers: map[string]map[string]bool{},
	}
}

// Start notes when the run began: by the target's clock if it told the time and that is believable.
func (o *Ownership) Start(e *exchange.Exchange) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	if !o.Began.IsZero() {
		return
	}
	o.Began, o.Local = e.StartedAt, e.StartedAt
	if e.Response == nil {
		return
	}
	if date, err := http.ParseTime(e.Response.Header.Get("Date")); err == nil && date.Sub(e.StartedAt).Abs() < 24*time.Hour {
		o.Began = date
	}
	o.Dated = o.Began
}

// EarlierOf is what is known of a collection from before the first create in it.
func (o *Ownership) EarlierOf(collection string) *earlier {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	key := strings.ToLower(collection)
	if o.before[key] == nil {
		o.before[key] = &earlier{}
	}
	return o.before[key]
}

// isKnown reports whether the list of a collection was read before the first create in it.
func (o *Ownership) isKnown(collection string) bool {
	e := o.before[strings.ToLower(collection)]
	return e != nil && e.Known
}

// Knows is isKnown for those who do not hold the lock.
func (o *Ownership) Knows(collection string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	return o.isKnown(collection)
}

// WasThere notes an account that a list shows before the first create. The list of another collection may be read when
// the run has begun, and show what it made meanwhile.
func (o *Ownership) WasThere(l *Listed) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	key := Canonical(l.Id)
	if l.Id != "" && o.Claims[key] == nil && (len(l.Marks) == 0 || o.aged(l.Created, true)) {
		o.old[key] = true
	}
}

// Own picks the texts that hold the prefix of the run.
func (o *Ownership) Own(texts []string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return !o.Carries([]string{text}) })
}

// Existed reports whether a list that was read before the first create holds an account.
func (o *Ownership) Existed(id string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	return o.old[Canonical(id)]
}

// aged reports whether a creation time is before the run.
func (o *Ownership) aged(created time.Time, known bool) bool {
	if created.IsZero() || o.Began.IsZero() {
		return false
	}
	if known {
		return created.Before(o.Began.Add(-Skew))
	}
	return created.Before(o.Began.Add(-strictSkew))
}

// Carries reports whether one of the texts holds the prefix of the run.
func (o *Ownership) Carries(texts []string) bool {
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
	holder  Holder
	vouched bool
}

// Take decides whether the account that a response to a create names is the run's own. Twice is set if another create was
// answered with the same id.
func (o *Ownership) Take(number int, address string, body []byte, e *exchange.Exchange, d *UncertainCreate, vouched bool) (s Standing, twice bool) {
	document, _ := e.Document()
	said := answerOf{
		name: e.Text("/metadata/name"), moment: e.Text("/metadata/creationTime"), marks: MarksOf(document),
		holder: HolderOf(e.Text("/status/accessToken"), e.AccountID()), vouched: vouched,
	}
	key := Canonical(e.AccountID())
	o.Mu.Lock()
	defer o.Mu.Unlock()
	if known := o.Claims[key]; known != nil {
		if known.state == somebodyElses {
			o.foreign++
		}
		return known.now(), true
	}
	c := &Claim{
		Name: said.name, Uncertain: d, Collection: Path(address), Texts: TextsOf(body, o.prefix), asked: askedTime(body),
		sent: sentName(body), at: e.StartedAt, Number: number,
	}
	c.state, c.reason = o.judge(key, c, said)
	o.Claims[key] = c
	if c.state == somebodyElses {
		o.foreign++
	}
	return c.now(), false
}

// now is for those who hold the lock.
func (c *Claim) now() Standing { return Standing{Claim: c, State: c.state, Reason: c.reason} }

// judge is for those who hold the lock.
func (o *Ownership) judge(key string, c *Claim, said answerOf) (ClaimState, string) {
	known, echoed := o.isKnown(c.Collection), o.Carries(said.marks)
	created, told := MomentOf(said.moment)
	switch asked := told && said.moment == c.asked && known && echoed; {
	case o.old[key]:
		return somebodyElses, "the account was there before the run: a list shows it that was read before the first create"
	case told && !asked && o.aged(created, known) && o.behind(c, said.marks, created):
		return Unproven, ""
	case told && !asked && o.aged(created, known):
		return somebodyElses, fmt.Sprintf("the account is older than the run: it was created at %s", said.moment)
	case !known && echoed && said.vouched && told && created.Sub(o.now()) < strictSkew+time.Hour:
		return Owned, ""
	case !known || said.holder == Disputes:
		return Unproven, ""
	case echoed || said.name != "" && said.name == c.sent:
		return Owned, ""
	case told && !o.Carries(c.Texts) || told && len(said.marks) == 0:
		return Owned, ""
	}
	return Unproven, ""
}

// WasShown reports whether a list showed an account by its id.
func (o *Ownership) WasShown(id string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	c := o.Claims[Canonical(id)]
	return c != nil && c.shown
}

// Open reports whether a list can still say something new of an account that a response named.
func (o *Ownership) Open(id string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	c := o.Claims[Canonical(id)]
	return c != nil && !c.shown && c.state != somebodyElses
}

// Learn takes what a list says of an account into account. It returns why an account is not the run's own that was taken
// for it until now, and the claim if the list proves it.
func (o *Ownership) Learn(l *Listed) (reason string, proved *Claim) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	c := o.Claims[Canonical(l.Id)]
	if l.Id == "" || c == nil || c.state == somebodyElses {
		return "", nil
	}
	known := o.isKnown(c.Collection)
	aged := l.Moment != "" && l.Moment != c.asked && o.aged(l.Created, known)
	switch {
	case aged && o.behind(c, l.Marks, l.Created):
		if c.state == Unproven {
			c.state, proved = Owned, c
		}
		o.follow(c, l.Created)
	case aged:
		c.state, c.reason = somebodyElses, fmt.Sprintf("the account is older than the run: a list shows that it was created at %s", l.Moment)
		o.foreign++
		return c.reason, nil
	case c.state == Unproven && o.Carries(l.Marks):
		c.state, proved = Owned, c
	}
	c.shown = c.state == Owned
	return "", proved
}

// behind reports whether an account that seems older than the run may be the run's own, since its creation time follows
// another clock: it has the very text that the create sent, which nobody else has, and was not in the list before.
func (o *Ownership) behind(c *Claim, marks []string, created time.Time) bool {
	within := !created.Before(o.Dated.Add(-MostBehind)) || created.Year() < firstYear
	return o.isKnown(c.Collection) && AnyOf(marks, c.Texts) && within
}

// follow sets the start of the run by the creation time of an account that is the run's own.
func (o *Ownership) follow(c *Claim, created time.Time) {
	if began := created.Add(o.Local.Sub(c.at)); began.Before(o.Began) && created.Year() >= firstYear {
		o.Began = began
	}
}

// Adopt decides whether an account is the run's own that a list shows and no response named.
func (o *Ownership) Adopt(l *Listed, collection string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	key, known := Canonical(l.Id), o.isKnown(collection)
	if l.Id == "" || o.old[key] || !o.Carries(l.Marks) || o.aged(l.Created, known) || !known && l.Created.IsZero() {
		return false
	}
	c := o.Claims[key]
	if c == nil {
		c = &Claim{Collection: collection}
		o.Claims[key] = c
	}
	if c.state == somebodyElses {
		return false
	}
	c.state = Owned
	return true
}

// Older reports whether a list says that an account is older than the run.
func (o *Ownership) Older(l *Listed, collection string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	return o.aged(l.Created, o.isKnown(collection))
}

// MarkOwned makes an account the run's own that whoever calls has good reason to remove.
func (o *Ownership) MarkOwned(id string) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	o.Claims[Canonical(id)] = &Claim{state: Owned}
}

// Invent notes an id that the suite made up.
func (o *Ownership) Invent(id string) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	o.invented[Canonical(id)] = true
}

// StandingOf is what is known of an account now.
func (o *Ownership) StandingOf(id string) Standing {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	key := Canonical(id)
	if c := o.Claims[key]; c != nil {
		return c.now()
	}
	return Standing{Free: o.invented[key] && !o.old[key]}
}

// Full says why the run creates nothing more; "" if it may.
func (o *Ownership) Full() string {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	if o.foreign < MostForeign {
		return ""
	}
	return fmt.Sprintf("the run creates no more accounts: %d responses to creates named accounts that were there before the run, "+
		"or that are older than it by their creation time", MostForeign)
}

// askedTime is the creation time that the body of a create asks for, and sentName the name.
func askedTime(body []byte) string { return sentText(body, "/metadata/creationTime") }
func sentName(body []byte) string  { return sentText(body, "/metadata/name") }

func sentText(body []byte, pointer string) string {
	var document any
	if len(body) > Longest || json.Unmarshal(body, &document) != nil {
		return ""
	}
	value, _ := exchange.Lookup(document, pointer)
	text, _ := value.(string)
	return text
}
