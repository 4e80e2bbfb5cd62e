package mutant

import "net/http"

// memberVariants differ in which members their responses have.
func memberVariants() []Variant {
	const optional, enums = "openapi.yaml: the members are optional", "openapi.yaml: the values of the enumerations"
	statuses := func(provisioning, health string) *Layer {
		return onAccounts(func(account map[string]any) {
			edited(account, "/metadata/provisioningStatus", always(provisioning))
			edited(account, "/metadata/healthStatus", always(health))
		})
	}
	set := func(pointer string, change func(any) any) *Layer {
		return onAccounts(func(account map[string]any) { edited(account, pointer, change) })
	}
	return []Variant{
		{Name: "large-organization", Description: "lists two thousand accounts of others, and other clients create and delete", Source: observed, Layer: Crowd(2000)},
		{Name: "pending", Description: "says pending and unknown of every account, for ever", Source: enums, Layer: statuses("pending", "unknown")},
		{Name: "provisioning", Description: "says provisioning and degraded of every account", Source: enums, Layer: statuses("provisioning", "degraded")},
		{Name: "in-error", Description: "says error and error of every account", Source: enums, Layer: statuses("error", "error")},
		{Name: "with-details", Description: "explains every status", Source: optional, Layer: onAccounts(func(account map[string]any) {
			edited(account, "/metadata/provisioningStatusDetail", always(map[string]any{"reason": "DependencyNotReady", "message": "waiting for the group"}))
			edited(account, "/metadata/healthStatusDetail", always(map[string]any{"reason": "Unknown", "message": ""}))
		})},
		{Name: "extra-members", Description: "adds members to every object of every response", Source: "JSON Schema: additionalProperties is true unless it says otherwise", Layer: onAnswer(func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return embellished(document) })
		}, create, list, update, rotate, remove, openid, protected, userinfo)},
		{Name: "creator-absent", Description: "does not say who created or modified an account", Source: optional, Layer: Chain(set("/metadata/createdBy", always(gone())),
			set("/metadata/modifiedBy", always(gone())), set("/metadata/modifiedTime", always(gone())))},
		{Name: "creator-named", Description: "names people as creator and modifier, and says when", Source: optional, Layer: onAccounts(func(account map[string]any) {
			edited(account, "/metadata/createdBy", always("ada@example.com"))
			edited(account, "/metadata/modifiedBy", always("ada@example.com"))
			edited(account, "/metadata/modifiedTime", always(lookup(account, "/metadata/creationTime")))
		})},
		{Name: "tags-echoed-empty", Description: "answers no tags as an empty array", Source: optional, Layer: set("/metadata/tags", ifMissing([]any{}))},
		{Name: "description-echoed-empty", Description: "answers no description as an empty one", Source: optional, Layer: set("/metadata/description", ifMissing(""))},
		{Name: "errors-without-trace", Description: "gives errors no trace_id", Source: optional, Layer: onAnswer(func(_ *http.Request, a *answer) {
			if a.status >= 400 {
				a.edit(func(document any) any { return edited(document, "/trace_id", always(gone())) })
			}
		})},
		{Name: "tags-sorted", Description: "answers tags and groups in another order", Source: observed, Layer: onAccounts(func(account map[string]any) {
			for _, pointer := range []string{"/metadata/tags", "/spec/groupIDs"} {
				if items, ok := lookup(account, pointer).([]any); ok {
					edited(account, pointer, always(reversed(items)))
				}
			}
		})},
		{Name: "list-newest-first", Description: "lists the newest account first", Source: observed, Layer: onSuccess(func(_ *http.Request, a *answer) {
			a.edit(func(document any) any {
				accounts, _ := document.([]any)
				return reversed(accounts)
			})
		}, list)},
		{Name: "indented", Description: "sends JSON with white space and escapes", Source: "RFC 8259 sections 2 and 7", Layer: onAnswer(func(_ *http.Request, a *answer) { a.indent() })},
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
