package explore

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
)

// content is what a client writes of an account. A member that is nil is left out.
type content struct {
	name        string
	description *string
	tags        []tag // nil: left out
	groups      []string
}

type tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// firstTwin is the class of a name that an account gets which another one is to be like. It is made beside the accounts before it, and
// is like none of them. Generated conversations make twins of any account.
const firstTwin = "first twin"

// names are classes of names, made of one that no other account has. Those that are not begun by it need the mark of the run
// in the description.
var names = map[string]func(fresh func(length int) string) string{
	"":        func(fresh func(int) string) string { return fresh(0) },
	"long":    func(fresh func(int) string) string { return fresh(62) + "9" },
	"upper":   func(fresh func(int) string) string { return strings.ToUpper(fresh(0)) },
	"dots":    func(fresh func(int) string) string { return fresh(0) + "-A.b_c-9.Z" },
	"rich":    func(fresh func(int) string) string { return fresh(46) + "-A..b--C__9.json9" }, // of the greatest length
	"digit":   func(fresh func(int) string) string { return fresh(0) + "-007" },
	"digits":  func(func(int) string) string { return "0123456789" },
	"number":  func(func(int) string) string { return "1e5" },
	"word":    func(func(int) string) string { return "null" },
	"date":    func(func(int) string) string { return "2024-01-01" },
	firstTwin: func(fresh func(int) string) string { return fresh(0) },
	"twin":    func(fresh func(int) string) string { return fresh(0) }, // the name and all of the account before, if there is one
	"no":      func(func(int) string) string { return "no" },
	"one":     func(func(int) string) string { return "x" },
	"float":   func(fresh func(int) string) string { return fmt.Sprintf("%d.10", tenDigits(fresh(0))) },
	"zeros":   func(fresh func(int) string) string { return fmt.Sprintf("00%d", tenDigits(fresh(0))) },
	"uuid": func(fresh func(int) string) string {
		d := digest(fresh(0))
		return fmt.Sprintf("%08X-ABCD-4ABC-8ABC-%012X", d, uint64(d)*uint64(d)>>16)
	},
}

// descriptions are classes of descriptions, each of many pieces that some parser, store or template takes for something
// else: what YAML 1.1 takes for a boolean or a number (the Norway problem), what the list of naughty strings has
// (github.com/minimaxir/big-list-of-naughty-strings), and what Unicode normalizes (UAX #15).
var descriptions = map[string]string{
	"words":           `12345 007 1e5 0x1F true NO null ~ NaN undefined 2024-01-01 .5 +1 -0 on off`,
	"markup":          `<b>bold</b> &amp; &lt; "double" 'single' <!-- no --> ]]> <script>alert(1)</script>`,
	"code":            `'; DROP TABLE x;-- %s %n %00 ${jndi:x} {{7*7}} #{1} \n \u0041 \\ /*x*/ $(id) ` + "`id` =SUM(1) @x",
	"unicode":         "“smart” ‘quotes’ — … \u2028 naïve é | e\u0301 | 日本語 | 🚀👩‍💻 | ﬁ | Ⅳ | ß İ ı | עברית | a\u200bb\u00a0c | \U0001F1F3\U0001F1F4",
	"lines":           "\nfirst line\nsecond line\r\nthird\tand a tab\n\nlast\n",
	"code and blanks": "  '; DROP TABLE x;-- %s %n %00 ${jndi:x} {{7*7}} \\n \\u0041 \\ /*x*/ $(id) =SUM(1)  inner  ",
	"blanks":          "  outer blanks and  inner  ones   ",
	"words and code":  "  12345 007 1e5 0x1F true NO null ~ NaN 2024-01-01 '; DROP TABLE x;-- %s %n %00 ${jndi:x} {{7*7}} #{1} \\n \\u0041 \\ /*x*/ $(id) =SUM(1) @x  inner   ",
	"rich":            "<b>é e\u0301</b> & \"it's\"\nsecond; --  line\r\n日本 %00 ${x} {{7*7}} 007 true, and an end that stands behind the first hundred characters",
	"rich line":       "<b>é e\u0301</b> & \"it's\"; --  日本 %00 ${x} {{7*7}} 007 true, and an end that stands behind the first hundred characters of it",
	"plain":           "An account of a test.",
	"short":           "x",
	// Whole texts that something takes for a value of another kind: JSON, no value, a formula (CWE-1236), a date.
	"json":    `{"a":[1,null],"b":"x"}`,
	"null":    "null",
	"formula": "=1+1",
	"date":    "2024-01-01",
	// Longer than the columns and limits that stores have (255).
	"long": strings.Repeat("a sentence of forty characters, as it is ", 8) + "end",
	// What a parser may refuse (RFC 8259 section 9), and must not change.
	"controls": "\nled by a line \ufffe\ufffd \u0085\u009f\u007f\u0001 and \u0000 an end",
}

