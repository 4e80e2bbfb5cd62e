// Package disguise makes what a run sends look like what ordinary clients send: names, descriptions and header fields are drawn by a
// key that only the run has. It sends nothing, and it does not change what a request asks for.
package disguise

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

// Disguise is that of one run. It is immutable.
type Disguise struct {
	spec   string
	key    []byte
	prefix string
	client client
	texts  *strings.Replacer
}

// seedSize is the number of random bytes that a disguise is made of.
const seedSize = 16

// New draws a disguise. The challenge is part of the key, so that the names of a run show that it knew the challenge.
func New(challenge string) *Disguise {
	var seed [seedSize]byte
	_, _ = rand.Read(seed[:]) // never fails: see crypto/rand
	d, _ := Parse(hex.EncodeToString(seed[:]) + ":" + challenge)
	return d
}

// form is that of a disguise in a journal and in a recording.
var form = regexp.MustCompile(`^([0-9a-f]{32}):([0-9a-z]{0,20})$`)

// Parse makes a disguise of its text again; false of a text that is none.
func Parse(spec string) (*Disguise, bool) {
	parts := form.FindStringSubmatch(spec)
	if parts == nil {
		return nil, false
	}
	seed, err := hex.DecodeString(parts[1])
	if err != nil {
		return nil, false
	}
	mac := hmac.New(sha256.New, seed)
	_, _ = mac.Write([]byte("conformance disguise v1\n" + parts[2])) // never fails: see hash.Hash
	d := &Disguise{spec: spec, key: mac.Sum(nil)}
	d.prefix = d.drawPrefix()
	d.client = clients[d.draw("client", len(clients))]
	d.texts = d.drawTexts()
	return d, true
}

// String is the text that Parse reads. Who has it can tell the run's accounts from those of others.
func (d *Disguise) String() string { return d.spec }

// Challenge is the challenge that is part of the key; "" for none.
func (d *Disguise) Challenge() string { return d.spec[2*seedSize+1:] }

// Prefix begins the name of every account of the run. It holds a mark of 45 bits that nobody can make without the key.
func (d *Disguise) Prefix() string { return d.prefix }

// markSize is the number of characters of the mark in a prefix.
const markSize = 9

func (d *Disguise) drawPrefix() string {
	word := words[d.draw("first", len(words))]
	other := words[d.draw("second", len(words))]
	mark := strings.ToLower(base32.StdEncoding.EncodeToString(d.sum("mark")))[:markSize]
	return []string{word + "-" + mark + "-", mark + "-" + word + "-", word + "-" + other + "-" + mark + "-", word + "." + mark + "-"}[d.draw("order", 4)]
}

// Label is what a name has in the place of a label. Labels that begin with the same words have labels that do.
func (d *Disguise) Label(label string) string {
	parts := strings.Split(label, "-")
	for i, part := range parts {
		if strings.Trim(part, "0123456789") == "" {
			continue // empty, or a number
		}
		choices := words
		if kept, ok := told[part]; ok {
			choices = kept
		}
		parts[i] = choices[d.draw("label "+part, len(choices))]
	}
	return strings.Join(parts, "-")
}

// Text is a text of a request without the words by which every run of the suite could be told.
func (d *Disguise) Text(text string) string { return d.texts.Replace(text) }

func (d *Disguise) drawTexts() *strings.Replacer {
	var pairs []string
	for _, t := range texts {
		pairs = append(pairs, t.was, t.choices[d.draw(t.was, len(t.choices))])
	}
	return strings.NewReplacer(pairs...)
}

// Header sets the fields that no probe set as an ordinary client sets them. The order of the fields is that of net/http, which
// the clients that are drawn use, too.
func (d *Disguise) Header(header http.Header) {
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", d.client.agent)
	}
	if _, set := header["Accept-Encoding"]; !set {
		header.Set("Accept-Encoding", "gzip")
	}
	if !d.client.traced {
		header.Del("Traceparent")
	}
}

// draw is a number below n that depends on the key and on what it is for.
func (d *Disguise) draw(what string, n int) int {
	sum := d.sum(what)
	return (int(sum[0])<<16 | int(sum[1])<<8 | int(sum[2])) % n
}

func (d *Disguise) sum(what string) []byte {
	mac := hmac.New(sha256.New, d.key)
	_, _ = mac.Write([]byte(what)) // never fails: see hash.Hash
	return mac.Sum(nil)
}
