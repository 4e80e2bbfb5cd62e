package redact

import (
	"regexp"
	"strings"
)

// parting says which parts of a secret are searched for, so that one that is cut short is found.
type parting uint8

const (
	wholeOnly parting = iota
	short             // partLength bytes, from every fourth one on: for the few credentials of the operator's
	half              // half of it, from every eighth of its length on: for the many tokens that a target issues
)

// Secrets beyond mostParted bytes have no parts.
const (
	partLength, partStep, mostParted = 12, 4, 4 << 10
	shortestPart, halves, eighths    = 10, 2, 8
	hexPart                          = 16
)

// identifiers are pieces of a secret that may stand elsewhere in a run: what is readable, and UUIDs without dashes.
var identifiers = regexp.MustCompile(readable.String() + `|\b[0-9a-f]{32}\b`)

// partsOf are what is searched for of a secret that is cut short.
func partsOf(value string, parts parting) []string {
	if parts == wholeOnly || len(value) > mostParted || parts == short && len(value) < shortestOpaque {
		return nil
	}
	if parts == short && hexadecimal([]byte(value)) <= len(value) { // all of it is such digits: longer parts are of no other id
		return pieces(value, hexPart, partStep, func(string, int) bool { return true })
	}
	if parts == short {
		return pieces(value, partLength, partStep, func(part string, _ int) bool {
			return strings.Trim(part, "0123456789abcdefABCDEF-") != "" // or else it may be of a UUID
		})
	}
	size := max(len(value)/halves, min(len(value)-halves, partLength))
	if size < shortestPart {
		return nil
	}
	known := identifiers.FindAllStringIndex(value, -1)
	return pieces(value, size, max(1, len(value)/eighths), func(_ string, at int) bool {
		for _, place := range known {
			if place[0] <= at && at+size <= place[1] && place[1]-place[0] < len(value) {
				return false
			}
		}
		return true
	})
}

// pieces are the parts of a size that begin at every step, and the last one.
func pieces(value string, size, step int, secret func(part string, at int) bool) (found []string) {
	for at := 0; at+size <= len(value); at += step {
		if secret(value[at:at+size], at) {
			found = append(found, value[at:at+size])
		}
	}
	if at := len(value) - size; at > 0 && at%step != 0 && secret(value[at:], at) {
		found = append(found, value[at:])
	}
	return found
}
