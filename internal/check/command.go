package check

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrWithheld says that the ginkgo command started this process and kept its flags from it: it hands them on only to packages
// whose tests import Ginkgo.
var ErrWithheld = errors.New(`the ginkgo command hands its flags on only to packages that import Ginkgo, and nothing was sent; ` +
	`add _ "github.com/onsi/ginkgo/v2" to the imports of the test, or use go test`)

// withheld reports whether that is so. Such a process has "--test.v" and no argument that go test gives to every test; if the
// system tells of parent processes, its parent is called ginkgo and was given a flag.
func withheld(args []string) bool {
	if flag.Lookup("test.v") == nil || len(args) < 2 || !strings.HasPrefix(args[len(args)-1], "--test.v") {
		return false
	}
	for _, arg := range args[1:] {
		if !strings.HasPrefix(arg, "--test.") || strings.HasPrefix(arg, "--test.paniconexit0") || strings.HasPrefix(arg, "--test.run") {
			return false
		}
	}
	parent, err := os.ReadFile("/proc/" + strconv.Itoa(os.Getppid()) + "/cmdline")
	words := strings.Split(string(parent), "\x00")
	return err != nil || strings.HasPrefix(filepath.Base(words[0]), "ginkgo") &&
		slices.ContainsFunc(words[1:], func(word string) bool { return strings.HasPrefix(word, "-") })
}
