package suites

import (
	"context"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
)

// smoke enters the conversations of the depth smoke: the least create, and one account that is created, updated and rotated, with
// what must be refused beside it. With the preflight and the clean-up it is at most 25 requests, and at most five in a row.
func smoke(s *check.Suite) {
	s.Smoke([]probe.Probe{minimalCreate(), {Name: "smoke", Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		creates, changes, end := explore.Smoke()
		w.All(ctx, "", creates)
		if id, _ := w.Account(0); id == "" {
			s.GiveUp("the account that the conversation is about could not be created")
			return
		}
		w.Settle(ctx, "list-created")
		w.All(ctx, "", changes)
		w.Settle(ctx, "list-changed")
		w.All(ctx, "", end)
		sideBySide(
			func() { w.Refused(ctx, "old-refused", w.Rotated(0), false) },
			func() { w.Works(ctx, "token", 0) },
		)
	}}}, smoked...)
}

// smoked are the requirements that the depth smoke judges beside those of its conversations.
var smoked = []string{
	"create.id.fresh", "create.id.distinct", "create.token.distinct", "create.body.one-text", "create.body.utf-8", "create.body.unique-names",
	"create.body.interoperable", "create.body.length", "create.every.schema", "create.every.id", "create.every.organization",
	"create.every.creation-time", "create.every.expiry", "create.answers.always", "create.answers.no-server-error",
	"list.token.absent", "list.ids.unique", "token.every.agrees", "token.id.unique", "headers.token.absent",
	"errors.media-type.json", "errors.server-error.body", "errors.trace-id.form", "errors.internals.absent", "contract.every.response",
	"state.write.echoed", "state.identity.kept", "state.list.present", "state.list.agrees", "state.expiry.current", "state.rotate.agrees",
	"state.read-only.kept", "state.request.answered", "state.valid.accepted", "state.invalid.refused", "state.credential.refused",
	"state.unknown.refused", "state.neighbour.refused", "state.token.works", "state.token.subject", "state.token.distinct",
	"state.secret.kept", "state.list.unasked",
}
