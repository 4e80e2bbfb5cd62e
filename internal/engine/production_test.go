package engine

import "testing"

func TestInProduction(t *testing.T) {
	for host, want := range map[string]bool{
		"identity.nks.europe-west4.nscale.com": true, "Identity.NKS.europe-west4.nscale.com.": true, "nscale.com": true,
		"identity.glo1.nscale.com": true, "identity.staging.nscale.com": false, "identity-dev.nks.nscale.com": false,
		"nscale.com.example.org": false, "notnscale.com": false, "127.0.0.1": false, "": false,
		"contest.nscale.com": true, // a word within a word is none
	} {
		if got := inProduction(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
}
