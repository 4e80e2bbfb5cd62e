package match

import (
	"net/http"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// shortest is the length below which a credential may stand in an answer by chance.
const shortest = 8

// NotEchoCredential accepts an answer that nowhere, in header or body, holds the credential that its request carried. The
// message does not show it. Requests without one, or with one of fewer than 8 bytes, have nothing to echo.
func NotEchoCredential() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		credential := credentialOf(e.Request.Header)
		if len(credential) < shortest {
			return nil
		}
		expected := "an answer that does not repeat the credential"
		if strings.Contains(string(e.Response.Body), credential) {
			return &Mismatch{Expected: expected, Seen: "the credential in the body"}
		}
		for name, values := range e.Response.Header {
			if strings.Contains(strings.Join(values, "\n"), credential) {
				return &Mismatch{Expected: expected, Seen: "the credential in the header " + name}
			}
		}
		return nil
	})
}

// credentialOf is what an Authorization header holds behind the scheme; "" where there is none.
func credentialOf(header http.Header) string {
	_, credential, _ := strings.Cut(strings.TrimSpace(header.Get("Authorization")), " ")
	return strings.TrimSpace(credential)
}
