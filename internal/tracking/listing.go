package tracking

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// longestItem is the length, in bytes, of the longest account in a list that is read.
const longestItem = 12 << 20

// MostOdd is how many items without an id or a name make a list that is none of accounts, and that is not read on.
const MostOdd = 20_000

// Listed is an account as a list shows it.
type Listed struct {
	Id, Name string
	// created is the time of its creation; the zero time if the list does not tell.
	Created time.Time
	// moment is that time as it stands in the list.
	Moment string
	// leaving is set if the list says that the account is being deleted.
	Leaving bool
	// marks are its name, its description and the values of its tags. Texts are all strings of an item that has no id or
	// no name in its place.
	Marks, Texts []string
}

// Odd reports whether an item of a list is not an account with an id and a name.
func (l *Listed) Odd() bool { return l.Id == "" || l.Name == "" }

// Listing is what is known of a list once it is read.
type Listing struct {
	// fault says why it is not a list of accounts; "" if it is one.
	Fault string
	// items counts the items, odd those that are no object with an id and a name.
	Items, odd int
	// more is set if the response says that there is more of the list elsewhere.
	More bool
}

// Read reads a list of accounts as a stream and gives each item to do. It keeps none.
func (l *Listing) Read(body io.Reader, do func(*Listed)) {
	*l = Listing{}
	if err := l.each(body, do); err != nil {
		l.Fault = err.Error()
	}
}

var (
	errNoList   = errors.New("the body is not a JSON array")
	errCutShort = errors.New("the list broke off")
)

func (l *Listing) each(body io.Reader, do func(*Listed)) error {
	source := &bounded{whole: io.LimitedReader{R: body, N: bodies.MostListBytes}, left: longestItem}
	decoder := json.NewDecoder(source)
	if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
		return errNoList
	}
	for decoder.More() {
		source.left = longestItem
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return broken(source, err)
		}
		item := ParseListed(raw)
		l.Items++
		if item.Odd() {
			if l.odd++; l.odd > MostOdd {
				return fmt.Errorf("more than %d of its entries have no id or no name", MostOdd)
			}
		}
		do(&item)
	}
	if _, err := decoder.Token(); err != nil {
		return broken(source, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows after the list")
	}
	return nil
}

func broken(source *bounded, err error) error {
	var syntax *json.SyntaxError
	switch {
	case source.left <= 0:
		return fmt.Errorf("an item of the list is longer than %d MB", longestItem>>20)
	case errors.As(err, &syntax):
		return errNoList
	case source.whole.N <= 0:
		return fmt.Errorf("the list is longer than %d MB, which is a limit of the suite", bodies.MostListBytes>>20)
	}
	return errCutShort
}

// bounded ends after a number of bytes, which is renewed for each item.
type bounded struct {
	whole io.LimitedReader
	left  int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.whole.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// ParseListed reads one item of a list. The names of members are compared as they are: encoding/json would take "ID" for
// "id".
func ParseListed(raw []byte) Listed {
	var item Listed
	if bytes.IndexByte(raw, '"') < 0 {
		return item // it has no member and no text
	}
	if len(raw) > bodies.MostItem || bodies.Dense(raw) { // what stands in it as values takes a hundred times the room
		raw, _ = bodies.Prune(raw)
	}
	metadata := members(members(raw)["metadata"])
	item.Id, item.Name = textOf(metadata["id"]), textOf(metadata["name"])
	item.Moment = textOf(metadata["creationTime"])
	item.Created, _ = MomentOf(item.Moment)
	deletion := bytes.TrimSpace(metadata["deletionTime"])
	item.Leaving = textOf(metadata["provisioningStatus"]) == "deprovisioning" || len(deletion) > 0 && string(deletion) != "null"
	if item.Name != "" {
		item.Marks = append(item.Marks, item.Name)
	}
	if description := textOf(metadata["description"]); description != "" {
		item.Marks = append(item.Marks, description)
	}
	if tags := metadata["tags"]; len(tags) > 0 {
		var list []json.RawMessage
		_ = json.Unmarshal(tags, &list) // what is no array holds no tag
		for _, tag := range list {
			item.Marks = append(item.Marks, textOf(members(tag)["value"]))
		}
	}
	if item.Odd() && !bodies.Dense(raw) {
		var document any
		_ = json.Unmarshal(raw, &document)
		eachText(document, func(text string) { item.Texts = append(item.Texts, text) })
	}
	return item
}

func members(raw json.RawMessage) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object) // what is no object has no members
	return object
}

// Unclear says why a list that could be read does not show which accounts there are; "" if it does.
func (l *Listing) Unclear() string {
	switch {
	case l.odd > 0:
		return fmt.Sprintf("the list is not clear: entries without an id or a name: %d", l.odd)
	case l.More:
		return "the list is a part of a longer one, by its Link header"
	}
	return ""
}

func textOf(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text) // what is no string is no text
	return text
}

// MomentOf reads a time of creation. It takes more than RFC 3339 allows, for the sake of accounts that are old: the day
// is enough.
func MomentOf(text string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return t, true
	}
	if len(text) >= len(time.DateOnly) {
		if day, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)]); err == nil {
			return day.Add(48 * time.Hour), true // whatever the zone, it is not later than this
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds > 0 {
		for seconds > 1<<34 { // milliseconds and smaller
			seconds /= 1000
		}
		return time.Unix(seconds, 0), true
	}
	return time.Time{}, false
}

// MarksOf are the texts of an account of a list that a create decides: its name, its description, the values of its tags.
func MarksOf(account any) []string {
	name, _ := exchange.Lookup(account, "/metadata/name")
	description, _ := exchange.Lookup(account, "/metadata/description")
	found := []any{name, description}
	tags, _ := exchange.Lookup(account, "/metadata/tags")
	list, _ := tags.([]any)
	for _, tag := range list {
		value, _ := exchange.Lookup(tag, "/value")
		found = append(found, value)
	}
	var marks []string
	for _, mark := range found {
		if text, ok := mark.(string); ok && text != "" {
			marks = append(marks, text)
		}
	}
	return marks
}
