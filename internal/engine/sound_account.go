package engine

import (
	"encoding/json"
	"strings"

	"github.com/sa-conformance/conformance/spec"
)

// soundAccount tells of an account in a list, given as JSON, whether no check of a list has anything to object to in it.
func soundAccount(contract *spec.Contract, organization string) func(account []byte) bool {
	return func(account []byte) bool {
		var shown struct {
			Metadata struct{ OrganizationID string }
			Status   map[string]json.RawMessage
		}
		if json.Unmarshal(account, &shown) != nil || !strings.EqualFold(shown.Metadata.OrganizationID, organization) {
			return false
		}
		_, token := shown.Status["accessToken"]
		return !token && len(contract.CheckSchema("serviceAccountRead", account)) == 0
	}
}
