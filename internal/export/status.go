package export

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// span is a range of statuses, both ends included.
type span struct{ low, high int }

var (
	asOf    = regexp.MustCompile(`, as of \S+$`)
	one     = regexp.MustCompile(`^(?:as a refusal )?([1-5][0-9]{2})(?: (.+))?$`)
	class   = regexp.MustCompile(`^(?:a |any )?([1-5])xx$`)
	between = regexp.MustCompile(`^a status of ([1-5][0-9]{2}) to ([1-5][0-9]{2})$`)
)

// spansOf are the statuses that an expectation in words allows; nil if it is not about a status alone.
func spansOf(expected string) (all []span) {
	text := asOf.ReplaceAllString(expected, "")
	if quoted, err := strconv.Unquote(text); err == nil {
		text = quoted
	}
	if text == "a status below 500" || text == "a response that is no server error" {
		return []span{{100, 499}}
	}
	if m := between.FindStringSubmatch(text); m != nil {
		return []span{{number(m[1]), number(m[2])}}
	}
	rest, isStatus := strings.CutPrefix(text, "status ")
	if !isStatus && !class.MatchString(strings.SplitN(text, ",", 2)[0]) && !one.MatchString(strings.TrimSuffix(strings.SplitN(text, " ", 2)[0], ",")) {
		return nil
	}
	for word := range strings.SplitSeq(strings.NewReplacer(", or ", "\n", ", ", "\n", " or ", "\n").Replace(rest), "\n") {
		m := one.FindStringSubmatch(word)
		switch {
		case m != nil && (m[2] == "" || m[2] == http.StatusText(number(m[1]))):
			all = append(all, span{number(m[1]), number(m[1])})
		case class.MatchString(word):
			of := number(class.FindStringSubmatch(word)[1]) * 100
			all = append(all, span{of, of + 99})
		default:
			return nil
		}
	}
	slices.SortFunc(all, func(a, b span) int { return a.low - b.low })
	return all
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the expressions let nothing else pass
	return n
}

func allows(spans []span, status int) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.low <= status && status <= s.high })
}

// exact is the only status that is allowed, 0 if there are several.
func exact(spans []span) int {
	if len(spans) == 1 && spans[0].low == spans[0].high {
		return spans[0].low
	}
	return 0
}

// condition is an expression of Go or JavaScript that is true for the statuses.
func condition(variable, equal string, spans []span) string {
	var parts []string
	for _, s := range spans {
		if s.low == s.high {
			parts = append(parts, fmt.Sprintf("%s %s %d", variable, equal, s.low))
		} else {
			parts = append(parts, fmt.Sprintf("%s >= %d && %s <= %d", variable, s.low, variable, s.high))
		}
	}
	return strings.Join(parts, " || ")
}

// inWords names the statuses.
func inWords(spans []span) string {
	var parts []string
	for _, s := range spans {
		if s.low == s.high {
			parts = append(parts, strconv.Itoa(s.low))
		} else {
			parts = append(parts, fmt.Sprintf("%d to %d", s.low, s.high))
		}
	}
	return strings.Join(parts, " or ")
}

// mostHoles bounds the statuses between the lowest and the highest that Hurl is told to refuse one by one.
const mostHoles = 30

// hurlStatus are asserts of Hurl, which has no "or": the lowest and the highest status, and what is not allowed between them. If that is
// too much, it is the status that was seen.
func hurlStatus(spans []span, seen int) (asserts []string) {
	if only := exact(spans); only > 0 {
		return []string{fmt.Sprintf("status == %d", only)}
	}
	low, high := spans[0].low, 0
	for _, s := range spans {
		high = max(high, s.high)
	}
	asserts = []string{fmt.Sprintf("status >= %d", low), fmt.Sprintf("status <= %d", high)}
	var holes []int
	for status := low; status <= high; status++ {
		if !allows(spans, status) {
			holes = append(holes, status)
		}
	}
	if len(holes) > mostHoles {
		holes = slices.DeleteFunc(holes, func(status int) bool { return status != seen })
	}
	for _, status := range holes {
		asserts = append(asserts, fmt.Sprintf("status != %d", status))
	}
	return asserts
}
