package report

import "strings"

// TargetVersion is what the target says it is, in the Server header of its responses (RFC 9110 section 10.2.4); "" if it
// says nothing, or not the same throughout.
func TargetVersion(r *Report) string {
	version := ""
	for _, e := range r.Exchanges {
		if e.Response == nil {
			continue
		}
		for _, header := range e.Response.Headers {
			value, ok := strings.CutPrefix(header, "Server: ")
			switch {
			case !ok:
			case version == "":
				version = value
			case version != value:
				return ""
			}
		}
	}
	return version
}
