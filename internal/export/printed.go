package export

import "strings"

// printed reads the bytes of a body that a curl line sends through a pipe: printf '…' | curl … They are no text, and stand in no
// other place of a report. The line is one of the suite's own. It is not ok if the line does not hold all bytes.
func printed(curl string) (body []byte, binary, ok bool) {
	if strings.HasPrefix(curl, "{ ") || strings.Contains(curl, " --data-binary @body ") {
		return nil, false, false
	}
	script, ok := strings.CutPrefix(curl, "printf '")
	if !ok {
		return nil, false, true
	}
	for i := 0; i < len(script); i++ {
		switch c := script[i]; {
		case c == '\'':
			return body, true, strings.HasPrefix(script[i:], "' | curl ")
		case c == '%' && strings.HasPrefix(script[i:], "%%"):
			body = append(body, '%')
			i++
		case c == '\\' && len(script) > i+3 && octal(script[i+1:i+4]):
			body = append(body, (script[i+1]-'0')<<6|(script[i+2]-'0')<<3|(script[i+3]-'0'))
			i += 3
		case c == '\\' || c == '%':
			return nil, false, false
		default:
			body = append(body, c)
		}
	}
	return nil, false, false
}

func octal(s string) bool { return s[0] <= '3' && strings.Trim(s, "01234567") == "" }
