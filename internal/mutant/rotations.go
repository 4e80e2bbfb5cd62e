package mutant

import (
	"net/http"
	"time"
)

// badRotations hand out new tokens wrongly.
func badRotations() []*Defect {
	const dangling = "what refers to the account leads nowhere"
	return inFamily("rotate",
		defective("rotate-201", "answers a rotation with 201", "clients that wait for 200 throw the new token away, and the old one is gone",
			onSuccess(func(_ *http.Request, a *answer) { a.status = http.StatusCreated }, rotate), "rotate.status.ok"),
		defective("rotate-204", "answers a rotation with 204 and nothing", "the old token is gone, and nobody has the new one", onSuccess(func(_ *http.Request, a *answer) {
			a.status, a.body = http.StatusNoContent, nil
			a.header.Del("Content-Length")
		}, rotate), "rotate.status.ok"),
		defective("rotate-without-token", "answers a rotation without the new token", "the old token is gone, and nobody has the new one", onMember("/status/accessToken", always(gone()), rotate), "rotate.token.present"),
		defective("rotate-empty-token", "answers a rotation with an empty token", "the old token is gone, and nobody has the new one", onMember("/status/accessToken", always(""), rotate), "rotate.token.present"),
		defective("rotate-changes-id", "makes a new id in a rotation", dangling, onMember("/metadata/id", always("0190f3b4-6e0a-7c11-9a4e-5d2b7f8c1e92"), rotate), "rotate.keeps.identity"),
		defective("rotate-changes-name", "adds to the name in a rotation", dangling, onMember("/metadata/name", onText(func(name string) any { return name + "-1" }), rotate), "rotate.keeps.identity"),
		defective("rotate-changes-creation-time", "answers the time of the rotation as creationTime", "accounts never grow old", onMember("/metadata/creationTime",
			func(any) any { return time.Now().UTC().Add(3 * time.Second).Format(time.RFC3339) }, rotate), "rotate.keeps.identity"),
		defective("rotate-forgets-groups", "answers a rotation without the groups", "an audit sees other permissions than there are", onMember("/spec/groupIDs", always([]any{}), rotate), "rotate.keeps.identity"),
		defective("rotate-expiry-past", "answers a rotation with an expiry in the past", "clients throw a good token away, and rotate again and again", onMember("/status/expiry",
			func(any) any { return time.Now().UTC().Add(-time.Minute).Format(time.RFC3339) }, rotate), "rotate.expiry.future"),
		defective("rotate-without-health", "leaves healthStatus out of the response to a rotation", "a client that was generated from the schema fails over it, and loses the token",
			onMember("/metadata/healthStatus", always(gone()), rotate), "rotate.body.schema"),
		defective("rotate-text-plain", "answers a rotation as text/plain", "clients that look at the media type do not parse it, and lose the token",
			onSuccess(func(_ *http.Request, a *answer) { a.header.Set("Content-Type", "text/plain") }, rotate), "rotate.body.schema"),
		defective("rotate-unknown-200", "answers 200 to a rotation of an account that does not exist", "a caller goes on with a token of nobody", onStatus(http.StatusNotFound, pretending, rotate), "rotate.unknown.not-found"),
		defective("rotate-unknown-500", "answers 500 to a rotation of an account that does not exist", "an account that is gone pages the operators",
			onStatus(http.StatusNotFound, func(_ *http.Request, a *answer) { a.fail(500, "server_error") }, rotate), "rotate.unknown.not-found"),
		defective("rotate-malformed-id-500", "answers 500 to a rotation under an id that is no UUID", "a mistyped id pages the operators", failingOverID(rotate), "rotate.malformed-id.refused"),
	)
}
