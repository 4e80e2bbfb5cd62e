package engine

import (
	"context"
	"time"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
)

// Connection leads to the target of a configuration. Nothing has been sent to the target.
type Connection struct {
	// Config is complete, with its defaults and the token of the run.
	Config  Config
	Run     *probe.Run
	Secrets *redact.Registry
	// Close closes connections, and stops what was started for the run.
	Close func()
}

// Connect completes a configuration and gets its token. The error is a *ConfigError.
func Connect(ctx context.Context, cfg Config) (*Connection, error) {
	cfg, stop, err := cfg.complete(ctx)
	if err != nil {
		return nil, err
	}
	if cfg, err = cfg.authenticate(ctx); err != nil {
		stop()
		return nil, err
	}
	secrets, target := cfg.secrets(), cfg.target()
	return &Connection{
		Config: cfg, Run: probe.New(target, cfg.limits(), runID(), secrets, time.Now), Secrets: secrets,
		Close: func() {
			target.Client.CloseIdleConnections()
			stop()
		},
	}, nil
}
