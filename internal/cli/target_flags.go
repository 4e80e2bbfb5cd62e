package cli

import (
	"cmp"
	"time"

	"github.com/spf13/pflag"
)

// targetFlags say what a command talks to, and as whom.
type targetFlags struct {
	config, targetName                               string
	target, organization, otherOrganization          string
	groups                                           []string
	tokenFile, restrictedTokenFile, expiredTokenFile string
	notYetValidTokenFile                             string
	tokenCommand                                     string
	oauthTokenURL, oauthClientID, oauthSecretFile    string
	oauthScopes                                      []string
	caFile, cert, key                                string
	keyFlag                                          string // the flag of key
	insecure                                         bool
	reference                                        bool
	tokenless                                        bool // the command needs no token
	timeout                                          time.Duration
}

func (f *targetFlags) bind(s *pflag.FlagSet) {
	s.StringVar(&f.config, "config", "", "configuration `FILE` (default: conformance.yaml where there is one; \"\": none)")
	s.StringVar(&f.targetName, "target-name", "", "`NAME` of a target in the configuration file")
	s.StringVar(&f.target, "target", "", "base `URL` of the target")
	s.StringVar(&f.organization, "organization", "", "`UUID` of the organization to create accounts in")
	s.StringVar(&f.otherOrganization, "other-organization", "", "`UUID` of an organization closed to the token")
	s.StringSliceVar(&f.groups, "group", nil, "`ID` of a group that accounts may be put into (repeatable)")
	s.StringVar(&f.tokenFile, "token-file", "", "`FILE` with the token of the run")
	s.StringVar(&f.tokenCommand, "token-command", "", "`COMMAND` that prints the token of the run, asked again when it expires; no shell")
	s.StringVar(&f.oauthTokenURL, "oauth-token-url", "", "`URL` of a token endpoint that gives the token for client credentials")
	s.StringVar(&f.oauthClientID, "oauth-client-id", "", "`ID` of the client")
	s.StringVar(&f.oauthSecretFile, "oauth-client-secret-file", "", "`FILE` with the client's secret")
	s.StringSliceVar(&f.oauthScopes, "oauth-scope", nil, "`SCOPE` to ask for (repeatable)")
	s.StringVar(&f.restrictedTokenFile, "restricted-token-file", "", "`FILE` with a token that may not create")
	s.StringVar(&f.expiredTokenFile, "expired-token-file", "", "`FILE` with a token that was good and has expired, more than five minutes ago (a target may allow for as much)")
	s.StringVar(&f.notYetValidTokenFile, "not-yet-valid-token-file", "", "`FILE` with a token that will be good later")
	s.StringVar(&f.cert, "cert", "", "PEM `FILE` of the client's certificate, for mutual TLS")
	f.keyFlag = cmp.Or(f.keyFlag, "key")
	s.StringVar(&f.key, f.keyFlag, "", "PEM `FILE` of its private key")
	_ = s.SetAnnotation(f.keyFlag, elsewhere, []string{"key"}) // of a flag that is there
	s.StringVar(&f.caFile, "ca-file", "", "PEM `FILE` of authorities to trust beside the system's")
	s.BoolVar(&f.insecure, "insecure", false, "do not verify the target's certificate (the report says so)")
	s.DurationVar(&f.timeout, "timeout", 10*time.Second, "limit of one exchange")
}

func (f *targetFlags) bindReference(s *pflag.FlagSet) {
	s.BoolVar(&f.reference, "reference", false, "judge the reference inside this process, and no target (where CI is set, only so)")
}

// aboutTarget lists the flags that have no meaning without a target.
func aboutTarget() []string {
	return []string{
		"organization", "other-organization", "group", "token-file", "token-command", "oauth-token-url", "oauth-client-id",
		"oauth-client-secret-file", "oauth-scope", "restricted-token-file", "expired-token-file", "not-yet-valid-token-file",
		"cert", "key", "ca-file", "insecure",
	}
}
