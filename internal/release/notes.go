package main

import (
	"errors"
	"fmt"
	"strings"
)

// notes is the part of the changelog that a version is described by: its own section or, before there is one, what is unreleased.
func notes(changelog, version string) (string, error) {
	for _, title := range []string{version, strings.TrimPrefix(version, "v"), "Unreleased"} {
		for section := range strings.SplitSeq("\n"+changelog, "\n## ") {
			head, body, _ := strings.Cut(section, "\n")
			name, _, _ := strings.Cut(strings.TrimSpace(head), " ")
			if strings.Trim(name, "[]") != title {
				continue
			}
			if body = strings.TrimSpace(body); body == "" {
				return "", fmt.Errorf("the section %s of CHANGELOG.md is empty", title)
			}
			return "# " + version + "\n\n" + body + "\n", nil
		}
	}
	return "", errors.New("CHANGELOG.md has a section neither for the version nor for what is unreleased")
}
