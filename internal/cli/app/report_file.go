package app

import (
	"io"
	"os"

	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
)

// MaxRun bounds what is read of a report or a recording, in bytes.
const MaxRun = 1 << 28

// ReadReport reads the report.json that a flag names, or an argument ("").
func (a *App) ReadReport(flag, path string) (*report.Report, error) {
	defer a.Reads()()
	file, err := os.Open(path)
	source := ""
	if flag != "" {
		source = a.Source(flag) + ": "
	}
	if err != nil {
		return nil, Wrong("%s%s cannot be read: %s; name a report.json", source, Shown(path), Cause(err))
	}
	defer func() { _ = file.Close() }()
	r, err := reportjson.Read(io.LimitReader(file, MaxRun))
	if err != nil {
		return nil, Wrong("%s%s: %s; name a report.json that \"conformance run --out\" wrote", source, Shown(path), report.Printable(err.Error()))
	}
	return r, nil
}
