// Package journal keeps on disk what runs mean to create, so that what a killed run left can be found and removed. It
// sends nothing, and what it writes holds no secret.
package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Event says what an entry tells of.
type Event string

// The events.
const (
	Begun    Event = "begun"    // a run begins; nothing is sent before
	Intent   Event = "intent"   // a create is about to be sent
	Created  Event = "created"  // its answer named an account
	Unnamed  Event = "unnamed"  // it succeeded, and its response named no account that is the run's own
	Refused  Event = "refused"  // its answer, or the lack of a connection, says that there is no account
	Deleted  Event = "deleted"  // a list confirmed that the account is gone
	Finished Event = "finished" // a list confirmed that nothing of the run is left
)

// Entry is one line of a journal. Run, Target and Organization are in every one.
type Entry struct {
	Event        Event     `json:"event"`
	Time         time.Time `json:"time"`
	Run          string    `json:"run"`
	Target       string    `json:"target"`
	Organization string    `json:"organization"`
	// Create numbers the creates of a run from 1; it joins an intent and what came of it.
	Create int `json:"create,omitempty"`
	// Collection is the path that the create is addressed to.
	Collection string `json:"collection,omitempty"`
	// Prefix begins the name of every account of the run.
	Prefix string `json:"prefix,omitempty"`
	// Texts are the texts of the create that hold the prefix: a name, a description, the value of a tag.
	Texts []string `json:"texts,omitempty"`
	// ID is the account's.
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// longest is the length of the longest line that is read.
const longest = 1 << 20

// encode is the entry as a line.
func encode(e Entry) ([]byte, error) {
	line, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("writing a journal entry: %w", err)
	}
	return append(line, '\n'), nil
}

// beginning is how every line begins.
const beginning = `{"event":"`

// Decode reads a journal. A line that is not whole was never acted upon, since a create is sent only once its intent is
// on disk: such lines are left out and counted. The error says that this is no journal at all.
func Decode(r io.Reader) (entries []Entry, damaged int, err error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the journal: %w", err)
	}
	foreign := false
	for line := range bytes.Lines(data) {
		line = bytes.Trim(line, "\x00 \t\r\n") // some file systems fill what a power cut took with zeros
		if len(line) == 0 {
			continue
		}
		var e Entry
		if len(line) > longest || json.Unmarshal(line, &e) != nil || e.Event == "" || e.Run == "" {
			start := line[:min(len(line), len(beginning))]
			foreign = foreign || !bytes.HasPrefix([]byte(beginning), start)
			damaged++
			continue
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 && foreign {
		return nil, damaged, fmt.Errorf("reading the journal: it holds %d lines, and not one is an entry", damaged)
	}
	return entries, damaged, nil
}
