package variants

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/responses"
)

// oddityVariants answer in forms that are unusual, and that nothing forbids.
func oddityVariants() []mutant.Variant {
	const trace, grammar = "openapi.yaml: trace_id is a plain string", "RFC 8259: the grammar allows it, and no member of the contract is concerned"
	extra := func(text string) *mutant.Layer {
		return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Body = bytes.ReplaceAll(a.Body, []byte(`"metadata":{`), []byte(text+`,"metadata":{`+text+`,`))
		}, mutant.Create, mutant.List, mutant.Update, mutant.Rotate)
	}
	inErrors := func(change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if a.Status >= 400 {
				change(r, a)
			}
		})
	}
	deep := `"x-deep":` + strings.Repeat("[", 300) + strings.Repeat("]", 300)
	return []mutant.Variant{
		{Name: "trace-of-a-gateway", Description: "writes trace_id as an Amazon gateway does", Source: trace, Layer: mutant.OnResponse(responses.Traced("1-5759e988-bd862e3fe1be46a994272793"))},
		{Name: "trace-decimal", Description: "writes trace_id as a decimal number in a string", Source: trace, Layer: mutant.OnResponse(responses.Traced("8448361917652119"))},
		{Name: "trace-uuid", About: mutant.Tokens, Description: "writes trace_id as a UUID", Source: trace, Layer: mutant.OnResponse(responses.Traced("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"))},
		{Name: "status-unknown", About: mutant.Status, Description: "says unknown of the provisioning of every account", Source: "openapi.yaml: the values of the enumerations", Layer: onAccounts(func(account map[string]any) {
			mutant.Edited(account, "/metadata/provisioningStatus", mutant.Always("unknown"))
		})},
		{Name: "extra-lone-surrogate", Description: "adds members with half a surrogate pair", Source: grammar, Layer: extra(`"x-label":"\ud83d"`)},
		{Name: "extra-duplicates", Description: "adds a member twice, and an object that holds one twice", Source: grammar, Layer: extra(`"x-note":1,"x-note":{"a":1,"a":2}`)},
		{Name: "extra-deep", Description: "adds members of 300 nested arrays", Source: grammar, Layer: extra(deep)},
		{Name: "error-text-cut", Description: "cuts the description of an error within a surrogate pair", Source: grammar, Layer: inErrors(func(_ *http.Request, a *mutant.Response) {
			a.Body = bytes.Replace(a.Body, []byte(`"error_description":"`), []byte(`"error_description":"\ud83d `), 1)
		})},
		{Name: "charset-latin-1", About: mutant.Writing, Outermost: true, Description: "names another charset than it uses", Source: "RFC 8259 section 11: a charset has no effect", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if a.Fields.Get("Content-Type") != "" {
				a.Fields.Set("Content-Type", "application/json;charset=ISO-8859-1")
			}
		})},
		{Name: "empty-token-elsewhere", About: mutant.Refusals, Description: "shows an empty accessToken in lists and after updates", Source: "openapi.yaml: accessToken is a string, and the empty one opens nothing", Layer: mutant.Chain(
			mutant.OnItems(func(account map[string]any) { mutant.Edited(account, "/status/accessToken", mutant.Always("")) }),
			mutant.OnMember("/status/accessToken", mutant.Always(""), mutant.Update),
		)},
	}
}
