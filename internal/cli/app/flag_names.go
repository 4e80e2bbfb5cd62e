package app

// ProductionFlag says that a host in production is meant. Whoever means it says so anew each time.
const ProductionFlag = "i-know-this-is-production"

// AboutTarget lists the flags that have no meaning without a target.
func AboutTarget() []string {
	return []string{
		"organization", "other-organization", "group", "token-file", "token-command", "oauth-token-url", "oauth-client-id",
		"oauth-client-secret-file", "oauth-scope", "restricted-token-file", "expired-token-file", "not-yet-valid-token-file",
		"cert", "key", "ca-file", "insecure",
	}
}
