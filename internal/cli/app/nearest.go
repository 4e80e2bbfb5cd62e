package app

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest returns the three ids that are least different from id.
func Nearest(id string, ids []string) []string {
	near := slices.Clone(ids)
	slices.SortStableFunc(near, func(x, y string) int { return cmp.Compare(difference(id, x), difference(id, y)) })
	return near[:min(3, len(near))]
}

// difference is the edit distance, halved where one id contains the other.
func difference(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			step := diagonal
			if from[i] != to[j] {
				step++
			}
			diagonal = row[j+1]
			row[j+1] = min(step, row[j]+1, row[j+1]+1)
		}
	}
	if from != "" && (strings.Contains(to, from) || strings.Contains(from, to)) {
		return row[len(to)] / 2
	}
	return row[len(to)]
}
