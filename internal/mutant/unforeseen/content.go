package unforeseen

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// content takes a text for something else than a text.
func content() []*mutant.Defect {
	const lost = "what was written is not what is read"
	replaced := func(pattern, by string) func(string) string {
		expression := regexp.MustCompile(pattern)
		return func(text string) string { return expression.ReplaceAllString(text, by) }
	}
	return []*mutant.Defect{
		mutant.Defective("formula-quoted", "puts an apostrophe before a description that begins as a formula does", lost, described(replaced(`^([=+@-])`, "'$1")), "state.write.echoed"),
		mutant.Defective("null-word-dropped", "takes the description null for none", lost, described(replaced(`^(?i:null|none|undefined)$`, "")), "state.write.echoed"),
		mutant.Defective("date-described", "stores a description that is a date as a time", lost, described(replaced(`^(\d{4}-\d\d-\d\d)$`, "${1}T00:00:00Z")), "state.write.echoed"),
		mutant.Defective("json-described", "lists a description that is JSON as an object", "a reader that wants a text fails over the whole list", mutant.OnItems(func(account map[string]any) {
			var value map[string]any
			if json.Unmarshal([]byte(textOf(account, description)), &value) == nil && value != nil {
				mutant.Edited(account, description, mutant.Always(value))
			}
		}), "contract.every.response", "state.list.agrees"),
		mutant.Defective("update-cut-255", "cuts descriptions of updates at 255 characters", lost, described(func(text string) string {
			if all := []rune(text); len(all) > 255 {
				return string(all[:255])
			}
			return text
		}, mutant.Update), "state.write.echoed"),
		mutant.Defective("tags-twenty", "keeps twenty tags", lost, mutant.OnDocument(func(document map[string]any) {
			if tags := tagsOf(document); len(tags) > 20 {
				mutant.Edited(document, "/metadata/tags", mutant.Always(tags[:20]))
			}
		}, mutant.Create, mutant.Update), "state.write.echoed"),
		mutant.Defective("tag-json-dropped", "drops tags whose value is a JSON object", lost, mutant.OnDocument(func(document map[string]any) {
			kept := []any{}
			for _, tag := range tagsOf(document) {
				if !strings.HasPrefix(textOf(tag, "/value"), "{") {
					kept = append(kept, tag)
				}
			}
			if len(kept) < len(tagsOf(document)) {
				mutant.Edited(document, "/metadata/tags", mutant.Always(kept))
			}
		}, mutant.Create, mutant.Update), "state.write.echoed"),
	}
}

// limits fail over what is larger than usual, or unusual and without meaning.
func limits() []*mutant.Defect {
	const pages = "a request that is good, or to be refused, pages the operators"
	holding := func(texts ...string) func(*http.Request) bool {
		return func(r *http.Request) bool {
			body := string(mutant.BodyOf(r))
			for _, text := range texts {
				if strings.Contains(body, text) {
					return true
				}
			}
			return false
		}
	}
	return []*mutant.Defect{
		mutant.Defective("type-member-500", "answers 500 to a member that names a type of its language", pages, failing(holding(`"@type"`, `"$type"`, `"@class"`), mutant.Create, mutant.Update), "state.request.answered"),
		mutant.Defective("sixty-tags-500", "answers 500 to more than sixty tags", pages, failing(func(r *http.Request) bool { return len(tagsOf(documentOf(r))) > 60 }, mutant.Create, mutant.Update), "state.request.answered"),
		mutant.Defective("range-500", "answers 500 to a write with Range", pages, failing(func(r *http.Request) bool { return r.Header.Get("Range") != "" }, mutant.Create, mutant.Update), "create.answers.no-server-error", "state.request.answered"),
		mutant.Defective("rotation-body-500", "answers 500 to a rotation that has a body", pages, failing(func(r *http.Request) bool { return len(mutant.BodyOf(r)) > 0 }, mutant.Rotate), "state.request.answered"),
		mutant.Defective("braces-500", "answers 500 to an update of an account in braces", pages, failing(func(r *http.Request) bool { return strings.ContainsAny(r.URL.Path, "{") }, mutant.Update), "update.malformed-id.refused", "state.request.answered"),
		mutant.Defective("zero-byte-500", "answers 500 to a rotation of an account with a zero byte in its id", pages, failing(func(r *http.Request) bool { return strings.Contains(r.URL.Path, "\x00") }, mutant.Rotate), "rotate.malformed-id.refused", "state.request.answered"),
		mutant.Defective("long-id-500", "answers 500 to a deletion of an account with an id of more than 300 bytes", pages, failing(func(r *http.Request) bool { return len(mutant.AccountOf(r)) > 300 }, mutant.Remove), "delete.malformed-id.refused", "state.request.answered"),
	}
}
