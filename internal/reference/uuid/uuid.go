// Package uuid makes and reads the identifiers of the reference (RFC 9562). It shares no code with what judges them.
package uuid

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
)

var form = regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`)

// Parse takes the textual form of RFC 9562 section 4, of any version and case, and returns it in lower case.
func Parse(s string) (string, bool) {
	if !form.MatchString(s) {
		return "", false
	}
	return strings.ToLower(s), true
}

// New is random (RFC 9562 section 5.4).
func New() string {
	var u [16]byte
	rand.Read(u[:])
	return format(u, 4)
}

// NewOrdered is random after 48 bits of time in milliseconds (RFC 9562 section 5.7).
func NewOrdered(t time.Time) string {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(t.UnixMilli())<<16)
	rand.Read(u[6:])
	return format(u, 7)
}

func format(u [16]byte, version byte) string {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
