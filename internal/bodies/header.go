package bodies

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

const (
	// MostFields and fieldBytes bound the header of a response; net/http keeps to the second.
	MostFields, FieldBytes = 200, 64 << 10
	// smallHeader is kept of every header, in bytes; longer ones share what a run has for them. When that is used up, each of
	// their long values is left out, and only some of the others are kept.
	smallHeader, headerBudget = 8 << 10, 4 << 20
	longestValue, cutValues   = 100, 20
	longestJudged             = 1 << 10
	leftOut                   = "(left out: a limit of the suite)"
)

// judged reports whether checks read the fields of a name, in its canonical form.
func judged(name string) bool {
	switch name {
	case "Access-Control-Allow-Credentials", "Access-Control-Allow-Origin", "Allow", "Cache-Control", "Content-Encoding",
		"Content-Length", "Content-Type", "Date", "Location", "Retry-After", "Strict-Transport-Security", "Www-Authenticate",
		"X-Content-Type-Options":
		return true
	}
	return false
}

// judgedFirst are the names of the fields of a header in order, those that checks read first.
func judgedFirst(header http.Header) []string {
	return slices.SortedFunc(maps.Keys(header), func(a, b string) int {
		if judged(a) != judged(b) {
			return map[bool]int{true: -1, false: 1}[judged(a)]
		}
		return strings.Compare(a, b)
	})
}

// FirstFields returns the fields of a header in the order of judgedFirst, up to the limit, and whether these are all.
func FirstFields(header http.Header) (first http.Header, all bool) {
	left := MostFields
	for _, values := range header {
		left -= len(values)
	}
	if left >= 0 {
		return header, true
	}
	first, left = http.Header{}, MostFields
	for _, name := range judgedFirst(header) {
		values := header[name][:min(len(header[name]), left)]
		if left -= len(values); len(values) > 0 {
			first[name] = values
		}
	}
	return first, false
}

// KeepHeader is what is kept of a header, and whether that is not all.
func (r *Budget) KeepHeader(header http.Header) (kept http.Header, cut bool) {
	size := 0
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	if size <= smallHeader || take(&r.header, size) {
		return header, false
	}
	kept, left := http.Header{}, cutValues
	for _, name := range judgedFirst(header) {
		for _, value := range header[name][:min(len(header[name]), left)] {
			if len(value) > longestJudged || len(value) > longestValue && !judged(name) {
				value = leftOut // the half of a secret would not be known as one
			}
			kept[name] = append(kept[name], value)
			left--
		}
	}
	return kept, true
}
