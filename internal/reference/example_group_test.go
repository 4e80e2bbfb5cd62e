package reference

import (
	"net/http"
	"testing"
)

// The example request of the contract works as it stands.
func TestExampleRequest(t *testing.T) {
	r := newRig(t, Config{})
	r.want(r.do("POST", r.collection(), r.creds.Token, `{"metadata": {"name": "my-service-account", "description": "A service account for doing stuff."},
		"spec": {"groupIDs": ["0aaba80d-67ef-4799-b6d9-59f37e2ce2ad"]}}`), http.StatusCreated)
}
