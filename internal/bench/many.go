package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The sizes of a fleet and of a history that are measured.
const (
	fleetTargets   = 200
	fleetLatency   = 50 * time.Millisecond
	historyReports = 500
)

// fleet measures the judging of many targets side by side. The targets are one process, whose time the machine has to give, too.
func (b *bench) fleet(ctx context.Context) (err error) {
	var file strings.Builder
	environment := map[string]string{}
	t, all, err := startTargets(ctx, b.self, fleetLatency, fleetTargets)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.stop()) }()
	file.WriteString("targets:\n")
	for i, of := range all {
		name := fmt.Sprintf("t%03d", i)
		fmt.Fprintf(&file, "  %s:\n    url: %s\n    organization: %s\n    otherOrganization: %s\n    groups: [%s]\n", name,
			of["CONFORMANCE_TARGET"], of["CONFORMANCE_ORGANIZATION"], of["CONFORMANCE_OTHER_ORGANIZATION"], of["CONFORMANCE_GROUP"])
		for key, variable := range map[string]string{
			"token": "TOKEN", "restrictedToken": "RESTRICTED_TOKEN", "expiredToken": "EXPIRED_TOKEN", "notYetValidToken": "NOT_YET_VALID_TOKEN",
		} {
			own := strings.ToUpper(name) + "_" + variable
			fmt.Fprintf(&file, "    %s: {env: %s}\n", key, own)
			environment[own] = of["CONFORMANCE_"+variable]
		}
	}
	config := filepath.Join(b.dir, "fleet.yaml")
	if err := os.WriteFile(config, []byte(file.String()), 0o600); err != nil {
		return err
	}
	c, err := run(ctx, environment, b.tool, "fleet", "--config", config, "--out", filepath.Join(b.dir, "fleet"), "--quiet")
	if err != nil {
		return err
	}
	b.printf("\n### A fleet of %d targets at %s of latency\n\n| wall | CPU | memory |\n|--:|--:|--:|\n| %.1f s | %.1f s | %s |\n",
		fleetTargets, ms(fleetLatency), c.wall.Seconds(), c.cpu.Seconds(), mb(c.memory))
	b.reach(fmt.Sprintf("fleet of %d targets", fleetTargets), c.wall < time.Minute, fmt.Sprintf("%.1f s", c.wall.Seconds()), "60 s")
	b.reach("memory of a fleet", c.memory < 400e6, mb(c.memory), "400 MB")
	return nil
}

// history measures the page of many runs. Their reports are those of one run with other ids and times.
func (b *bench) history(ctx context.Context) error {
	file, err := b.report(ctx)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	id, began := member(text, "runId"), member(text, "startedAt")
	at, err := time.Parse(time.RFC3339, began)
	if err != nil {
		return err
	}
	dir := filepath.Join(b.dir, "history")
	for i := range historyReports {
		again := strings.NewReplacer(`"runId": "`+id, fmt.Sprintf(`"runId": "%s-%d`, id, i), began, at.Add(time.Duration(i)*24*time.Hour).Format(time.RFC3339)).Replace(string(text))
		if i%7 == 0 { // something happens
			again = strings.Replace(again, `"outcome": "pass"`, `"outcome": "fail"`, 1)
		}
		to := filepath.Join(dir, fmt.Sprintf("%03d", i))
		if err := os.MkdirAll(to, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, "report.json"), []byte(again), 0o600); err != nil {
			return err
		}
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c, err := typical(min(b.runs, 3), func() (cost, error) {
		return run(ctx, nil, b.tool, "history", dir, "--out", filepath.Join(b.dir, "history.html"))
	})
	if err != nil {
		return err
	}
	b.printf("\n### The history of %d reports of %s\n\n| wall | CPU | memory |\n|--:|--:|--:|\n| %s | %s | %s |\n", historyReports, mb(int64(len(text))),
		ms(c.wall), ms(c.cpu), mb(c.memory))
	b.reach(fmt.Sprintf("history of %d reports", historyReports), c.wall < 3*time.Second, ms(c.wall), "3000 ms")
	return nil
}

// member is a text of a report.json, by its name.
func member(report []byte, name string) string {
	_, rest, _ := strings.Cut(string(report), `"`+name+`": "`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
