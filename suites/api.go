package suites

import (
	"context"
	"io"
)

// Judge judges a target, as JudgeWith describes, by the suite of this package.
func Judge(ctx context.Context, cfg Config) (*Result, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return JudgeWith(ctx, suite, cfg)
}

// Rejudge judges a recording again, as RejudgeWith describes, by the suite of this package.
func Rejudge(ctx context.Context, file io.Reader, cfg RejudgeConfig) (*Result, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return RejudgeWith(ctx, suite, file, cfg)
}
