package witness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The types of the statement: in-toto Statement v1 with a predicate of this suite.
const (
	statementType = "https://in-toto.io/Statement/v1"
	// PredicateType names the predicate; docs/witness.md describes it.
	PredicateType = "https://github.com/sa-conformance/conformance/witness/v1"
	format        = 1
)

// Testimony is what a witness says of one run.
type Testimony struct {
	Format  int    `json:"format"`
	Session string `json:"session"`
	// Nonce is the witness's own, or the challenge of the certifier that the run named when it began.
	Nonce  string `json:"nonce"`
	Target string `json:"target"`
	// Version is that of the target, as the vendor said when the run began.
	Version string `json:"version,omitempty"`
	// Number is how many sessions this one makes against the target, as the witness counts.
	Number int `json:"number"`
	// Runs are the lines with which the vendors' chains said that runs against the target begin, this one last: hexadecimal
	// SHA-256 digests of the last of them.
	Runs []string `json:"runs,omitempty"`
	// Vantage says in the witness's words where it stands.
	Vantage string    `json:"vantage"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	// NamedCA is set if the witness's operator named certificates to trust beside the system's.
	NamedCA bool   `json:"namedCA"`
	Peers   []Peer `json:"peers"`
	// Refused counts the requests that the witness did not send.
	Refused int     `json:"refused"`
	Repeats Repeats `json:"repeats"`
	// Held is set if the witness held the run itself.
	Held    *Held   `json:"held,omitempty"`
	Entries []Entry `json:"entries"`
}

// Held is what a run came to that the witness held itself.
type Held struct {
	// Suite is the version of the suite that the witness runs.
	Suite   string `json:"suite"`
	Verdict string `json:"verdict"`
	// Report and Recording are the hexadecimal SHA-256 digests of the files that the witness wrote.
	Report    string `json:"report"`
	Recording string `json:"recording"`
}

// Repeats counts what the witness sent of its own accord, and what of it was answered otherwise than the run was.
type Repeats struct {
	Sent     int `json:"sent"`
	Differed int `json:"differed"`
	// Elsewhere counts those that came from another address than that of the witness.
	Elsewhere int `json:"elsewhere,omitempty"`
}

// Peer is who answered.
type Peer struct {
	Address string `json:"address"`
	// Chain is what the peer showed, its own certificate first.
	Chain []Certificate `json:"chain"`
}

// Certificate is one certificate of TLS.
type Certificate struct {
	Subject string   `json:"subject"`
	Issuer  string   `json:"issuer"`
	Names   []string `json:"names,omitempty"`
	// SHA256 is the hexadecimal digest of its DER form.
	SHA256 string `json:"sha256"`
}

type statement struct {
	Type          string    `json:"_type"`
	Subject       []subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Testimony `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// head is the last value of the chain.
func (t *Testimony) head() (string, error) {
	if n := len(t.Entries); n > 0 {
		return t.Entries[n-1].Chain, nil
	}
	return t.first()
}

// Encode makes the statement that the witness signs.
func (t *Testimony) Encode() ([]byte, error) {
	head, err := t.head()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(statement{
		Type: statementType, PredicateType: PredicateType, Predicate: *t,
		Subject: []subject{{Name: "exchanges", Digest: map[string]string{"sha256": head}}},
	})
	if err != nil {
		return nil, fmt.Errorf("encoding what the witness saw: %w", err)
	}
	return text, nil
}

// Parse reads a statement whose signature was verified. It checks the chain, and the signature of each entry with verify.
func Parse(text []byte, verify func(message, signature []byte) error) (*Testimony, error) {
	var s statement
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, errors.New("it cannot be read as what it should be")
	}
	t := &s.Predicate
	switch again, err := t.Encode(); {
	case s.Type != statementType || s.PredicateType != PredicateType:
		return nil, errors.New("it is no statement of a witness")
	case t.Format != format:
		return nil, fmt.Errorf("its format is %d, and this version of the suite reads %d", t.Format, format)
	case err != nil || !bytes.Equal(again, text):
		return nil, errors.New("it is not written as a witness writes it")
	}
	before, err := t.first()
	if err != nil {
		return nil, err
	}
	for i, e := range t.Entries {
		link, err := e.link(before)
		switch {
		case err != nil:
			return nil, err
		case link != e.Chain || e.Number != i+1:
			return nil, fmt.Errorf("its chain breaks at entry %d", i+1)
		case e.Peer >= len(t.Peers):
			return nil, fmt.Errorf("entry %d names no peer of it", i+1)
		case verify(signed(t.Session, e), e.Signature) != nil:
			return nil, fmt.Errorf("the signature of entry %d does not verify", i+1)
		}
		before = e.Chain
	}
	return t, nil
}
