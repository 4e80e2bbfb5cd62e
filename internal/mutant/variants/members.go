package variants

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/states"
)

// memberVariants differ in which members their responses have.
func memberVariants() []mutant.Variant {
	const optional, enums = "openapi.yaml: the members are optional", "openapi.yaml: the values of the enumerations"
	statuses := func(provisioning, health string) *mutant.Layer {
		return onAccounts(func(account map[string]any) {
			mutant.Edited(account, "/metadata/provisioningStatus", mutant.Always(provisioning))
			mutant.Edited(account, "/metadata/healthStatus", mutant.Always(health))
		})
	}
	set := func(pointer string, change func(any) any) *mutant.Layer {
		return onAccounts(func(account map[string]any) { mutant.Edited(account, pointer, change) })
	}
	return []mutant.Variant{
		{Name: "large-organization", About: mutant.Reading, Slow: true, Description: "lists two thousand accounts of others, and other clients create and delete", Source: observed, Layer: states.Crowd(2000)},
		{Name: "pending", About: mutant.Status, Description: "says pending and unknown of every account, for ever", Source: enums, Layer: statuses("pending", "unknown")},
		{Name: "provisioning", About: mutant.Status, Description: "says provisioning and degraded of every account", Source: enums, Layer: statuses("provisioning", "degraded")},
		{Name: "in-error", About: mutant.Status, Description: "says error and error of every account", Source: enums, Layer: statuses("error", "error")},
		{Name: "with-details", About: mutant.Status, Description: "explains every status", Source: optional, Layer: onAccounts(func(account map[string]any) {
			mutant.Edited(account, "/metadata/provisioningStatusDetail", mutant.Always(map[string]any{"reason": "DependencyNotReady", "message": "waiting for the group"}))
			mutant.Edited(account, "/metadata/healthStatusDetail", mutant.Always(map[string]any{"reason": "Unknown", "message": ""}))
		})},
		{Name: "extra-members", Description: "adds members to every object of every response", Source: "JSON Schema: additionalProperties is true unless it says otherwise", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any { return embellished(document) })
		}, mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove, mutant.Openid, mutant.Protected, mutant.Userinfo)},
		{Name: "creator-absent", Description: "does not say who created or modified an account", Source: optional, Layer: mutant.Chain(set("/metadata/createdBy", mutant.Always(mutant.Gone())),
			set("/metadata/modifiedBy", mutant.Always(mutant.Gone())), set("/metadata/modifiedTime", mutant.Always(mutant.Gone())))},
		{Name: "creator-named", Description: "names people as creator and modifier, and says when", Source: optional, Layer: onAccounts(func(account map[string]any) {
			mutant.Edited(account, "/metadata/createdBy", mutant.Always("ada@example.com"))
			mutant.Edited(account, "/metadata/modifiedBy", mutant.Always("ada@example.com"))
			mutant.Edited(account, "/metadata/modifiedTime", mutant.Always(mutant.Lookup(account, "/metadata/creationTime")))
		})},
		{Name: "tags-echoed-empty", Description: "answers no tags as an empty array", Source: optional, Layer: set("/metadata/tags", states.IfMissing([]any{}))},
		{Name: "description-echoed-empty", Description: "answers no description as an empty one", Source: optional, Layer: set("/metadata/description", states.IfMissing(""))},
		{Name: "errors-without-trace", Description: "gives errors no trace_id", Source: optional, Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if a.Status >= 400 {
				a.Edit(func(document any) any { return mutant.Edited(document, "/trace_id", mutant.Always(mutant.Gone())) })
			}
		})},
		{Name: "tags-sorted", Description: "answers tags and groups in another order", Source: observed, Layer: onAccounts(func(account map[string]any) {
			for _, pointer := range []string{"/metadata/tags", "/spec/groupIDs"} {
				if items, ok := mutant.Lookup(account, pointer).([]any); ok {
					mutant.Edited(account, pointer, mutant.Always(reversed(items)))
				}
			}
		})},
		{Name: "list-newest-first", Description: "lists the newest account first", Source: observed, Layer: mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				accounts, _ := document.([]any)
				return reversed(accounts)
			})
		}, mutant.List)},
		{Name: "indented", About: mutant.Writing, Outermost: true, Description: "sends JSON with white space and escapes", Source: "RFC 8259 sections 2 and 7", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) { a.Indent() })},
	}
}

// embellished adds members that no schema knows.
func embellished(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = embellished(member)
		}
		v["x-extra"] = map[string]any{"since": 2, "of": []any{nil, "anything"}}
		v["generation"] = 7
	case []any:
		for i, item := range v {
			v[i] = embellished(item)
		}
	}
	return value
}

func reversed(items []any) []any {
	turned := make([]any, 0, len(items))
	for i := len(items) - 1; i >= 0; i-- {
		turned = append(turned, items[i])
	}
	return turned
}
