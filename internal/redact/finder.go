package redact

import (
	"bytes"
	"slices"
)

// finder collects the places of one text that are to be hidden: those of secrets that are known, values whose name says
// that they are credentials, and what looks like one.
type finder struct {
	registry *Registry // nil for a finder that knows no secret
	index    *index
	// known and found are the places of secrets that are known, and of what else is hidden.
	known, found []span
	names        map[string]string
	// shapeless leaves what only looks like a credential.
	shapeless bool
}

// body looks through a body, which may be JSON.
func (f *finder) body(body []byte) {
	if !document(body) {
		f.text(body, 0, "", false)
		return
	}
	w := &walker{finder: f, body: body}
	w.walk()
	if end := rest(body); end < len(body) {
		f.text(body[end:], end, "", false)
	}
}

// header looks through the value of a header.
func (f *finder) header(name string, value []byte) {
	if normal := normal(name); len(name) <= longestName && credential(normal) {
		f.place(value, 0, false)
	} else {
		f.text(value, 0, normal, false)
	}
}

// text looks through a text that stands at an offset, under a name. What is binary is hidden as a whole: it may say anything.
func (f *finder) text(text []byte, offset int, name string, keys bool) {
	if plain, _ := unquoted(text); isBinary(text) || len(plain) < len(text) && isBinary([]byte(plain)) {
		f.add(nil, []span{{end: len(text)}}, offset)
		return
	}
	known, others := f.index.search(text, func(text []byte, add func(span)) {
		if !f.shapeless {
			named(text, add)
		}
		runs(text, func(start, end int) {
			if f.suspicious(text, start, end, name, keys) {
				add(span{start: start, end: end})
				for rest, found := continued(text, end); found; rest, found = continued(text, rest.end) {
					add(rest)
				}
			}
		})
		if f.registry == nil {
			return
		}
		dumps(text, func(start, end int, plain []byte) {
			if known, _ := f.index.search(plain, nil); len(known) > 0 {
				add(span{start: start, end: end})
			}
		})
	})
	f.add(known, others, offset)
}

// place hides a text that stands where a credential is expected. Secrets in it that are known keep their names, and a word
// that only says of which kind the credential is stays.
func (f *finder) place(text []byte, offset int, isToken bool) {
	begin := schemeOf(text)
	if len(bytes.TrimSpace(text)) == 0 || plainWord(text[begin:]) {
		return
	}
	known, _ := f.index.search(text, nil)
	others := []span{{start: begin, end: len(text)}}
	if isToken && len(known) == 0 {
		others[0] = span{end: len(text), kind: token}
	}
	f.add(known, others, offset)
}

// schemeOf is the length of an authentication scheme and the space after it.
func schemeOf(text []byte) int {
	for _, scheme := range schemes {
		if n := len(scheme); len(text) > n+1 && bytes.EqualFold(text[:n], []byte(scheme)) && text[n] == ' ' {
			return n + 1
		}
	}
	return 0
}

func (f *finder) add(known, others []span, offset int) {
	for _, s := range known {
		f.known = append(f.known, s.moved(offset))
	}
	for _, s := range others {
		f.found = append(f.found, s.moved(offset))
	}
}

// suspicious reports whether a run looks like a credential, or says one when it is decoded. Ids, and the keys that a
// service publishes, are readable.
func (f *finder) suspicious(text []byte, start, end int, name string, keys bool) bool {
	run := text[start:end]
	if !mixed(run) && hexadecimal(run) > len(run) || f.registry != nil && f.registry.public.contain(string(run)) {
		return false
	}
	if !f.shapeless && opaque(run) {
		if name == "" {
			name = nameBefore(bytes.TrimRight(text[max(0, start-longestName):start], `="': `))
		}
		if (len(run) > longestID || !identifies(name)) && !(keys && slices.Contains(published, name)) {
			return true
		}
	}
	return f.registry != nil && f.holds(run, mostDecoded)
}

// all returns all places in order and without overlaps. Where a secret that is known stands in another place, both are
// told apart.
func (f *finder) all(text []byte) []span {
	known, found := ordered(f.known), ordered(f.found)
	if len(known) == 0 {
		return found
	}
	all := known
	for _, s := range found {
		at := s.start
		i, _ := slices.BinarySearchFunc(known, s.start, func(k span, start int) int {
			if k.end <= start {
				return -1
			}
			return 1
		})
		whole := true
		for ; i < len(known) && known[i].start < s.end; i++ {
			whole = false
			all = appendGap(all, text, at, known[i].start)
			at = max(at, known[i].end)
		}
		if whole {
			all = append(all, s)
		} else {
			all = appendGap(all, text, at, s.end)
		}
	}
	slices.SortFunc(all, func(a, b span) int { return a.start - b.start })
	return all
}

// appendGap adds what stands beside a secret, if it says anything.
func appendGap(all []span, text []byte, start, end int) []span {
	if start >= end {
		return all
	}
	silent := func(c byte) bool { return punctuation(c) || white(c) }
	gap := text[start:end]
	if schemeOf(append(gap[:len(gap):len(gap)], '.')) == len(gap) || !slices.ContainsFunc(gap, func(c byte) bool { return !silent(c) }) {
		return all
	}
	return append(all, span{start: start, end: end})
}

// normal is the normal form of a name.
func (f *finder) normal(name []byte) string {
	if known, ok := f.names[string(name)]; ok {
		return known
	}
	if f.names == nil || len(f.names) > 1000 {
		f.names = map[string]string{}
	}
	form := normal(string(name))
	f.names[string(name)] = form
	return form
}
