package probe

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
)

// longestItem is the length, in bytes, of the longest account in a list that is read.
const longestItem = 12 << 20

// mostOdd is how many items without an id or a name make a list that is none of accounts, and that is not read on.
const mostOdd = 20_000

// listed is an account as a list shows it.
type listed struct {
	id, name string
	// created is the time of its creation; the zero time if the list does not tell.
	created time.Time
	// moment is that time as it stands in the list.
	moment string
	// leaving is set if the list says that the account is being deleted.
	leaving bool
	// marks are its name, its description and the values of its tags. Texts are all strings of an item that has no id or
	// no name in its place.
	marks, texts []string
}

// odd reports whether an item of a list is not an account with an id and a name.
func (l *listed) odd() bool { return l.id == "" || l.name == "" }

// listing is what is known of a list once it is read.
type listing struct {
	// fault says why it is not a list of accounts; "" if it is one.
	fault string
	// items counts the items, odd those that are no object with an id and a name.
	items, odd int
	// more is set if the response says that there is more of the list elsewhere.
	more bool
}

// read reads a list of accounts as a stream and gives each item to do. It keeps none.
func (l *listing) read(body io.Reader, do func(*listed)) {
	*l = listing{}
	if err := l.each(body, do); err != nil {
		l.fault = err.Error()
	}
}

var (
	errNoList   = errors.New("the body is not a JSON array")
	errCutShort = errors.New("the list broke off")
)

func (l *listing) each(body io.Reader, do func(*listed)) error {
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
		item := parseListed(raw)
		l.items++
		if item.odd() {
			if l.odd++; l.odd > mostOdd {
				return fmt.Errorf("more than %d of its entries have no id or no name", mostOdd)
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

// parseListed reads one item of a list. The names of members are compared as they are: encoding/json would take "ID" for
// "id".
func parseListed(raw []byte) listed {
	var item listed
	if bytes.IndexByte(raw, '"') < 0 {
		return item // it has no member and no text
	}
	if len(raw) > bodies.MostItem || bodies.Dense(raw) { // what stands in it as values takes a hundred times the room
		raw, _ = bodies.Prune(raw)
	}
	metadata := members(members(raw)["metadata"])
	item.id, item.name = textOf(metadata["id"]), textOf(metadata["name"])
	item.moment = textOf(metadata["creationTime"])
	item.created, _ = momentOf(item.moment)
	deletion := bytes.TrimSpace(metadata["deletionTime"])
	item.leaving = textOf(metadata["provisioningStatus"]) == "deprovisioning" || len(deletion) > 0 && string(deletion) != "null"
	if item.name != "" {
		item.marks = append(item.marks, item.name)
	}
	if description := textOf(metadata["description"]); description != "" {
		item.marks = append(item.marks, description)
	}
	if tags := metadata["tags"]; len(tags) > 0 {
		var list []json.RawMessage
		_ = json.Unmarshal(tags, &list) // what is no array holds no tag
		for _, tag := range list {
			item.marks = append(item.marks, textOf(members(tag)["value"]))
		}
	}
	if item.odd() && !bodies.Dense(raw) {
		var document any
		_ = json.Unmarshal(raw, &document)
		eachText(document, func(text string) { item.texts = append(item.texts, text) })
	}
	return item
}

func members(raw json.RawMessage) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object) // what is no object has no members
	return object
}

// unclear says why a list that could be read does not show which accounts there are; "" if it does.
func (l *listing) unclear() string {
	switch {
	case l.odd > 0:
		return fmt.Sprintf("the list is not clear: entries without an id or a name: %d", l.odd)
	case l.more:
		return "the list is a part of a longer one, by its Link header"
	}
	return ""
}

func textOf(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text) // what is no string is no text
	return text
}

// momentOf reads a time of creation. It takes more than RFC 3339 allows, for the sake of accounts that are old: the day
// is enough.
func momentOf(text string) (time.Time, bool) {
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
