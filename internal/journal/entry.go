// Package journal writes to disk what a run is about to create, before it is created, so that a sweep can find and remove what
// a killed run left. It sends nothing, and its files hold no secret.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
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
	Created  Event = "created"  // its response named an account
	Unnamed  Event = "unnamed"  // it succeeded, and its response named no account that is the run's own
	Refused  Event = "refused"  // its response, or the lack of a connection, says that there is no account
	Deleted  Event = "deleted"  // a list confirmed that the account is gone
	Alive    Event = "alive"    // the account was deleted, no list shows it, and its access token works
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
	// Disguise is the text of the disguise that the prefix follows from; "" for none.
	Disguise string `json:"disguise,omitempty"`
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

// Scan reads a journal as a stream, and hands over one entry after another until each returns false. A line that is not
// whole was never acted upon, since a create is sent only once its intent is on disk: such lines are left out and counted,
// as are those that are too long. The error says that this is no journal at all, or cannot be read.
func Scan(r io.Reader, each func(Entry) bool) (damaged int, err error) {
	lines := bufio.NewReaderSize(r, 64<<10)
	found, foreign := false, false
	for more := true; more; {
		var line []byte
		var long bool
		if line, long, more, err = nextLine(lines); err != nil {
			return damaged, fmt.Errorf("reading the journal: %w", err)
		}
		if len(line) == 0 {
			continue
		}
		var e Entry
		if long || json.Unmarshal(line, &e) != nil || e.Event == "" || e.Run == "" {
			start := line[:min(len(line), len(beginning))]
			foreign = foreign || !bytes.HasPrefix([]byte(beginning), start)
			damaged++
			continue
		}
		found = true
		if !each(e) {
			return damaged, nil
		}
	}
	if !found && foreign {
		return damaged, fmt.Errorf("reading the journal: it holds %d lines, and not one is an entry", damaged)
	}
	return damaged, nil
}

// blank is what is no part of a line; some file systems fill with zeros what a power cut took.
const blank = "\x00 \t\r\n"

// nextLine reads a line, without what is blank at its ends. Of a line that is too long it keeps the beginning.
func nextLine(r *bufio.Reader) (line []byte, long, more bool, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		if len(line) == 0 {
			piece = bytes.TrimLeft(piece, blank)
		}
		keep := min(len(piece), longest-len(line))
		long = long || len(bytes.TrimRight(piece[keep:], blank)) > 0
		line = append(line, piece[:keep]...)
		switch {
		case err == nil, errors.Is(err, io.EOF):
			return bytes.TrimRight(line, blank), long, err == nil, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, false, err
		}
	}
}
