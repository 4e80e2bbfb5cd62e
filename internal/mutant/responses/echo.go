package responses

import (
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Echoes keep something else than what was sent.
func Echoes() []*mutant.Defect {
	const family = "request echo"
	const lost = "what a user wrote is gone, and nobody said so"
	const other = "the account is not found under its name"
	name := func(change func(string) any) *mutant.Layer {
		return mutant.Shown("/metadata/name", mutant.OnText(change))
	}
	description := func(change func(string) any) *mutant.Layer {
		return mutant.Shown("/metadata/description", mutant.OnText(change))
	}
	tagged := func(change func(tags []any) any) *mutant.Layer {
		return mutant.Shown("/metadata/tags", func(old any) any {
			if tags, ok := old.([]any); ok {
				return change(tags)
			}
			return mutant.Gone()
		})
	}
	eachTag := func(change func(tag map[string]any)) *mutant.Layer {
		return tagged(func(tags []any) any {
			mutant.EachAccount(tags, change)
			return tags
		})
	}
	cut := func(n int) func(string) any {
		return func(text string) any {
			runes := []rune(text)
			return string(runes[:min(len(runes), n)])
		}
	}
	replaced := func(pairs ...string) func(string) any {
		replacer := strings.NewReplacer(pairs...)
		return func(text string) any { return replacer.Replace(text) }
	}
	without := func(drop func(rune) bool) func(string) any {
		return func(text string) any {
			return strings.Map(func(r rune) rune {
				if drop(r) {
					return -1
				}
				return r
			}, text)
		}
	}

	return mutant.Prefixed("echo-", family,
		mutant.Defective("name-lower", "writes names in lower case", other, name(func(s string) any { return strings.ToLower(s) }), "create.keeps.name"),
		mutant.Defective("name-cut-62", "cuts names at 62 characters", other, name(cut(62)), "create.keeps.name"),
		mutant.Defective("name-cut-32", "cuts names at 32 characters", other, name(func(s string) any {
			return strings.TrimRight(s[:min(len(s), 32)], "-._")
		}), "create.keeps.name"),
		mutant.Defective("description-dropped", "drops descriptions", lost, description(func(string) any { return mutant.Gone() }), "create.metadata.description", "create.keeps.description"),
		mutant.Defective("description-cut-1024", "cuts descriptions at 1024 characters", lost, description(cut(1024)), "create.keeps.description"),
		mutant.Defective("description-cut-4095", "cuts descriptions at 4095 characters", lost, description(cut(4095)), "create.keeps.description"),
		mutant.Defective("description-normalised", "normalises Unicode in descriptions", lost, description(replaced("ó", "o\u0301", "é", "e\u0301")), "create.keeps.description"),
		mutant.Defective("description-newlines", "turns newlines in descriptions into spaces", lost, description(replaced("\n", " ")), "state.write.echoed"),
		mutant.Defective("description-emoji", "drops characters beyond the basic plane from descriptions", lost, description(without(func(r rune) bool { return r > 0xFFFF })), "create.keeps.description"),
		mutant.Defective("description-joiners", "drops the characters that join emoji", lost, description(replaced("\u200d", "")), "create.keeps.description"),
		mutant.Defective("description-escaped", "escapes quotation marks in descriptions for HTML", lost, description(replaced(`"`, "&#34;")), "create.keeps.description"),
		mutant.Defective("tags-dropped", "drops tags", lost, tagged(func([]any) any { return mutant.Gone() }), "create.metadata.tags", "create.keeps.tags"),
		mutant.Defective("tags-two", "drops a tag when there are two", lost, tagged(func(tags []any) any {
			if len(tags) == 2 {
				return tags[:1]
			}
			return tags
		}), "create.metadata.tags"),
		mutant.Defective("tags-fifth", "keeps four tags at most", lost, tagged(func(tags []any) any { return tags[:min(len(tags), 4)] }), "create.keeps.tags"),
		mutant.Defective("tags-values-lower", "writes the values of tags in lower case, and cuts them at ten characters", lost, eachTag(func(tag map[string]any) {
			tag["value"] = mutant.OnText(cut(10))(mutant.OnText(func(s string) any { return strings.ToLower(s) })(tag["value"]))
		}), "create.metadata.tags"),
		mutant.Defective("tags-with-description", "drops tags where there is a description too", lost, mutant.OnViews(func(v mutant.View) {
			if mutant.Lookup(v.Account, "/metadata/description") != nil {
				mutant.Edited(v.Account, "/metadata/tags", mutant.Always(mutant.Gone()))
			}
		}), "create.metadata.tags"),
		mutant.Defective("listed-name-lower", "lists names in lower case", other, mutant.OnItems(func(account map[string]any) {
			mutant.Edited(account, "/metadata/name", mutant.OnText(func(s string) any { return strings.ToLower(s) }))
		}), "create.listed.agrees"),
		mutant.Defective("listed-description-cut", "lists the first 200 characters of descriptions", lost, mutant.OnItems(func(account map[string]any) {
			mutant.Edited(account, "/metadata/description", mutant.OnText(cut(200)))
		}), "create.listed.agrees"),
		mutant.Defective("listed-tags-reduced", "lists three tags of an account at most", lost, mutant.OnItems(func(account map[string]any) {
			mutant.Edited(account, "/metadata/tags", func(old any) any {
				if tags, ok := old.([]any); ok {
					return tags[:min(len(tags), 3)]
				}
				return mutant.Gone()
			})
		}), "create.listed.agrees"),
	)
}
