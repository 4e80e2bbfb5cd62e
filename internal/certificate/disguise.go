package certificate

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/har"
)

// disguise finds out whether the run looked like an ordinary client: every name has the prefix of its disguise, and no request has
// the words of the suite.
func (v *Verification) disguise(b *Bundle) {
	archive, err := har.Read(bytes.NewReader(b.Member(RecordingFile)))
	if err != nil {
		return
	}
	d, ok := disguise.Parse(archive.Facts.Disguise)
	v.Disguised = ok && d.Prefix() == archive.Facts.Prefix && !slices.ContainsFunc(archive.Exchanges, func(e *exchange.Exchange) bool {
		return tells(e.Request.Header.Get("User-Agent")) || tells(string(e.Request.Body)) ||
			e.Operation == "createServiceAccount" && e.Success() && e.AccountID() != "" && !bytes.Contains(bytes.ToLower(e.Request.Body), []byte(d.Prefix()))
	})
}

// tells reports whether a text has a word by which the suite can be recognised.
func tells(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "conformance") || strings.Contains(text, "conf-")
}
