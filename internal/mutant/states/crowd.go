package states

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Crowd puts a number of accounts of others into the lists of the operator. From list to list the oldest of them goes, and
// a new one comes: other clients are at work.
func Crowd(size int) *mutant.Layer { return throng(size, crowded) }

// InCrowds is wrong about one account among many of others.
func InCrowds() []*mutant.Defect {
	const effect = "who looks after the accounts of a large organization is misled"
	among := func(old, changed string) *mutant.Layer {
		return throng(1500, func(i int, organization string) string {
			text := crowded(i, organization)
			if i%1200 == 1100 {
				text = strings.Replace(text, old, changed, 1)
			}
			return text
		})
	}
	return mutant.InFamily("large organizations",
		mutant.Defective("crowd-without-health", "lists an account without healthStatus among many", effect, among(`,"healthStatus":"healthy"`, ""), "list.body.schema"),
		mutant.Defective("crowd-leaks-token", "lists the token of an account among many", effect,
			among(`"status":{`, `"status":{"accessToken":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLWEtdG9rZW4",`), "list.token.absent"),
		mutant.Defective("crowd-other-organization", "lists an account of another organization among many", effect,
			among(`"organizationId":"`, `"organizationId":"00000000-0000-4000-8000-000000000000","formerly":"`), "list.organization.same"),
		mutant.Defective("crowd-lists-twice", "lists an account twice among many", effect, throng(1500, func(i int, organization string) string {
			if i%1200 == 1100 {
				i -= 1000
			}
			return crowded(i, organization)
		}), "list.ids.unique"),
		mutant.Defective("crowd-broken-text", "puts a comma too many among many accounts", effect, among(`"status":{`, `"status":{,`), "list.body.schema"),
	)
}

func throng(size int, describe func(i int, organization string) string) *mutant.Layer {
	const spare = 1000 // after so many lists, those that went come back
	return mutant.Memory(func() *mutant.Layer {
		var lists mutant.Counter
		var text []byte
		var begins []int
		return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			for i := range size + spare {
				begins = append(begins, len(text))
				text = append(text, describe(i, known.Organization)...)
			}
			begins = append(begins, len(text))
			return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
				body := bytes.TrimSpace(a.Body)
				if mutant.BearerOf(r) != known.Token || len(body) < 2 || body[len(body)-1] != ']' {
					return
				}
				first := lists.Next() % spare
				others := text[begins[first]:begins[first+size]]
				own := body[:len(body)-1]
				if len(own) == 1 {
					others = others[1:] // no comma
				}
				a.Body = append(append(append(make([]byte, 0, len(own)+len(others)+1), own...), others...), ']')
			}, mutant.List).Wrap(known, next)
		}}
	})
}

// crowded is a comma and an account of others.
func crowded(i int, organization string) string {
	return fmt.Sprintf(`,{"metadata":{"id":"%08x-0000-4000-8000-%012x","name":"service-%d","description":"deploys service %d to production","organizationId":"%s",`+
		`"creationTime":"2023-05-31T14:11:00Z","createdBy":"%08x-1111-4000-8000-%012x","modifiedTime":"2024-02-01T09:00:00Z",`+
		`"provisioningStatus":"provisioned","healthStatus":"healthy","tags":[{"name":"team","value":"team-%d"}]},`+
		`"spec":{"groupIDs":["%08x-2222-4000-8000-%012x"]},"status":{"expiry":"2033-05-31T14:11:00Z"}}`,
		i, i, i, i, organization, i%97, i%97, i%31, i%13, i%13)
}
