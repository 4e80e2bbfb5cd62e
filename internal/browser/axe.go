package browser

import (
	_ "embed"
)

// axeSource is axe-core 4.14.1 of Deque Systems, unchanged: npm package axe-core, file axe.min.js, license MPL-2.0.
//
//go:embed axe/axe.min.js
var axeSource string

// Axe lists what axe-core finds on the page as it is shown, one line for each element. Best practices are asked for, too.
func Axe(tab Tab) []string {
	tab.t.Helper()
	if !Eval[bool](tab, `typeof axe === "object"`) {
		Eval[bool](tab, axeSource+";true")
	}
	return EvalLater[[]string](tab, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n =>
		v.id + " (" + v.impact + "): " + n.target.join(" ") + ": " + n.html.slice(0, 160))))`)
}
