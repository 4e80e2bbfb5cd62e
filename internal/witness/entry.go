// Package witness is a third party between a run and its target: it sends the requests of a run, and signs the digest of each
// exchange in a hash chain. It judges nothing, and it never stores a credential.
package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Entry is one exchange as the witness saw it. It holds digests and no text of the exchange.
type Entry struct {
	// Number counts from 1, in the order in which exchanges ended.
	Number  int       `json:"number"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	// Peer is the place in Testimony.Peers of who answered; -1 if nobody did.
	Peer int `json:"peer"`
	// Repeats is the number of the entry that the witness repeated of its own accord; 0 for an exchange of the run.
	Repeats int `json:"repeats,omitempty"`
	// Request is the digest of the request, Loose that of it without its long words.
	Request string `json:"request"`
	Loose   string `json:"loose"`
	// Purpose is the digest of what the run said that the request is for, when it sent it; "" of a request of the witness's own.
	Purpose string `json:"purpose,omitempty"`
	// Presented is the digest of what everybody may know of the token in the request.
	Presented string `json:"presented,omitempty"`
	// Response has no status if no response arrived.
	Response Response `json:"response,omitzero"`
	// Broken is set if no complete response arrived.
	Broken bool `json:"broken,omitempty"`
	// Undelivered is set if the run did not wait for the response.
	Undelivered bool `json:"undelivered,omitempty"`
	// Chain is the digest of this entry and, through the one before it, of all before it; Signature is the witness's over it.
	Chain     string `json:"chain"`
	Signature []byte `json:"signature"`
}

// Response is the digest of a response.
type Response struct {
	Status int    `json:"status,omitempty"`
	Header string `json:"header,omitempty"`
	Body   string `json:"body,omitempty"`
	// Loose is the digest of the body without its long words, if it says what went wrong.
	Loose string `json:"loose,omitempty"`
	// Token is the digest of what everybody may know of the access token in the body.
	Token string `json:"token,omitempty"`
	// LongHeader is set if a recording may hold a part of the header alone.
	LongHeader bool `json:"longHeader,omitempty"`
	// Length is that of the body in bytes, without its content coding.
	Length int `json:"length,omitempty"`
	// Items are those of the items of a long list; nil for other bodies.
	Items []string `json:"items,omitempty"`
}

// link is the chain's next value.
func (e Entry) link(before string) (string, error) {
	e.Chain, e.Signature = before, nil
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("encoding an entry: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// first is the value that a chain begins with: a digest of what the session is.
func (t *Testimony) first() (string, error) {
	return Entry{Number: 0, Request: t.Session + "\n" + t.Nonce + "\n" + t.Target, Started: t.Started}.link("")
}

// signed is the message that the signature of an entry is over.
func signed(session string, e Entry) []byte {
	return fmt.Appendf(nil, "conformance witness v1\n%s\n%d\n%s\n", session, e.Number, e.Chain)
}
