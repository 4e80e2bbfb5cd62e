package explore

// Axis is one thing that operations differ in, with its values.
type Axis struct {
	Name   string
	Values []string
}

// Cover makes rows of one value for each axis, so that every two values of two axes stand together in a row at least once: a
// covering array of strength two, made greedily. It is the same every time.
func Cover(axes []Axis) [][]string {
	missing := pairsOf(axes)
	var rows [][]string
	for len(missing) > 0 {
		row := make([]int, len(axes))
		for i := range row {
			row[i] = -1
		}
		first := firstOf(axes, missing)
		row[first[0]], row[first[2]] = first[1], first[3]
		for i := range axes {
			if row[i] < 0 {
				row[i] = best(axes, row, i, missing, len(rows))
			}
		}
		named := make([]string, len(axes))
		for i, v := range row {
			named[i] = axes[i].Values[v]
			for j := range i {
				delete(missing, [4]int{j, row[j], i, v})
			}
		}
		rows = append(rows, named)
	}
	return rows
}

// pairsOf are all pairs of values: axis, value, axis, value.
func pairsOf(axes []Axis) map[[4]int]bool {
	all := map[[4]int]bool{}
	for j := range axes {
		for i := range j {
			for v := range axes[i].Values {
				for u := range axes[j].Values {
					all[[4]int{i, v, j, u}] = true
				}
			}
		}
	}
	return all
}

func firstOf(axes []Axis, missing map[[4]int]bool) [4]int {
	for j := range axes {
		for i := range j {
			for v := range axes[i].Values {
				for u := range axes[j].Values {
					if pair := [4]int{i, v, j, u}; missing[pair] {
						return pair
					}
				}
			}
		}
	}
	return [4]int{}
}

// best is the value of an axis that adds the most pairs to a row. Ties go to another value in each row.
func best(axes []Axis, row []int, axis int, missing map[[4]int]bool, turn int) int {
	values := len(axes[axis].Values)
	chosen, most := 0, -1
	for n := range values {
		v, gained := (n+turn)%values, 0
		for other, u := range row {
			pair := [4]int{other, u, axis, v}
			if other > axis {
				pair = [4]int{axis, v, other, u}
			}
			if u >= 0 && missing[pair] {
				gained++
			}
		}
		if gained > most {
			chosen, most = v, gained
		}
	}
	return chosen
}
