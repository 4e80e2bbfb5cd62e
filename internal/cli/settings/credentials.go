package settings

import (
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
)

// setCredentials finds every credential of the run.
func setCredentials(a *app.App, f *TargetFlags, cfg *engine.Config) (err error) {
	if err := setOperator(a, f, cfg); err != nil {
		return err
	}
	if cfg.RestrictedToken, err = readCredential(a, "restricted-token-file", f.restrictedTokenFile); err != nil {
		return err
	}
	if cfg.ExpiredToken, err = readCredential(a, "expired-token-file", f.expiredTokenFile); err != nil {
		return err
	}
	cfg.NotYetValidToken, err = readCredential(a, "not-yet-valid-token-file", f.notYetValidTokenFile)
	return err
}

// setOperator finds the one source of the operator's token: the layer that wins must name one, and layers below it do not
// count.
func setOperator(a *app.App, f *TargetFlags, cfg *engine.Config) (err error) {
	type given struct {
		name string
		from app.Layer
	}
	plain, _ := a.Lookup("CONFORMANCE_TOKEN")
	all := []given{
		{a.Source("token-file"), a.Origin("token-file", f.tokenFile)},
		{a.Source("token-command"), a.Origin("token-command", f.tokenCommand)},
		{a.Source("oauth-token-url"), a.Origin("oauth-token-url", f.oauthTokenURL)},
	}
	if plain != "" {
		all = append(all, given{"CONFORMANCE_TOKEN", app.InVariable})
	}
	if named, ok := a.Named["token"]; ok {
		all = append(all, given{named.Where, app.InFile})
	}
	all = slices.DeleteFunc(all, func(g given) bool { return g.from == app.Nowhere })
	highest := app.Nowhere
	for _, g := range all {
		highest = max(highest, g.from)
	}
	all = slices.DeleteFunc(all, func(g given) bool { return g.from != highest })
	switch {
	case len(all) == 0 && f.Tokenless:
		return nil
	case len(all) == 0:
		return app.Wrong("the token of the run is missing; set CONFORMANCE_TOKEN or add --token-file FILE (--token-command and " +
			"--oauth-token-url are other ways)")
	case len(all) > 1:
		return app.Wrong("%s and %s both give the token of the run; give one of them", all[0].name, all[1].name)
	}
	oauth := all[0].name == a.Source("oauth-token-url")
	if err := oauthAlone(a, f, oauth, highest); err != nil {
		return err
	}
	switch {
	case oauth:
		cfg.OAuth, err = oauthOf(a, f)
	case all[0].name == a.Source("token-command"):
		cfg.TokenSource, err = tokenCommand(a, f.tokenCommand)
	default:
		cfg.Token, err = readCredential(a, "token-file", f.tokenFile)
	}
	return err
}

// readCredential finds a token: in the file that the flag names, else in the variable, else in the file that the flag's
// variable names, else where the configuration file says. It returns "" if there is none.
func readCredential(a *app.App, flag, path string) (string, error) {
	return secretOf(a, flag, path, CheckToken)
}

// secretOf finds a secret that is checked by a function, as credential finds a token.
func secretOf(a *app.App, flag, path string, check func(source, value string) error) (string, error) {
	base := strings.TrimSuffix(flag, "-file")
	name := app.Variable(base)
	value, _ := a.Lookup(name)
	from := a.Origin(flag, path)
	switch named, ok := a.Named[base]; {
	case from == app.InFlag, from != app.Nowhere && value == "":
		return readSecret(a, a.Source(flag), path, check)
	case value != "":
		return value, check(name, value)
	case ok:
		value, _ := a.Lookup(named.Variable)
		if value == "" {
			return "", app.Wrong("%s: the variable %s is not set", named.Where, app.Shown(named.Variable))
		}
		return value, check(named.Variable, value)
	default:
		return "", nil
	}
}

// readSecret reads a file that holds a secret, which check accepts, and nothing else but white space around it.
func readSecret(a *app.App, source, path string, check func(source, value string) error) (string, error) {
	data, err := a.ReadPrivate(source, path)
	if err != nil {
		return "", err
	}
	if len(data) > app.MaxToken {
		return "", app.Wrong("%s: %s is longer than %d bytes; name the file that holds the token and nothing else",
			source, app.Shown(path), app.MaxToken)
	}
	token := strings.TrimSpace(string(data))
	switch {
	case token == "":
		return "", app.Wrong("%s: %s is empty; put the token into it", source, app.Shown(path))
	case strings.ContainsAny(token, "\r\n"):
		return "", app.Wrong("%s: %s has several lines; put the token into it and nothing else", source, app.Shown(path))
	}
	return token, check(source, token)
}

// CheckToken refuses what cannot stand in an Authorization header (RFC 6750 section 2.1), without echoing it.
func CheckToken(source, token string) error {
	if scheme, _, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "bearer") {
		return app.Wrong("%s: write the token alone, without \"Bearer\" before it", source)
	}
	for _, c := range []byte(token) {
		if c <= ' ' || c >= 0x7f {
			return app.Wrong("%s: the token holds white space, control characters or letters beyond ASCII; "+
				"copy it again, whole and alone", source)
		}
	}
	return nil
}
