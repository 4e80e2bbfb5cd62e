package certificate

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/sa-conformance/conformance/internal/har"
	"github.com/sa-conformance/conformance/internal/witness"
)

// Witnessed is what a witness says of a run.
type Witnessed struct {
	KeyID string `json:"keyId"`
	// Trusted is set if the signature is of a key that was named. Nothing else of this counts otherwise.
	Trusted bool      `json:"trusted"`
	Vantage string    `json:"vantage,omitempty"`
	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	// Connections are those to whoever answered.
	Connections []Connection `json:"connections,omitempty"`
	// Number is how many runs against the target the witness saw, this one included.
	Number int `json:"number,omitempty"`
	// Held is set if the witness held the run itself, so that report and recording are its word.
	Held bool `json:"held"`
	// Exchanges counts those that bundle and witness have alike.
	Exchanges int `json:"exchanges"`
	// Repeats counts what the witness sent of its own accord, and Differed what of it was answered otherwise.
	Repeats  int `json:"repeats"`
	Differed int `json:"differed"`
	// Problems say what the bundle says otherwise than the witness.
	Problems []string `json:"problems,omitempty"`

	sealed *dsse.Envelope
	text   []byte
	// runs are the lines of chains with which runs against the target began, as the witness was told.
	runs []string
}

// witness reads what a witness signed, and compares it if one of the keys that are required signed it.
func (v *Verification) witness(ctx context.Context, b *Bundle, all []Required) {
	data := b.Member(WitnessFile)
	if data == nil {
		return
	}
	sealed, text, err := open(data)
	if err != nil {
		v.missing(WitnessFile, err.Error())
		return
	}
	v.Witness = &Witnessed{KeyID: sealed.Signatures[0].KeyID, sealed: sealed, text: text}
	if v.Claims == nil {
		return
	}
	for _, r := range all {
		for _, key := range r.Witnesses {
			if verified(ctx, sealed, []*PublicKey{key}) == nil {
				v.Witness.Trusted = true
				v.Witness.compare(ctx, b, v.Claims, key)
				return
			}
		}
	}
}

// compare compares what the bundle says with what the witness saw.
func (w *Witnessed) compare(ctx context.Context, b *Bundle, claims *Claims, key *PublicKey) {
	problem := func(format string, args ...any) { w.Problems = append(w.Problems, fmt.Sprintf(format, args...)) }
	t, err := witness.Parse(w.text, func(message, signature []byte) error { return key.Verify(ctx, message, signature) })
	if err != nil {
		problem("its statement cannot be used: %s", err)
		return
	}
	w.Vantage, w.Started, w.Ended = t.Vantage, t.Started, t.Ended
	w.Number, w.runs = t.Number, t.Runs
	w.Repeats, w.Differed = t.Repeats.Sent, t.Repeats.Differed
	for _, p := range t.Peers {
		w.Connections = append(w.Connections, connectionOf(p, t.NamedCA))
	}
	if Canonical(t.Target) != Canonical(claims.Target.URL) {
		problem("it saw a run against %s, and the certificate is for %s", t.Target, claims.Target.URL)
	}
	if t.Held != nil {
		w.Held = true
		if contradiction := t.Held.Contradicts(b.Member(ReportFile), b.Member(RecordingFile)); contradiction != "" {
			w.Held = false
			problem("it held the run itself, and %s", contradiction)
		}
	}
	if t.Version != claims.Target.Version {
		problem("when the run began the target was said to be of version %q, and the certificate says %q", t.Version, claims.Target.Version)
	}
	if t.Nonce != claims.Challenge {
		problem("its nonce is not the one of the certificate")
	}
	if claims.ValidFrom.Before(t.Started.Add(-mostBefore)) || claims.ValidFrom.After(t.Ended.Add(mostBefore)) {
		problem("it saw a run that ended at %s, and by the signer's word it ended at %s", t.Ended.Format(time.RFC3339), claims.ValidFrom.UTC().Format(time.RFC3339))
	}
	if !slices.ContainsFunc(w.Connections, func(c Connection) bool { return c.same(claims.Connection) }) {
		problem("it was connected to somebody else than the certificate says")
	}
	archive, err := har.Read(bytes.NewReader(b.Member(RecordingFile)))
	if err != nil {
		problem("the recording cannot be read")
		return
	}
	c := witness.Compare(t, archive.Exchanges)
	w.Exchanges = c.Compared
	w.Problems = append(w.Problems, c.Problems...)
	if w.Differed > 0 {
		problem("the target answered %d of %d requests of the witness's own otherwise than those of the run", w.Differed, w.Repeats)
	}
}

// Witnesses is how a witness reached who answered, and the nonce that it gave. The signature is not checked.
func Witnesses(envelope []byte) (all []Connection, challenge string, err error) {
	_, text, err := open(envelope)
	if err != nil {
		return nil, "", err
	}
	t, err := witness.Parse(text, func(_, _ []byte) error { return nil })
	if err != nil {
		return nil, "", err
	}
	for _, p := range t.Peers {
		all = append(all, connectionOf(p, t.NamedCA))
	}
	return all, t.Nonce, nil
}

func connectionOf(p witness.Peer, named bool) Connection {
	c := Connection{Address: p.Address, NamedCA: named, Chain: []PeerCertificate{}}
	for _, one := range p.Chain {
		c.Chain = append(c.Chain, PeerCertificate(one))
	}
	return c
}

// unmetWitness lists what is demanded of the witness, and of TLS by its word, and not there.
func (v *Verification) unmetWitness(r Required) (lines []string) {
	w := v.Witness
	switch {
	case w == nil:
		return []string{"the signature of a witness is required, and the bundle has none"}
	case !w.Trusted || verified(context.Background(), w.sealed, r.Witnesses) != nil:
		return []string{fmt.Sprintf("the signature of one of %d witnesses is required, and another one signed", len(r.Witnesses))}
	}
	if slices.ContainsFunc(r.Witnesses, func(k *PublicKey) bool {
		id, err := k.idOf(v.KeyID)
		return err == nil && id != "" && verified(context.Background(), w.sealed, []*PublicKey{k}) == nil
	}) {
		lines = append(lines, "a witness is required, and the signer's own key signed for it")
	}
	for _, problem := range w.Problems {
		lines = append(lines, "a witness is required, and it contradicts the bundle: "+problem)
	}
	if r.Held && !w.Held {
		lines = append(lines, "a run that the witness held itself is required, and the vendor's suite held this one")
	}
	if len(w.Connections) == 0 {
		lines = append(lines, "a witness is required, and it saw nobody answer")
	}
	for i := range w.Connections {
		for _, line := range r.TLS.unmet(&w.Connections[i], v.Claims.Target.URL) {
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}
