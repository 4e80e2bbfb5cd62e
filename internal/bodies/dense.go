package bodies

// mostBrackets bounds the objects and arrays that are kept of one body, or of one item of a list: as values they take a
// hundred times the room of their text, and every check that reads the body takes them apart.
const mostBrackets = 4000

// Dense reports whether a JSON text has more objects and arrays than are kept.
func Dense(text []byte) bool {
	if len(text) <= mostBrackets {
		return false
	}
	brackets, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case !inString && (c == '{' || c == '['):
			if brackets++; brackets > mostBrackets {
				return true
			}
		}
	}
	return false
}

// sparse leaves out of a text what makes it dense. Cut is set if something is missing then.
func sparse(text []byte) (less []byte, cut bool) {
	if !Dense(text) {
		return text, false
	}
	less, _ = Prune(text)
	if Dense(less) {
		less = less[:min(len(less), CutBody)]
	}
	return less, true
}
