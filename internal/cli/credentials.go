package cli

import (
	"io"
	"os"
	"runtime"
	"strings"
)

// maxToken is the longest token file that is read, in bytes. No server takes a header of that length.
const maxToken = 64 << 10

// credential finds a token: in the file that the flag names, else in the variable, else in the file that the flag's
// variable names. It returns "" where there is none.
func (a *app) credential(flag, path string) (string, error) {
	name := variable(strings.TrimSuffix(flag, "-file"))
	_, fileFromVariable := a.variables[flag]
	value, _ := a.Lookup(name)
	switch {
	case path != "" && !fileFromVariable, path != "" && value == "":
		return a.readToken(a.source(flag), path)
	case value != "":
		return value, checkToken(name, value)
	default:
		return "", nil
	}
}

// readToken reads a file that holds a token and nothing else but white space around it.
func (a *app) readToken(source, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return "", wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	if info.IsDir() {
		return "", wrong("%s: %s is a directory; name the file that holds the token", source, shown(path))
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 && runtime.GOOS != "windows" {
		a.warn("%s can be read by others; run: chmod 600 %s", path, path)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxToken+1))
	if err != nil {
		return "", wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	if len(data) > maxToken {
		return "", wrong("%s: %s is longer than %d bytes; name the file that holds the token and nothing else",
			source, shown(path), maxToken)
	}
	token := strings.TrimSpace(string(data))
	switch {
	case token == "":
		return "", wrong("%s: %s is empty; put the token into it", source, shown(path))
	case strings.ContainsAny(token, "\r\n"):
		return "", wrong("%s: %s has several lines; put the token into it and nothing else", source, shown(path))
	}
	return token, checkToken(source, token)
}

// checkToken refuses what cannot stand in an Authorization header (RFC 6750 section 2.1), without echoing it.
func checkToken(source, token string) error {
	if scheme, _, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "bearer") {
		return wrong("%s: write the token alone, without \"Bearer\" before it", source)
	}
	for _, c := range []byte(token) {
		if c <= ' ' || c >= 0x7f {
			return wrong("%s: the token holds white space, control characters or letters beyond ASCII; "+
				"copy it again, whole and alone", source)
		}
	}
	return nil
}
