package redact

import "bytes"

// named looks for values that a name before them calls credentials: in query strings and forms, cookies and parameters of
// headers, attributes and elements of XML and HTML, and in JSON that is none.
func named(text []byte, add func(span)) {
	paired := false // the name of a pair was told by an attribute before: name="token" value="…"
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '=', ':':
			if start, end := userinfo(text, at); start < end {
				add(span{start: start, end: end})
				at = end
				continue
			}
			name := nameBefore(text[:at])
			called := credential(name) || paired && holdsValue(name)
			if !called && !namesValue(name) {
				continue
			}
			if !called {
				paired = Credential(string(quotedAfter(text, at+1)))
				continue
			}
			start, end, quoted := valueAfter(text, at+1)
			paired = false
			prose := text[at] == ':' && !quoted && end-start < shortestJoined && !mixed(text[start:end]) // "the token: expired"
			if start < end && !prose {
				if !plainWord(text[start:end]) {
					add(span{start: start, end: end})
				}
				at = end - 1
			}
		case '<':
			if start, end := element(text, at); start < end {
				add(span{start: start, end: end})
				at = end - 1
			}
		}
	}
}

// nameBefore is the name at the end of a text, in its normal form; "" if there is none.
func nameBefore(text []byte) string {
	end := len(text)
	for end > 0 && (white(text[end-1]) || text[end-1] == '"' || text[end-1] == '\'' || text[end-1] == ']') && len(text)-end < 8 {
		end--
	}
	start := end
	for start > 0 && end-start < longestName && (class(text[start-1]) != other || text[start-1] == '_' || text[start-1] == '-' || text[start-1] == '.') {
		start--
	}
	if end-start < 3 || end-start >= longestName {
		return ""
	}
	return normal(string(text[start:end]))
}

// quotedAfter is the text in quotes that stands at a position, if it could be a name.
func quotedAfter(text []byte, at int) []byte {
	text = text[at:min(len(text), at+longestName)]
	text = bytes.TrimLeft(text, " ")
	if len(text) == 0 || text[0] != '"' && text[0] != '\'' {
		return nil
	}
	end := bytes.IndexByte(text[1:], text[0])
	return text[1 : 1+max(end, 0)]
}

// valueAfter is the place of the value that stands at a position: a quoted text, what brackets hold, or a word.
func valueAfter(text []byte, at int) (start, end int, quoted bool) {
	for at < len(text) && white(text[at]) {
		at++
	}
	if at == len(text) {
		return at, at, false
	}
	switch c := text[at]; c {
	case '"', '\'':
		if n := bytes.IndexByte(text[at+1:], c); n >= 0 {
			return at + 1, at + 1 + n, true
		}
		return at + 1, len(text), true
	case '[', '{':
		if n := bytes.IndexByte(text[at:], c+2); n >= 0 { // in ASCII, the closing ones are two further
			return at + 1, at + n, true
		}
		return at + 1, len(text), true
	}
	end = wordEnd(text, at)
	for _, scheme := range schemes {
		if end-at == len(scheme) && bytes.EqualFold(text[at:end], []byte(scheme)) && end < len(text) && text[end] == ' ' {
			for at = end; at < len(text) && text[at] == ' '; {
				at++
			}
			return at, wordEnd(text, at), true
		}
	}
	return at, end, false
}

// userinfo is the place of what stands before the host of a URL whose colon is at a position.
func userinfo(text []byte, at int) (start, end int) {
	const longest = 8 << 10
	if text[at] != ':' || !bytes.HasPrefix(text[at:], []byte("://")) {
		return 0, 0
	}
	start = at + len("://")
	authority := text[start:min(start+longest, len(text))]
	if n := bytes.IndexAny(authority, "/?# \t\r\n\"'<>"); n >= 0 {
		authority = authority[:n]
	}
	return start, start + max(bytes.LastIndexByte(authority, '@'), 0)
}

var schemes = []string{"bearer", "basic", "token", "dpop", "digest", "negotiate"}

func wordEnd(text []byte, at int) int {
	for at < len(text) && !white(text[at]) && bytes.IndexByte([]byte("&;,\"'<>)]}`\\"), text[at]) < 0 {
		at++
	}
	return at
}

// element is the place of the text in an element of XML that begins at a position, if its name says that it is a credential.
func element(text []byte, at int) (start, end int) {
	const longestTag = 256
	tag := text[at+1 : min(at+1+longestTag, len(text))]
	n := bytes.IndexByte(tag, '>')
	if n < 1 || tag[0] == '/' || tag[n-1] == '/' {
		return 0, 0
	}
	name := tag[:n]
	if space := bytes.IndexAny(name, " \t\r\n"); space >= 0 {
		name = name[:space]
	}
	if colon := bytes.IndexByte(name, ':'); colon >= 0 {
		name = name[colon+1:]
	}
	if !Credential(string(name)) {
		return 0, 0
	}
	start = at + 1 + n + 1
	if n := bytes.IndexByte(text[start:], '<'); n >= 0 {
		return start, start + n
	}
	return start, len(text)
}

// plainWord reports whether a value tells only whether there is a credential, or is a placeholder of one.
func plainWord(value []byte) bool {
	switch string(bytes.ToLower(value[:min(len(value), longestPlain)])) {
	case "true", "false", "null", "none", "nil", "required", "optional", "[redacted]":
		return true
	}
	whole := func(place []int) bool { return place != nil && place[0] == 0 && place[1] == len(value) }
	return len(value) <= longestName && (whole(ours.FindIndex(value)) || whole(recorded.FindIndex(value)))
}

// longestPlain is longer than the longest plain word.
const longestPlain = 12
