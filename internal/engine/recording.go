package engine

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/har"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// held is what was held of conversations.
type held struct {
	// salt makes the placeholders of a recording, which is the same whenever it is written.
	salt [32]byte

	facts         exchange.Facts
	conversations []exchange.Conversation
	// everything holds the ids of the exchanges that were evidence of everything.
	everything map[string]bool
}

// conversations tells which conversations came to their end, those that were held again included.
func conversations(facts exchange.Facts, probes []probe.Probe, futures map[string]*probe.Future, attempts map[repetition]*probe.Future) held {
	h := held{facts: facts, everything: map[string]bool{}}
	_, _ = rand.Read(h.salt[:]) // never fails: see crypto/rand
	now, cancel := context.WithCancel(context.Background())
	cancel() // what is not over now is not asked
	for _, p := range probes {
		if _, reason, err := futures[p.Name].Wait(now); err == nil {
			h.conversations = append(h.conversations, exchange.Conversation{Probe: p.Name, Reason: reason})
		}
		for number := 2; ; number++ {
			future := attempts[repetition{p.Name, number}]
			if future == nil {
				break
			}
			if _, reason, err := future.Wait(now); err == nil {
				h.conversations = append(h.conversations, exchange.Conversation{Probe: probe.Attempt(p.Name, number), Reason: reason})
			}
		}
	}
	exchanges, _, _ := futures[probe.Everything].Wait(now)
	for _, e := range exchanges {
		h.everything[e.ID] = true
	}
	return h
}

// WriteRecording writes all that was said, and what is needed to judge it again, as a HAR file. In the place of each
// token and of every other credential stands what may be known of it: equal tokens have equal placeholders.
func (r *Result) WriteRecording(w io.Writer) error {
	if r.written != nil {
		_, err := w.Write(r.written)
		return err
	}
	p := &placeholders{secrets: r.Secrets, salt: r.held.salt[:], words: map[string]string{}, digests: map[string]bool{}}
	text := func(s string) string { return string(p.Body([]byte(s))) }

	archive := r.Recording.Finish(p)
	archive.Suite = r.Report.Suite.Version
	facts := r.held.facts
	archive.Facts = exchange.Facts{
		Organization: text(facts.Organization), OtherOrganization: text(facts.OtherOrganization), Prefix: facts.Prefix, Disguise: facts.Disguise, BaseURL: text(facts.BaseURL),
	}
	for _, group := range facts.Groups {
		archive.Facts.Groups = append(archive.Facts.Groups, text(group))
	}
	for _, need := range r.Report.Configuration.Supplied {
		archive.Supplied = append(archive.Supplied, string(need))
	}
	for _, c := range r.held.conversations {
		archive.Conversations = append(archive.Conversations, exchange.Conversation{Probe: c.Probe, Reason: text(c.Reason)})
	}
	archive.Apart = map[string]bool{}
	for i, e := range r.Recording.All() {
		archive.Apart[archive.Exchanges[i].ID] = !r.held.everything[e.ID]
	}
	head, err := json.Marshal(headOf(r.Report))
	if err != nil {
		return fmt.Errorf("encoding the head of the recording: %w", err)
	}
	archive.Head = r.Secrets.Redact(head)
	archive.Digests = slices.Sorted(maps.Keys(p.digests))
	return har.Write(w, archive)
}

// Received is the result of a run that somebody else held: its report, and its recording as that one wrote it. It has no exchanges.
func Received(r *report.Report, recording []byte, secrets *redact.Registry) *Result {
	return &Result{Report: r, Secrets: secrets, Recording: &exchange.Recording{}, written: recording}
}

// head is what a report says that cannot be worked out from the exchanges.
type head struct {
	Suite           report.Suite         `json:"suite"`
	RunID           string               `json:"runId"`
	Target          report.Target        `json:"target"`
	Configuration   report.Configuration `json:"configuration"`
	StartedAt       string               `json:"startedAt"`
	DurationSeconds float64              `json:"durationSeconds"`
	Complete        bool                 `json:"complete"`
	Accounts        report.Accounts      `json:"accounts"`
	Warnings        []string             `json:"warnings"`
	LimitsHit       []string             `json:"limitsHit,omitempty"`
	Stopped         string               `json:"stopped,omitempty"`
}

func headOf(r *report.Report) head {
	return head{
		Suite: r.Suite, RunID: r.RunID, Target: r.Target, Configuration: r.Configuration, StartedAt: r.StartedAt.UTC().Format(timeForm),
		DurationSeconds: r.DurationSeconds, Complete: r.Complete, Accounts: r.Accounts, Warnings: r.Warnings,
		LimitsHit: r.LimitsHit, Stopped: r.Stopped,
	}
}

// placeholders are what a recording has in the places of secrets: one for each token, which says what may be known of it,
// and a short one for each other text. Equal texts have equal placeholders, and different ones different placeholders, so
// that checks find in a recording what they found before. It keeps no token for longer than the recording is written.
type placeholders struct {
	secrets *redact.Registry
	salt    []byte
	words   map[string]string
	digests map[string]bool
}

// Body implements exchange.Replacer.
func (p *placeholders) Body(text []byte) []byte { return p.secrets.Recorded(text, p.vocabulary()) }

// Header implements exchange.Replacer.
func (p *placeholders) Header(name, value string) string {
	return p.secrets.RecordedHeader(name, value, p.vocabulary())
}

func (p *placeholders) vocabulary() redact.Words {
	return redact.Words{Token: p.word, Opaque: p.opaque}
}

// word is the placeholder of a token. Its header and claims may hold other secrets.
func (p *placeholders) word(raw string) string {
	if p.words[raw] == "" {
		facts := jwt.InspectSalted(raw, p.salt)
		facts.Word = matcher.Word(raw)
		facts.Header = p.secrets.RecordedToken(facts.Header, p.vocabulary())
		facts.Claims = p.secrets.RecordedToken(facts.Claims, p.vocabulary())
		p.words[raw], p.digests[facts.Digest] = facts.Placeholder(), true
	}
	return p.words[raw]
}

// opaque is the placeholder of a text that looks like a credential.
func (p *placeholders) opaque(text []byte, length int) string {
	const characters = 8
	mac := hmac.New(sha256.New, p.salt)
	mac.Write(text)
	digest := strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)))
	return redact.Word(text, length, digest[:characters])
}
