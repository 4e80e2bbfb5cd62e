package disguise

// client is a program that calls APIs. All of them are made with net/http, so that the order of their fields is that of a run.
type client struct {
	agent  string
	traced bool // it sends a traceparent
}

var clients = []client{
	{"Go-http-client/2.0", false},
	{"Go-http-client/1.1", true},
	{"Terraform/1.9.8 (+https://www.terraform.io) Terraform-Plugin-SDK/2.35.0 terraform-provider-identity/0.14.2", false},
	{"HashiCorp Terraform/1.10.3 (+https://www.terraform.io) Terraform Plugin SDK/2.34.0", false},
	{"OpenTofu/1.8.5 (+https://opentofu.org) terraform-provider-identity/0.14.1", false},
	{"pulumi-resource-identity/0.9.4 (linux; amd64)", false},
	{"kubectl/v1.31.2 (linux/amd64) kubernetes/5864a46", false},
	{"argocd-server/v2.13.1", true},
	{"external-secrets/v0.10.7", true},
	{"crossplane-provider-identity/v0.7.0", true},
	{"helm-operator/1.37.1", false},
	{"go-resty/2.16.2 (https://github.com/go-resty/resty)", false},
}

// words are those of which ordinary names of service accounts are made.
var words = []string{
	"api", "app", "argo", "audit", "auth", "backup", "batch", "billing", "bot", "build", "cache", "cart", "catalog", "cdn", "checkout", "ci",
	"cluster", "core", "cron", "data", "db", "deploy", "dev", "dns", "edge", "email", "etl", "events", "export", "feed", "fleet", "flux",
	"gateway", "gitlab", "grafana", "ingest", "invoice", "jobs", "kafka", "ledger", "loader", "mail", "media", "metrics", "nightly", "orders",
	"payments", "pipeline", "prod", "proxy", "queue", "release", "reports", "router", "runner", "search", "shop", "staging", "storage", "sync",
	"tasks", "telemetry", "uploads", "vault", "web", "worker",
}

// told are the words of labels by which checks find accounts of a kind. They share no word with each other and with other labels.
var told = map[string][]string{
	"malformed":       {"archive", "legacy", "mirror", "sandbox"},
	"unauthorized":    {"agent", "client", "daemon", "service"},
	"unauthenticated": {"guest", "probe", "robot", "tenant"},
}

// texts are those that every run sends, with what may stand in their place. The choices are texts of the same kind; where length
// matters they have the same.
var texts = []struct {
	was     string
	choices []string
}{
	{"Made by a conformance run and removed at its end.", []string{
		"Used by the nightly deployment.", "Reads metrics for the dashboards.", "Owned by the platform team.", "Rotates the credentials of the workers.",
	}},
	{"Changed by a conformance run and removed at its end.", []string{
		"Used by the deployment to staging.", "Reads metrics and logs.", "Moved to the data team.", "Rotates the credentials of all workers.",
	}},
	{"conformance of updates", []string{"deployments", "monitoring", "data export", "release train"}},
	{"conformance.unikorn-cloud.org:", []string{ // the prefix is reserved, and nobody has these
		"apps.unikorn-cloud.org:", "teams.unikorn-cloud.org:", "deploys.unikorn-cloud.org:", "backups.unikorn-cloud.org:",
	}},
	{`"conformance"`, []string{`"deployment"`, `"monitoring"`, `"export"`, `"release"`}},
	{`"purpose"`, []string{`"team"`, `"app"`, `"component"`, `"project"`}},
	{"A description may be long.", []string{ // 26 characters each
		"Rotates tokens every week.", "Builds and ships releases.", "Syncs the warehouse daily.", "Copies backups to storage.",
	}},
	{"this-is-no-token-", []string{"old-token-", "ci-token-", "dev-", "tmp-"}},
	{"trace-canary-", []string{"debug-", "tmp-token-", "dev-token-", "old-"}},
}
