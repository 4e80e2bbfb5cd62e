package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	// desk and phone are widths of windows, in pixels.
	desk  = 1280
	phone = 360
	// manyElements is from how many elements on a page is shown to axe on the phone alone: there it takes a second.
	manyElements = 400
	// manyStops is up to how many places the Tab key is pressed on a page.
	manyStops = 120
	// partsOfDate are the places within a field for a date: day, month, year, and the calendar.
	partsOfDate = 4
)

// Look lists what is wrong with a page for those who use it in another way than most: axe-core on a desk in the light theme, and on a
// phone in the dark one, where the page has to fit; what no key reaches, or without a visible focus; and motion where a system
// asks for none. It opens what can be opened, and leaves pictures. Afterwards the window is that of a desk again.
func Look(tab Tab, name string) (wrong []string) {
	tab.t.Helper()
	add := func(where string, lines []string) {
		for _, line := range lines {
			wrong = append(wrong, name+", "+where+": "+line)
		}
	}
	Eval[bool](tab, `document.querySelectorAll("details").forEach(d => { d.open = true; }) ?? true`)
	tab.Do(chromedp.EmulateViewport(desk, 900))
	if Eval[int](tab, `document.querySelectorAll("*").length`) < manyElements {
		add("on a desk", Axe(tab))
	}
	Keep(tab.t, name+".png", tab.Picture())
	add("by keys", Keys(tab))
	add("with reduced motion", Motion(tab))
	tab.Do(chromedp.EmulateViewport(phone, 780))
	tab.Dark(true)
	add("on a phone in the dark theme", Axe(tab))
	if width := Eval[int](tab, `document.documentElement.scrollWidth`); width > phone {
		add("on a phone", []string{fmt.Sprintf("the page is %d pixels wide", width)})
	}
	if lightPaper(tab) {
		add("in the dark theme", []string{"the page is not dark"})
	}
	Keep(tab.t, name+"-phone.png", tab.Picture())
	tab.Dark(false)
	tab.Do(chromedp.EmulateViewport(desk, 900))
	return wrong
}

// lightPaper reports whether the background of the page is a light one.
func lightPaper(tab Tab) bool {
	tab.t.Helper()
	return Eval[bool](tab, `(() => {
		const c = document.createElement("canvas").getContext("2d");
		c.fillStyle = "white"; c.fillRect(0, 0, 1, 1);
		for (const e of [document.documentElement, document.body]) { c.fillStyle = getComputedStyle(e).backgroundColor; c.fillRect(0, 0, 1, 1); }
		const [r, g, b] = c.getImageData(0, 0, 1, 1).data;
		return r + g + b > 384;
	})()`)
}

// stops are the elements that a key has to reach: of radio buttons only the one that is chosen, or the first.
const stops = `(() => {
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
	const shown = all.filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0);
	const groups = new Set(), chosen = e => document.querySelector("input[type=radio][name='" + e.name + "']:checked");
	return shown.filter(e => {
		if (e.type !== "radio") return true;
		if (chosen(e) ? chosen(e) !== e : groups.has(e.name)) return false;
		return groups.add(e.name);
	});
})()`

// Keys lists what the Tab key does not reach, and where the focus is not seen. Of a page with many places the first are tried.
func Keys(tab Tab) (wrong []string) {
	tab.t.Helper()
	count := Eval[int](tab, `(window.stops = `+stops+`).length`)
	Eval[bool](tab, `(document.activeElement?.blur(), window.reached = new Set(), scrollTo(0, 0), true)`)
	hidden := map[string]bool{}
	dates := Eval[int](tab, `stops.filter(e => e.type === "date").length`)
	for range min(count, manyStops) + dates*partsOfDate + 1 { // the last one leaves the page
		tab.Do(chromedp.KeyEvent(kb.Tab))
		unseen := Eval[string](tab, `(() => {
			const e = document.activeElement, s = getComputedStyle(e);
			if (e === document.body) return "";
			reached.add(e);
			return s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0 ? e.outerHTML.slice(0, 120) : "";
		})()`)
		if unseen != "" && !hidden[unseen] {
			hidden[unseen] = true
			wrong = append(wrong, "the focus is not seen: "+unseen)
		}
	}
	if count <= manyStops {
		for _, lost := range Eval[[]string](tab, `stops.filter(e => !reached.has(e)).map(e => e.outerHTML.slice(0, 120))`) {
			wrong = append(wrong, "no key reaches "+lost)
		}
	}
	return wrong
}

// Motion lists what moves although the system asks for no motion: animations, transitions, and scrolling that is drawn out.
func Motion(tab Tab) []string {
	tab.t.Helper()
	media := func(value string) {
		tab.Do(func(ctx context.Context, _ *chromedp.Target) (v chromedp.Void, err error) {
			_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: value}},
			})
			return v, err
		})
	}
	media("reduce")
	defer media("no-preference")
	if !Eval[bool](tab, `matchMedia("(prefers-reduced-motion: reduce)").matches`) {
		return []string{"the browser does not ask for reduced motion"}
	}
	return Eval[[]string](tab, `(() => {
		const wrong = new Set(), longer = text => text.split(",").some(s => parseFloat(s) > 0);
		for (const a of document.getAnimations()) wrong.add("an animation runs: " + (a.animationName ?? a.transitionProperty ?? a.id));
		for (const e of document.querySelectorAll("*")) for (const pseudo of [null, "::before", "::after", "::backdrop"]) {
			const s = getComputedStyle(e, pseudo), name = e.tagName.toLowerCase() + (pseudo ?? "") + (e.className?.length ? "." + e.className : "");
			if (s.animationName !== "none" && longer(s.animationDuration)) wrong.add(name + " has the animation " + s.animationName);
			if (longer(s.transitionDuration)) wrong.add(name + " has a transition of " + s.transitionProperty);
			if (s.scrollBehavior === "smooth") wrong.add(name + " scrolls smoothly");
		}
		for (const e of document.querySelectorAll("animate, animateMotion, animateTransform, set, marquee, video[autoplay], img[src$='.gif']"))
			wrong.add("it has " + e.outerHTML.slice(0, 100));
		return [...wrong];
	})()`)
}

// Wrong fails the test with each line.
func Wrong(tab Tab, lines []string) {
	tab.t.Helper()
	if len(lines) > 0 {
		tab.t.Error(strings.Join(lines, "\n"))
	}
}
