package sample

import (
	"reflect"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
)

// Attacks are texts that a target could send: each against terminals, HTML, XML, Markdown, JSON, or CI servers.
var Attacks = []string{
	Hostile,
	"\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\ \x9b31m \x07\x08\x7f",
	`</script><script>alert(1)</script><img src=x onerror=alert(1)>`,
	`"><svg/onload=alert(1)> ' onmouseover='alert(1)`,
	"]]></failure></testcase><testcase name=\"forged\"/><![CDATA[ ]]]]>>",
	"``` \n</details>\n# forged\n[click](javascript:alert(1)) ![](http://evil.example/x.png) @everyone #1 www.evil.example https://evil.example",
	"```` ` ````` | a | b |\n|---|---|\n| forged | row |",
	"\n::error::forged\n##[error]forged\n::set-output name=x::y\r::stop-commands::x",
	"\u2028\u2029\u202e\u2066\ufeff\ufffe\U000e0041\x00\xff\xfe",
	"\\u003cscript\\u003e \\\" \\\\ {0} [a](b)",
}

// Fields is the number of texts in Report.
func Fields() (n int) {
	visitTexts(reflect.ValueOf(Report()), "", func(reflect.Value, string) { n++ })
	return n
}

// PoisonAt replaces one text of a report by another, and returns its path.
func PoisonAt(r *report.Report, at int, attack string) (where string) {
	i := -1
	visitTexts(reflect.ValueOf(r), "", func(v reflect.Value, path string) {
		if i++; i == at {
			v.SetString(attack)
			where = path
		}
	})
	return where
}

// Poison replaces every text of a report by another, but those that decide what counts.
func Poison(r *report.Report, attack string) {
	visitTexts(reflect.ValueOf(r), "", func(v reflect.Value, path string) {
		for _, end := range []string{"Outcome", "Profile", "Profiles[]", "Name"} {
			if strings.HasSuffix(path, end) {
				return
			}
		}
		v.SetString(attack)
	})
}

// visitTexts visits every text that can be set, in a fixed order.
func visitTexts(v reflect.Value, path string, visit func(reflect.Value, string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visitTexts(v.Elem(), path, visit)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			visitTexts(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visitTexts(v.Index(i), path+"[]", visit)
		}
	case reflect.String:
		visit(v, path)
	}
}
