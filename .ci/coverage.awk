# Statement coverage by package out of a Go coverage profile. Fails where a package of internal/ is below the floor.
# A block that several test binaries ran counts once. The defects are left out: what they hold runs only in a whole proof,
# which make prove tries and which fails for every defect that does nothing; so is the bench, which runs in make bench, and
# what drives a browser for the tests, which does nothing where there is none, and so is what makes a release, which runs in
# make reproducible, and the time stamping authority of the tests.
BEGIN { floor = 85; FS = "[ :]" }
/^mode:/ { next }
{
	block = $1 ":" $2
	statements[block] = $3
	if ($4 > 0) ran[block] = 1
}
END {
	for (block in statements) {
		name = block
		sub(/\/[^\/]*$/, "", name)
		sub(/^[^\/]*\/[^\/]*\/[^\/]*\/?/, "", name)
		total[name] += statements[block]
		if (block in ran) covered[name] += statements[block]
	}
	for (name in total) {
		share = 100 * covered[name] / total[name]
		low = name ~ /^internal\// && name !~ /^internal\/mutant/ && name != "internal/bench" && name != "internal/browser" && name != "internal/release" && name != "internal/tsa/tsatest" && share < floor
		printf "%5.1f %%  %s%s\n", share, name, low ? "  (below " floor " %)" : "" | "sort -k 3"
		failed = failed || low
	}
	close("sort -k 3")
	exit failed
}
