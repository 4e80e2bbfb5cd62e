package defect

import (
	"strings"
	"unicode/utf8"
)

// echoes keep something else than what was sent.
func echoes() []Defect {
	const family = "request echo"
	const lost = "what a user wrote is gone, and nobody said so"
	const other = "the account is not found under its name"
	name := func(change func(string) any) Layer { return shown("/metadata/name", onText(change)) }
	description := func(change func(string) any) Layer { return shown("/metadata/description", onText(change)) }
	tagged := func(change func(tags []any) any) Layer {
		return shown("/metadata/tags", func(old any) any {
			if tags, ok := old.([]any); ok {
				return change(tags)
			}
			return gone()
		})
	}
	eachTag := func(change func(tag map[string]any)) Layer {
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
	d := func(name, what, effect string, l Layer, breaks ...string) Defect {
		return Defect{Name: "echo-" + name, Family: family, Description: what, Effect: effect, Breaks: breaks, Layer: l}
	}
	return []Defect{
		d("name-lower", "writes names in lower case", other, name(func(s string) any { return strings.ToLower(s) }), "create.keeps.name"),
		d("name-upper", "writes names in upper case", other, name(func(s string) any { return strings.ToUpper(s) }), "create.metadata.name", "create.keeps.name"),
		d("name-cut-62", "cuts names at 62 characters", other, name(cut(62)), "create.keeps.name"),
		d("name-cut-32", "cuts names at 32 characters", other, name(cut(32)), "create.keeps.name"),
		d("name-cut-8", "cuts names at 8 characters", other, onMember("/metadata/name", onText(cut(8)), create), "create.metadata.name", "create.keeps.name"),
		d("name-dots", "writes a dash for every dot of a name", other, name(replaced(".", "-")), "create.keeps.name"),
		d("name-underscores", "drops underscores from names", other, name(replaced("_", "")), "create.keeps.name"),
		d("name-trimmed", "trims digits from the ends of names that end in one after a dash", other, name(func(s string) any {
			return strings.TrimSuffix(s, "-9")
		}), "create.keeps.name"),
		d("description-dropped", "drops descriptions", lost, description(func(string) any { return gone() }), "create.metadata.description", "create.keeps.description"),
		d("description-upper", "begins descriptions with a lower-case letter", lost, description(func(s string) any {
			return strings.ToLower(s[:1]) + s[1:]
		}), "create.metadata.description", "create.keeps.description"),
		d("description-full-stop", "drops the full stop at the end of descriptions", lost, description(func(s string) any {
			return strings.TrimSuffix(s, ".")
		}), "create.metadata.description", "create.keeps.description"),
		d("description-cut-255", "cuts descriptions at 255 characters", lost, description(cut(255)), "create.keeps.description"),
		d("description-cut-1024", "cuts descriptions at 1024 characters", lost, description(cut(1024)), "create.keeps.description"),
		d("description-cut-4095", "cuts descriptions at 4095 characters", lost, description(cut(4095)), "create.keeps.description"),
		d("description-ellipsis", "writes the end of descriptions beyond 2000 characters as three dots", lost, description(func(s string) any {
			if len(s) > 2000 {
				return s[:2000] + "..."
			}
			return s
		}), "create.keeps.description"),
		d("description-normalised", "normalises Unicode in descriptions", lost, description(replaced("ó", "o\u0301", "é", "e\u0301")), "create.keeps.description"),
		d("description-newlines", "turns newlines in descriptions into spaces", lost, description(replaced("\n", " ")), "create.keeps.description"),
		d("description-tabs", "turns tabs in descriptions into spaces", lost, description(replaced("\t", "    ")), "create.keeps.description"),
		d("description-emoji", "drops characters beyond the basic plane from descriptions", lost, description(without(func(r rune) bool { return r > 0xFFFF })), "create.keeps.description"),
		d("description-joiners", "drops the characters that join emoji", lost, description(replaced("\u200d", "")), "create.keeps.description"),
		d("description-ascii", "writes a question mark for every character beyond ASCII", lost, description(func(s string) any {
			return strings.Map(func(r rune) rune {
				if r >= utf8.RuneSelf {
					return '?'
				}
				return r
			}, s)
		}), "create.keeps.description"),
		d("description-escaped", "escapes quotation marks in descriptions for HTML", lost, description(replaced(`"`, "&#34;")), "create.keeps.description"),
		d("description-backslashes", "drops backslashes from descriptions", lost, description(replaced(`\`, "")), "create.keeps.description"),
		d("tags-dropped", "drops tags", lost, tagged(func([]any) any { return gone() }), "create.metadata.tags", "create.keeps.tags"),
		d("tags-first-only", "keeps the first tag of several", lost, tagged(func(tags []any) any { return tags[:1] }), "create.metadata.tags", "create.keeps.tags"),
		d("tags-two", "drops a tag when there are two", lost, tagged(func(tags []any) any {
			if len(tags) == 2 {
				return tags[:1]
			}
			return tags
		}), "create.metadata.tags"),
		d("tags-fifth", "keeps four tags at most", lost, tagged(func(tags []any) any { return tags[:min(len(tags), 4)] }), "create.keeps.tags"),
		d("tags-values-lower", "writes the values of tags in lower case, and cuts them at ten characters", lost, eachTag(func(tag map[string]any) {
			tag["value"] = onText(cut(10))(onText(func(s string) any { return strings.ToLower(s) })(tag["value"]))
		}), "create.metadata.tags"),
		d("tags-values-unspaced", "writes the spaces in values of tags as plus signs", lost, eachTag(func(tag map[string]any) {
			tag["value"] = onText(replaced(" ", "+"))(tag["value"])
		}), "create.metadata.tags", "create.keeps.tags"),
		d("tags-names-digits", "drops digits from the names of tags", lost, eachTag(func(tag map[string]any) {
			tag["name"] = onText(without(func(r rune) bool { return r >= '0' && r <= '9' }))(tag["name"])
		}), "create.keeps.tags"),
		d("tags-swapped", "writes the name of a tag for its value, and the value for its name", lost, eachTag(func(tag map[string]any) {
			tag["name"], tag["value"] = tag["value"], tag["name"]
		}), "create.metadata.tags", "create.keeps.tags"),
		d("tags-with-description", "drops tags where there is a description too", lost, onViews(func(v view) {
			if lookup(v.account, "/metadata/description") != nil {
				edited(v.account, "/metadata/tags", always(gone()))
			}
		}), "create.metadata.tags"),
		d("listed-name-lower", "lists names in lower case", other, onItems(func(account map[string]any) {
			edited(account, "/metadata/name", onText(func(s string) any { return strings.ToLower(s) }))
		}), "create.listed.agrees"),
		d("listed-description-cut", "lists the first 200 characters of descriptions", lost, onItems(func(account map[string]any) {
			edited(account, "/metadata/description", onText(cut(200)))
		}), "create.listed.agrees"),
		d("listed-tags-reduced", "lists three tags of an account at most", lost, onItems(func(account map[string]any) {
			edited(account, "/metadata/tags", func(old any) any {
				if tags, ok := old.([]any); ok {
					return tags[:min(len(tags), 3)]
				}
				return gone()
			})
		}), "create.listed.agrees"),
	}
}
