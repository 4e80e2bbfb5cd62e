package states

import (
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// BadRotations hand out new tokens wrongly.
func BadRotations() []*mutant.Defect {
	const dangling = "what refers to the account leads nowhere"
	return mutant.InFamily("rotate",
		mutant.Defective("rotate-201", "answers a rotation with 201", "clients that wait for 200 throw the new token away, and the old one is gone",
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Status = http.StatusCreated }, mutant.Rotate), "rotate.status.ok"),
		mutant.Defective("rotate-204", "answers a rotation with 204 and nothing", "the old token is gone, and nobody has the new one", mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Status, a.Body = http.StatusNoContent, nil
			a.Fields.Del("Content-Length")
		}, mutant.Rotate), "rotate.status.ok"),
		mutant.Defective("rotate-without-token", "answers a rotation without the new token", "the old token is gone, and nobody has the new one", mutant.OnMember("/status/accessToken", mutant.Always(mutant.Gone()), mutant.Rotate), "rotate.token.present"),
		mutant.Defective("rotate-empty-token", "answers a rotation with an empty token", "the old token is gone, and nobody has the new one", mutant.OnMember("/status/accessToken", mutant.Always(""), mutant.Rotate), "rotate.token.present"),
		mutant.Defective("rotate-changes-id", "makes a new id in a rotation", dangling, mutant.OnMember("/metadata/id", mutant.Always("0190f3b4-6e0a-7c11-9a4e-5d2b7f8c1e92"), mutant.Rotate), "rotate.keeps.identity"),
		mutant.Defective("rotate-changes-name", "adds to the name in a rotation", dangling, mutant.OnMember("/metadata/name", mutant.OnText(func(name string) any { return name + "-1" }), mutant.Rotate), "rotate.keeps.identity"),
		mutant.Defective("rotate-changes-creation-time", "answers the time of the rotation as creationTime", "accounts never grow old", mutant.OnMember("/metadata/creationTime",
			func(any) any { return time.Now().UTC().Add(3 * time.Second).Format(time.RFC3339) }, mutant.Rotate), "rotate.keeps.identity"),
		mutant.Defective("rotate-forgets-groups", "answers a rotation without the groups", "an audit sees other permissions than there are", mutant.OnMember("/spec/groupIDs", mutant.Always([]any{}), mutant.Rotate), "rotate.keeps.identity"),
		mutant.Defective("rotate-expiry-past", "answers a rotation with an expiry in the past", "clients throw a good token away, and rotate again and again", mutant.OnMember("/status/expiry",
			func(any) any { return time.Now().UTC().Add(-time.Minute).Format(time.RFC3339) }, mutant.Rotate), "rotate.expiry.future"),
		mutant.Defective("rotate-without-health", "leaves healthStatus out of the response to a rotation", "a client that was generated from the schema fails over it, and loses the token",
			mutant.OnMember("/metadata/healthStatus", mutant.Always(mutant.Gone()), mutant.Rotate), "rotate.body.schema"),
		mutant.Defective("rotate-text-plain", "answers a rotation as text/plain", "clients that look at the media type do not parse it, and lose the token",
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Fields.Set("Content-Type", "text/plain") }, mutant.Rotate), "rotate.body.schema"),
		mutant.Defective("rotate-unknown-200", "answers 200 to a rotation of an account that does not exist", "a caller goes on with a token of nobody", mutant.OnStatus(http.StatusNotFound, pretending, mutant.Rotate), "rotate.unknown.not-found"),
		mutant.Defective("rotate-unknown-500", "answers 500 to a rotation of an account that does not exist", "an account that is gone pages the operators",
			mutant.OnStatus(http.StatusNotFound, func(_ *http.Request, a *mutant.Response) { a.Fail(500, "server_error") }, mutant.Rotate), "rotate.unknown.not-found"),
		mutant.Defective("rotate-malformed-id-500", "answers 500 to a rotation under an id that is no UUID", "a mistyped id pages the operators", failingOverID(mutant.Rotate), "rotate.malformed-id.refused"),
	)
}
