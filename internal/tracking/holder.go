package tracking

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// Holder is what the access token in a response to a create says of its account.
type Holder int

const (
	silent   Holder = iota // nothing
	Agrees                 // it is the account of the response
	Disputes               // it is another account
)

// HolderOf reads the subject of a JWS. Other tokens are silent, and so is a subject that is no UUID.
func HolderOf(token, id string) Holder {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return silent
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Sub string `json:"sub"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return silent
	}
	return Compared(claims.Sub, id)
}

func Compared(subject, id string) Holder {
	switch {
	case Canonical(subject) == Canonical(id):
		return Agrees
	case uuidText.MatchString(subject):
		return Disputes
	}
	return silent
}

var uuidText = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// Mentioned notes every UUID in a response that was read before the first create: if it is no list of the contract, such as
// one in an envelope, one of other member names or one that breaks off, it shows all the same which accounts were there.
func (o *Ownership) Mentioned(e *exchange.Exchange) {
	if e.Response == nil {
		return
	}
	o.Mu.Lock()
	defer o.Mu.Unlock()
	for _, id := range uuidText.FindAll(e.Response.Body, bodies.MostItems) {
		if key := Canonical(string(id)); o.Claims[key] == nil {
			o.old[key] = true
		}
	}
}
