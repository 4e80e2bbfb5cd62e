package suites

import (
	"context"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/plan"
	"github.com/sa-conformance/conformance/internal/prove"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func foresee(ctx context.Context, cfg engine.Config) (*plan.Plan, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return plan.New(ctx, suite, cfg, scenario.Together)
}

func proveOf(ctx context.Context, cfg prove.Config) (*prove.Proof, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return prove.Run(ctx, suite, cfg)
}
