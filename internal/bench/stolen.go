package main

import (
	"os"
	"strconv"
	"strings"
)

// ticks is what Linux counts of all processors' time since the machine was started; nothing elsewhere.
type ticks struct{ total, stolen float64 }

// clock reads /proc/stat, see proc_stat(5). Guest time is part of user time, and left out.
func clock() (t ticks) {
	const stolen, counted = 8, 9 // the columns of "cpu user nice system idle iowait irq softirq steal"
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return t
	}
	line, _, _ := strings.Cut(string(data), "\n")
	for i, field := range strings.Fields(line) {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil || i >= counted {
			continue
		}
		t.total += n
		if i == stolen {
			t.stolen = n
		}
	}
	return t
}

// stolenSince is the share that the host of a virtual machine gave to others.
func (t ticks) stolenSince(before ticks) (share float64, known bool) {
	if t.total <= before.total {
		return 0, false
	}
	return (t.stolen - before.stolen) / (t.total - before.total), true
}
