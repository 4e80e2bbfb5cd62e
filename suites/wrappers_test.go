package suites

import "context"

func foresee(ctx context.Context, cfg Config) (*Plan, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return NewPlan(ctx, suite, cfg, Together)
}

func proveOf(ctx context.Context, cfg ProveConfig) (*Proof, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return ProveWith(ctx, suite, cfg)
}
