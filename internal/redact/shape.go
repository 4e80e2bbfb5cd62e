package redact

import (
	"bytes"
	"regexp"
)

const (
	// shortestOpaque is the length from which a text can look like a credential.
	shortestOpaque = 20
	// shortestRandom is how many characters of it have to look random.
	shortestRandom = 16
	// fewestDistinct is how many characters of it have to differ.
	fewestDistinct = 8
	// longestHex is the number of hexadecimal digits up to which they are taken for an id, as of a trace.
	longestHex = 36
	// longestID is the length up to which a text is readable where an id is expected.
	longestID = 64
)

// readable is what may stand in a run and is no credential: UUIDs, also with a wrong digit, trace contexts, date-times, the
// names of the suite's accounts, and UUIDs without dashes in paths.
var readable = regexp.MustCompile(`(?i)[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}` +
	`|/[0-9a-f]{32}/` +
	`|\b00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b` +
	`|\b\d{4}-\d\d-\d\dt\d\d` +
	`|\bconf-[0-9a-f]{8}-[a-z0-9._-]{0,50}\b`)

// runs calls visit with the place of every run of characters of which credentials are made that is long enough to be one.
func runs(text []byte, visit func(start, end int)) {
	for at := 0; at < len(text); {
		if !inRun(text[at]) {
			at++
			continue
		}
		end := at + 1
		for end < len(text) && inRun(text[end]) {
			end++
		}
		if end-at >= shortestOpaque {
			start := at
			for start < end && punctuation(text[start]) && text[start] != '/' && text[start] != '+' {
				start++
			}
			last := end
			for last > start && (text[last-1] == '.' || text[last-1] == '-') {
				last--
			}
			for padding := 0; last < len(text) && text[last] == '=' && padding < 6; padding++ {
				last++
			}
			if last-start >= shortestOpaque {
				visit(start, last)
			}
		}
		at = end
	}
}

// continued is the run on the line after one that is hidden, if it may be the rest of the same base64 text.
func continued(text []byte, end int) (rest span, found bool) {
	const shortest = 4
	start, lines := end, 0
	for start < len(text) && white(text[start]) {
		if text[start] == '\n' {
			lines++
		}
		start++
	}
	last := start
	for last < len(text) && inRun(text[last]) {
		last++
	}
	if lines != 1 || last-start < shortest {
		return span{}, false
	}
	piece := text[start:last]
	padded := last < len(text) && text[last] == '=' && (last+1 == len(text) || text[last+1] == '=' || class(text[last+1]) == other)
	if !padded && !mixed(piece) && !likeRandom(piece) {
		return span{}, false
	}
	for padded && last < len(text) && text[last] == '=' {
		last++
	}
	return span{start: start, end: last}, true
}

// opaque reports whether a run looks like a credential: by its length, its alphabet, and by how letters and digits change
// in it, as they do in random text and not in words.
func opaque(run []byte) bool {
	if len(run) < shortestOpaque || !mixed(run) {
		return false
	}
	if len(run) <= 2*longestID && hexadecimal(run) <= longestHex {
		return false
	}
	if bytes.ContainsAny(run, "-/") && len(run) < 1<<12 {
		run = readable.ReplaceAll(run, []byte("/"))
	}
	random := 0
	for begin := 0; begin < len(run); {
		end := begin
		for end < len(run) && !punctuation(run[end]) {
			end++
		}
		if piece := run[begin:end]; likeRandom(piece) {
			random += len(piece)
		}
		begin = end + 1
	}
	return random >= shortestRandom
}

// hexadecimal is the number of hexadecimal digits of a run that has nothing else but dashes; of another it is beyond any
// limit.
func hexadecimal(run []byte) int {
	digits := 0
	for _, c := range run {
		switch {
		case '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f':
			digits++
		case c != '-':
			return 1 << 30
		}
	}
	return digits
}

// mixed reports whether a run has several different characters, letters and digits among them.
func mixed(run []byte) bool {
	var seen [256]bool
	distinct, letters, digits := 0, 0, 0
	for _, c := range run {
		if seen[c] {
			continue
		}
		seen[c] = true
		distinct++
		switch class(c) {
		case lower, upper:
			letters++
		case digit:
			digits++
		}
	}
	return distinct >= fewestDistinct && letters > 0 && digits > 0 || distinct >= 3*fewestDistinct
}

// likeRandom reports whether letters and digits of a piece follow one another as in no word. A capital after a small letter
// counts half: names are written so.
func likeRandom(piece []byte) bool {
	const (
		short, middle, long = 6, 12, 20
		halves              = 2
		// A piece of the longest kind is no word once digits stand among its letters in several places. Base64 in one letter
		// case, as of the name of a header, changes more seldom than elsewhere.
		longest, fewestDigitChanges = 40, 3
	)
	if len(piece) < short {
		return false
	}
	changes, digitChanges := 0, 0
	for i := 1; i < len(piece); i++ {
		before, now := class(piece[i-1]), class(piece[i])
		switch {
		case before == now:
		case before == digit || now == digit:
			changes += halves
			digitChanges++
		case before == lower:
			changes++
		}
	}
	percent := changes * 100 / halves / (len(piece) - 1)
	switch {
	case len(piece) >= longest && digitChanges >= fewestDigitChanges:
		return true
	case len(piece) >= long:
		return percent >= 10
	case len(piece) >= middle:
		return percent >= 14
	}
	return percent >= 20
}

// The classes of characters.
const (
	other = iota
	lower
	upper
	digit
)

func class(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return lower
	case 'A' <= c && c <= 'Z':
		return upper
	case '0' <= c && c <= '9':
		return digit
	}
	return other
}

func punctuation(c byte) bool {
	switch c {
	case '+', '/', '_', '.', '~', '-', '=':
		return true
	}
	return false
}

func inRun(c byte) bool { return class(c) != other || punctuation(c) && c != '=' }
