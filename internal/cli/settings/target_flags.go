package settings

import (
	"cmp"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

// TargetFlags say what a command talks to, and as whom.
type TargetFlags struct {
	config, targetName                               string
	Target, organization, otherOrganization          string
	groups                                           []string
	tokenFile, restrictedTokenFile, expiredTokenFile string
	notYetValidTokenFile                             string
	tokenCommand                                     string
	oauthTokenURL, oauthClientID, oauthSecretFile    string
	oauthScopes                                      []string
	caFile, Cert, key                                string
	KeyFlag                                          string // the flag of key
	Insecure                                         bool
	reference                                        bool
	Tokenless                                        bool // the command needs no token
	Timeout                                          time.Duration
}

func (f *TargetFlags) Bind(s *pflag.FlagSet) {
	s.StringVar(&f.config, "config", "", "configuration `FILE` (default: conformance.yaml if it exists; \"\": none)")
	s.StringVar(&f.targetName, "target-name", "", "`NAME` of a target in the configuration file")
	s.StringVar(&f.Target, "target", "", "base `URL` of the target")
	s.StringVar(&f.organization, "organization", "", "`UUID` of the organization to create accounts in")
	s.StringVar(&f.otherOrganization, "other-organization", "", "`UUID` of an organization that the token has no access to")
	s.StringSliceVar(&f.groups, "group", nil, "`ID` of a group that accounts may be put into (repeatable)")
	s.StringVar(&f.tokenFile, "token-file", "", "`FILE` that holds the access token")
	s.StringVar(&f.tokenCommand, "token-command", "", "`COMMAND` that prints the access token; run again when it expires, without a shell")
	s.StringVar(&f.oauthTokenURL, "oauth-token-url", "", "`URL` of a token endpoint that gives the token for client credentials")
	s.StringVar(&f.oauthClientID, "oauth-client-id", "", "`ID` of the client")
	s.StringVar(&f.oauthSecretFile, "oauth-client-secret-file", "", "`FILE` that holds the client's secret")
	s.StringSliceVar(&f.oauthScopes, "oauth-scope", nil, "`SCOPE` to ask for (repeatable)")
	s.StringVar(&f.restrictedTokenFile, "restricted-token-file", "", "`FILE` that holds a token without permission to create")
	s.StringVar(&f.expiredTokenFile, "expired-token-file", "", "`FILE` that holds a token that expired more than five minutes ago (a target may tolerate five minutes)")
	s.StringVar(&f.notYetValidTokenFile, "not-yet-valid-token-file", "", "`FILE` that holds a token that is not yet valid")
	s.StringVar(&f.Cert, "cert", "", "PEM `FILE` of the client's certificate, for mutual TLS")
	f.KeyFlag = cmp.Or(f.KeyFlag, "key")
	s.StringVar(&f.key, f.KeyFlag, "", "PEM `FILE` of its private key")
	_ = s.SetAnnotation(f.KeyFlag, app.Elsewhere, []string{"key"}) // of a flag that is there
	s.StringVar(&f.caFile, "ca-file", "", "PEM `FILE` of authorities to trust beside the system's")
	s.BoolVar(&f.Insecure, "insecure", false, "do not verify the target's certificate (the report says so)")
	s.DurationVar(&f.Timeout, "timeout", 10*time.Second, "time limit of one exchange")
}

func (f *TargetFlags) BindReference(s *pflag.FlagSet) {
	s.BoolVar(&f.reference, "reference", false, "judge the reference inside this process, and no target (required if CI is set and there is no target)")
}
