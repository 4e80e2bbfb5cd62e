package mutant

import (
	"strings"
)

// echoes keep something else than what was sent.
func echoes() []*Defect {
	const family = "request echo"
	const lost = "what a user wrote is gone, and nobody said so"
	const other = "the account is not found under its name"
	name := func(change func(string) any) *Layer { return shown("/metadata/name", onText(change)) }
	description := func(change func(string) any) *Layer { return shown("/metadata/description", onText(change)) }
	tagged := func(change func(tags []any) any) *Layer {
		return shown("/metadata/tags", func(old any) any {
			if tags, ok := old.([]any); ok {
				return change(tags)
			}
			return gone()
		})
	}
	eachTag := func(change func(tag map[string]any)) *Layer {
		return tagged(func(tags []any) any {
			each(tags, change)
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

	return prefixed("echo-", family,
		defective("name-lower", "writes names in lower case", other, name(func(s string) any { return strings.ToLower(s) }), "create.keeps.name"),
		defective("name-cut-62", "cuts names at 62 characters", other, name(cut(62)), "create.keeps.name"),
		defective("name-cut-32", "cuts names at 32 characters", other, name(func(s string) any {
			return strings.TrimRight(s[:min(len(s), 32)], "-._")
		}), "create.keeps.name"),
		defective("description-dropped", "drops descriptions", lost, description(func(string) any { return gone() }), "create.metadata.description", "create.keeps.description"),
		defective("description-cut-1024", "cuts descriptions at 1024 characters", lost, description(cut(1024)), "create.keeps.description"),
		defective("description-cut-4095", "cuts descriptions at 4095 characters", lost, description(cut(4095)), "create.keeps.description"),
		defective("description-normalised", "normalises Unicode in descriptions", lost, description(replaced("ó", "o\u0301", "é", "e\u0301")), "create.keeps.description"),
		defective("description-newlines", "turns newlines in descriptions into spaces", lost, description(replaced("\n", " ")), "create.keeps.description"),
		defective("description-emoji", "drops characters beyond the basic plane from descriptions", lost, description(without(func(r rune) bool { return r > 0xFFFF })), "create.keeps.description"),
		defective("description-joiners", "drops the characters that join emoji", lost, description(replaced("\u200d", "")), "create.keeps.description"),
		defective("description-escaped", "escapes quotation marks in descriptions for HTML", lost, description(replaced(`"`, "&#34;")), "create.keeps.description"),
		defective("tags-dropped", "drops tags", lost, tagged(func([]any) any { return gone() }), "create.metadata.tags", "create.keeps.tags"),
		defective("tags-two", "drops a tag when there are two", lost, tagged(func(tags []any) any {
			if len(tags) == 2 {
				return tags[:1]
			}
			return tags
		}), "create.metadata.tags"),
		defective("tags-fifth", "keeps four tags at most", lost, tagged(func(tags []any) any { return tags[:min(len(tags), 4)] }), "create.keeps.tags"),
		defective("tags-values-lower", "writes the values of tags in lower case, and cuts them at ten characters", lost, eachTag(func(tag map[string]any) {
			tag["value"] = onText(cut(10))(onText(func(s string) any { return strings.ToLower(s) })(tag["value"]))
		}), "create.metadata.tags"),
		defective("tags-with-description", "drops tags where there is a description too", lost, onViews(func(v view) {
			if lookup(v.account, "/metadata/description") != nil {
				edited(v.account, "/metadata/tags", always(gone()))
			}
		}), "create.metadata.tags"),
		defective("listed-name-lower", "lists names in lower case", other, onItems(func(account map[string]any) {
			edited(account, "/metadata/name", onText(func(s string) any { return strings.ToLower(s) }))
		}), "create.listed.agrees"),
		defective("listed-description-cut", "lists the first 200 characters of descriptions", lost, onItems(func(account map[string]any) {
			edited(account, "/metadata/description", onText(cut(200)))
		}), "create.listed.agrees"),
		defective("listed-tags-reduced", "lists three tags of an account at most", lost, onItems(func(account map[string]any) {
			edited(account, "/metadata/tags", func(old any) any {
				if tags, ok := old.([]any); ok {
					return tags[:min(len(tags), 3)]
				}
				return gone()
			})
		}), "create.listed.agrees"),
	)
}
