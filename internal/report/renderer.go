package report

import "io"

// Options says how a report is shown. A format uses the options that concern it.
type Options struct {
	// Color marks outcomes with colours.
	Color bool
	// Verbose leaves nothing out. Quiet leaves out all but the failures, one line each, and the verdict.
	Verbose, Quiet bool
	// Width is the number of columns of the page; 0 means 100. Bodies and curl lines may be wider.
	Width int
	// Limit is the number of bytes that the output may have; 0 means no limit.
	Limit int
	// Place is a file of the user's repository that findings are shown at, as a relative path with slashes; "" means none.
	Place string
}

// Renderer writes a report in one format. It judges nothing, and leaves the report as it is.
type Renderer func(w io.Writer, r *Report, o Options) error

// File is one of the files of a format that is a directory.
type File struct {
	Name string
	Data []byte
}

// Files makes the files of a report in a format that is a directory.
type Files func(r *Report, o Options) ([]File, error)
