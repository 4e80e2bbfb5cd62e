package cli

import (
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/engine"
)

// maxToken is the longest token file that is read, in bytes. No server takes a header of that length.
const maxToken = 64 << 10

// credentials finds every credential of the run.
func (a *app) credentials(f *targetFlags, cfg *engine.Config) (err error) {
	if err := a.operator(f, cfg); err != nil {
		return err
	}
	if cfg.RestrictedToken, err = a.credential("restricted-token-file", f.restrictedTokenFile); err != nil {
		return err
	}
	if cfg.ExpiredToken, err = a.credential("expired-token-file", f.expiredTokenFile); err != nil {
		return err
	}
	cfg.NotYetValidToken, err = a.credential("not-yet-valid-token-file", f.notYetValidTokenFile)
	return err
}

// layer is where a value comes from; the greater one wins.
type layer int

const (
	nowhere layer = iota
	inFile
	inVariable
	inFlag
)

// origin is the layer that the value of a flag comes from.
func (a *app) origin(flag, value string) layer {
	switch _, variable := a.variables[flag]; {
	case value == "":
		return nowhere
	case variable:
		return inVariable
	case a.filed[flag] != "":
		return inFile
	default:
		return inFlag
	}
}

// operator finds the one source of the operator's token: the layer that wins must name one, and layers below it do not
// count.
func (a *app) operator(f *targetFlags, cfg *engine.Config) (err error) {
	type given struct {
		name string
		from layer
	}
	plain, _ := a.Lookup("CONFORMANCE_TOKEN")
	all := []given{
		{a.source("token-file"), a.origin("token-file", f.tokenFile)},
		{a.source("token-command"), a.origin("token-command", f.tokenCommand)},
		{a.source("oauth-token-url"), a.origin("oauth-token-url", f.oauthTokenURL)},
	}
	if plain != "" {
		all = append(all, given{"CONFORMANCE_TOKEN", inVariable})
	}
	if named, ok := a.named["token"]; ok {
		all = append(all, given{named.where, inFile})
	}
	all = slices.DeleteFunc(all, func(g given) bool { return g.from == nowhere })
	highest := nowhere
	for _, g := range all {
		highest = max(highest, g.from)
	}
	all = slices.DeleteFunc(all, func(g given) bool { return g.from != highest })
	switch {
	case len(all) == 0 && f.tokenless:
		return nil
	case len(all) == 0:
		return wrong("the token of the run is missing; set CONFORMANCE_TOKEN or add --token-file FILE (--token-command and " +
			"--oauth-token-url are other ways)")
	case len(all) > 1:
		return wrong("%s and %s both give the token of the run; give one of them", all[0].name, all[1].name)
	}
	oauth := all[0].name == a.source("oauth-token-url")
	if err := a.oauthAlone(f, oauth, highest); err != nil {
		return err
	}
	switch {
	case oauth:
		cfg.OAuth, err = a.oauth(f)
	case all[0].name == a.source("token-command"):
		cfg.TokenSource, err = a.tokenCommand(f.tokenCommand)
	default:
		cfg.Token, err = a.credential("token-file", f.tokenFile)
	}
	return err
}

// credential finds a token: in the file that the flag names, else in the variable, else in the file that the flag's
// variable names, else where the configuration file says. It returns "" if there is none.
func (a *app) credential(flag, path string) (string, error) {
	return a.secretOf(flag, path, checkToken)
}

// secretOf finds a secret that is checked by a function, as credential finds a token.
func (a *app) secretOf(flag, path string, check func(source, value string) error) (string, error) {
	base := strings.TrimSuffix(flag, "-file")
	name := variable(base)
	value, _ := a.Lookup(name)
	from := a.origin(flag, path)
	switch named, ok := a.named[base]; {
	case from == inFlag, from != nowhere && value == "":
		return a.readSecret(a.source(flag), path, check)
	case value != "":
		return value, check(name, value)
	case ok:
		value, _ := a.Lookup(named.variable)
		if value == "" {
			return "", wrong("%s: the variable %s is not set", named.where, shown(named.variable))
		}
		return value, check(named.variable, value)
	default:
		return "", nil
	}
}

// readSecret reads a file that holds a secret, which check accepts, and nothing else but white space around it.
func (a *app) readSecret(source, path string, check func(source, value string) error) (string, error) {
	data, err := a.readPrivate(source, path)
	if err != nil {
		return "", err
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
	return token, check(source, token)
}

// readPrivate reads the beginning of a file that others should not be able to read.
func (a *app) readPrivate(source, path string) ([]byte, error) {
	defer a.reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	if info.IsDir() {
		return nil, wrong("%s: %s is a directory; name the file that holds the token", source, shown(path))
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 && runtime.GOOS != "windows" {
		a.warn("%s can be read by others; run: chmod 600 %s", path, path)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxToken+1))
	if err != nil {
		return nil, wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	return data, nil
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