// tagClasses are classes of tags.
var tagClasses = map[string][]tag{
	"one":     {{"owner", "me"}},
	"other":   {{"team", "x"}, {"owner", "you"}},
	"several": {{"zeta", "last"}, {"alpha", "first"}, {"mid", "first"}},
	"odd values": {
		{"empty", ""},
		{"blank", " padded "},
		{"digits", "0123"},
		{"number", "1.0"},
		{"word", "null"},
		{"bool", "true"},
		{"quotes", `"it's"`},
		{"markup", "<i>&amp;</i>"},
		{"unicode", "é e\u0301 日本"},
		{"same", "twin"},
		{"same2", "twin"},
		{"upper", "MiXeD"},
		{"comma", "a,b;c=d"},
		{"slash", `a/b\c`},
		{"percent", "%20+"},
		{"equals", "a=b=c"},
		{"astral", "🚀👩‍💻"},
		{"long", strings.Repeat("v", 63)},
		{"json", `{"a":1}`},
		{"array", "[]"},
		{"formula", "=1+1"},
		{"date", "2024-01-01"},
		{"template", "${a}{{b}}"},
		{"backslash", `c:\new`},
	},
	"odd names": {
		{"123", "digits"},
		{"true", "word"},
		{"null", "word"},
		{"with.dot", "1"},
		{"with-dash", "2"},
		{"with_low", "3"},
		{"Case", "upper"},
		{"case", "lower"},
		{"a/b", "slash"},
		{"name", "n"},
		{"value", "v"},
		{"id", "i"},
		{"é", "accent"},
		{"two words", "blank"},
		{"$dollar", "d"},
		{"eq=ual", "x=y"},
		{"co:lon", "x:y"},
		{"__proto__", "p"},
	},
	// What a target may have a limit for, and must not cut.
	"long values": append(numberedTags(70), tag{"long", strings.Repeat("v", 300)}, tag{strings.Repeat("n", 100), "long"}),
}

func numberedTags(n int) (all []tag) {
	for i := range n {
		all = append(all, tag{fmt.Sprintf("tag-%d", i), fmt.Sprint(i)})
	}
	return all
}

// digest is a number that follows from a text.
func digest(text string) uint32 {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(text)) // never fails: see hash.Hash
	return sum.Sum32()
}

// label is a word for names that follows from the operation alone, whatever the order of sending.
func (o Operation) label() string {
	sum := fnv.New32a()
	_, _ = fmt.Fprint(sum, o.Step(), o.Account, o.Holder) // never fails: see hash.Hash
	return fmt.Sprintf("explore-%08x", sum.Sum32())
}

// wanted is the content that an operation asks for. For an update, "same" keeps what the last write asked for, "absent" leaves
// it out and "empty" empties it.
func (w *World) wanted(o Operation, a *account) content {
	fresh := func(length int) string {
		if length > 0 {
			return w.s.NameOf(o.label(), length)
		}
		return w.s.Name(o.label())
	}
	if o.Name == "twin" {
		if twin, ok := w.contentOf(o.Account - 1); ok {
			return twin
		}
	}
	var before content
	if a != nil {
		before = a.content
	}
	c := content{name: w.nameLike(o, before.name)}
	if c.name == "" {
		c.name = fresh(0)
		if other, known := names[o.Name]; known {
			c.name = other(fresh)
		}
	}
	c.description = describe(o.Description, before.description)
	if !strings.Contains(strings.ToLower(c.name), strings.ToLower(w.s.Mark())) { // the run must be able to tell that it is its own
		text := w.s.Mark()
		if c.description != nil {
			text += " " + *c.description
		}
		c.description = &text
	}
	switch o.Tags {
	case "", "absent":
	case "empty":
		c.tags = []tag{}
	case "same":
		c.tags = before.tags
	default:
		c.tags = tagClasses[o.Tags]
	}
	c.groups = w.groups(o.Groups, before.groups)
	return c
}

// alike are the classes of names that are made of the name of the account, or of the account Holder.
var alike = []string{"same", "recased", "the other", "recased other", "longer other"}

// nameLike is a name of such a class; "" if the operation asks for another one, or there is no name to make it of.
func (w *World) nameLike(o Operation, before string) string {
	if strings.HasSuffix(o.Name, "other") {
		other, _ := w.contentOf(o.Holder)
		before = other.name
	}
	switch {
	case before == "" || !slices.Contains(alike, o.Name):
		return ""
	case o.Name == "same" || o.Name == "the other":
		return before
	case o.Name == "longer other":
		return before[:min(len(before), 61)] + "-x"
	}
	return recased(before)
}

// recased is a text in which the letters of ASCII have the other case.
func recased(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, text)
}

func describe(class string, before *string) *string {
	text := ""
	switch class {
	case "", "absent":
		return nil
	case "empty":
	case "same":
		return before
	case "recased":
		if before == nil {
			return nil
		}
		text = recased(*before)
	default:
		text = descriptions[class]
	}
	return &text
}

// groups are those of a class, as far as the operator named any.
func (w *World) groups(class string, before []string) []string {
	all := slices.Clone(w.s.Target().Groups)
	switch {
	case class == "same" && before != nil:
		return before
	case class == "" || class == "empty" || len(all) == 0:
		return []string{}
	case class == "first":
		return all[:1]
	case class == "last":
		return all[len(all)-1:]
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(b, a) }) // not in the order that a target may sort by
	return all
}

// document is the content as JSON has it.
func (c content) document() map[string]any {
	metadata := map[string]any{"name": c.name}
	if c.description != nil {
		metadata["description"] = *c.description
	}
	if c.tags != nil {
		tags := []any{}
		for _, t := range c.tags {
			tags = append(tags, map[string]any{"name": t.Name, "value": t.Value})
		}
		metadata["tags"] = tags
	}
	groups := []any{}
	for _, g := range c.groups {
		groups = append(groups, g)
	}
	return map[string]any{"metadata": metadata, "spec": map[string]any{"groupIDs": groups}}
}

// tenDigits is a number of a name: always of ten digits, so that a plan is the same each time.
func tenDigits(name string) uint32 { return 1_000_000_000 + digest(name)%1_000_000_000 }
