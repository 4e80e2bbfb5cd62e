package architecture

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"

	"github.com/sa-conformance/conformance/internal/config"
)

const kubernetes = "../../deploy/kubernetes"

// manifest decodes a file into the type of its kind, in which every member must be known.
func manifest[T any](t *testing.T, name string) (object T) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(kubernetes, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(data, &object); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return object
}

// The manifests are objects of Kubernetes, and fit together.
func TestKubernetesManifests(t *testing.T) {
	job, cron := manifest[batch.Job](t, "job.yaml"), manifest[batch.CronJob](t, "cronjob.yaml")
	secret, targets := manifest[core.Secret](t, "secret.yaml"), manifest[core.ConfigMap](t, "configmap.yaml")
	policy, account := manifest[networking.NetworkPolicy](t, "networkpolicy.yaml"), manifest[core.ServiceAccount](t, "serviceaccount.yaml")
	namespace, claim := manifest[core.Namespace](t, "namespace.yaml"), manifest[core.PersistentVolumeClaim](t, "volume.yaml")
	if namespace.Labels["pod-security.kubernetes.io/enforce"] != "restricted" {
		t.Error("the namespace is not restricted")
	}
	file, err := config.Parse([]byte(targets.Data["conformance.yaml"]))
	if err != nil || len(file.Targets) < 2 {
		t.Fatalf("the configuration: %v", err)
	}
	for _, target := range file.Targets {
		if name := target.Variables["token"].Text; secret.StringData[name] == "" {
			t.Errorf("the secret has no %s", name)
		}
	}
	for name, spec := range map[string]batch.JobSpec{"job": job.Spec, "cron job": cron.Spec.JobTemplate.Spec} {
		pod := spec.Template
		if *spec.CompletionMode != batch.IndexedCompletion || spec.BackoffLimitPerIndex == nil || pod.Spec.RestartPolicy != core.RestartPolicyNever {
			t.Errorf("%s: it is not an indexed Job whose shares are tried again", name)
		}
		restricted(t, name, pod.Spec)
		for key, value := range policy.Spec.PodSelector.MatchLabels {
			if pod.Labels[key] != value {
				t.Errorf("%s: the network policy does not select its pods", name)
			}
		}
		c := pod.Spec.Containers[0]
		if at := slices.IndexFunc(c.Env, func(e core.EnvVar) bool { return e.Name == "JOB_COMPLETIONS" }); at < 0 || c.Env[at].Value != strconv.Itoa(int(*spec.Completions)) {
			t.Errorf("%s: JOB_COMPLETIONS is not the number of completions", name)
		}
		if c.EnvFrom[0].SecretRef.Name != secret.Name || pod.Spec.ServiceAccountName != account.Name ||
			pod.Spec.Volumes[0].ConfigMap.Name != targets.Name || pod.Spec.Volumes[1].PersistentVolumeClaim.ClaimName != claim.Name {
			t.Errorf("%s: it names other objects", name)
		}
	}
	var kustomization struct{ Resources []string }
	data, err := os.ReadFile(filepath.Join(kubernetes, "kustomization.yaml"))
	if err != nil || yaml.Unmarshal(data, &kustomization) != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(kubernetes, "*.yaml"))
	if len(files) != len(kustomization.Resources)+1 {
		t.Errorf("%d files and %d resources", len(files), len(kustomization.Resources))
	}
}

// The manifests for a bucket patch objects that are there, and need no volume of others.
func TestKubernetesBucket(t *testing.T) {
	job, cron := manifest[batch.Job](t, "../kubernetes-bucket/job.yaml"), manifest[batch.CronJob](t, "../kubernetes-bucket/cronjob.yaml")
	base := manifest[batch.Job](t, "job.yaml")
	for name, spec := range map[string]batch.JobSpec{"job": job.Spec, "cron job": cron.Spec.JobTemplate.Spec} {
		pod := spec.Template.Spec
		c := pod.Containers[0]
		if job.Name != base.Name || c.Name != base.Spec.Template.Spec.Containers[0].Name || !slices.Contains(c.Args, "s3://conformance/$(JOB_NAME)") || !slices.Contains(c.Args, "--resume") {
			t.Errorf("%s: %s %s %v", name, job.Name, c.Name, c.Args)
		}
		if v := pod.Volumes[0]; v.Name != "results" || v.EmptyDir == nil || v.PersistentVolumeClaim != nil {
			t.Errorf("%s: the results are in %+v", name, v)
		}
	}
}

// restricted wants what the pod security standard "restricted" wants.
func restricted(t *testing.T, name string, pod core.PodSpec) {
	t.Helper()
	if pod.SecurityContext == nil || !*pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault ||
		*pod.AutomountServiceAccountToken {
		t.Errorf("%s: the pod is not restricted", name)
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s == nil || *s.AllowPrivilegeEscalation || !*s.ReadOnlyRootFilesystem || !slices.Equal(s.Capabilities.Drop, []core.Capability{"ALL"}) {
			t.Errorf("%s: the container %s is not restricted", name, c.Name)
		}
	}
}
