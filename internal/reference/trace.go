package reference

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

// traceParent is the header of W3C Trace Context section 3.2, of any version but ff.
var traceParent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$`)

// traceID is the client's own, where it sent a valid one, and 32 random hexadecimal digits otherwise.
func traceID(h http.Header) string {
	if sent := h.Values("Traceparent"); len(sent) == 1 {
		m := traceParent.FindStringSubmatch(sent[0])
		if m != nil && m[1] != "ff" && (m[1] != "00" || m[4] == "") && strings.Trim(m[2], "0") != "" && strings.Trim(m[3], "0") != "" {
			return m[2]
		}
	}
	var id [16]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:])
}
