"""Creates the objects of manifests at an API server without keeping them, but for the namespace and the service account that the
others need. Takes the address, a token, and the files; needs no package, as the server reads YAML itself."""
import json
import pathlib
import re
import ssl
import sys
import time
import urllib.error
import urllib.request

PLACES = {
    "Namespace": "api/v1/namespaces", "ServiceAccount": "api/v1/namespaces/{}/serviceaccounts", "Pod": "api/v1/namespaces/{}/pods",
    "ConfigMap": "api/v1/namespaces/{}/configmaps", "Secret": "api/v1/namespaces/{}/secrets",
    "PersistentVolumeClaim": "api/v1/namespaces/{}/persistentvolumeclaims", "Job": "apis/batch/v1/namespaces/{}/jobs",
    "CronJob": "apis/batch/v1/namespaces/{}/cronjobs", "NetworkPolicy": "apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
}
address, token, files = sys.argv[1], sys.argv[2], sys.argv[3:]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # its certificate is a new one of its own, on this machine


def call(path, body=None, kind="application/yaml"):
    """Sends a request; returns status, warnings and the body."""
    headers = {"Authorization": "Bearer " + token, "Content-Type": kind, "Accept": "application/json"}
    request = urllib.request.Request(f"{address}/{path}", body and body.encode(), headers)
    try:
        with urllib.request.urlopen(request, context=context, timeout=60) as answer:
            return answer.status, answer.headers.get_all("Warning", []), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, [], refused.read().decode()
    except OSError as fault:
        return 0, [], str(fault)


def create(text, keep=False):
    """Creates an object, strictly; whatever the server warns of counts as a refusal."""
    kind = re.search(r"^kind: (\w+)$", text, re.M)[1]
    namespace = re.search(r"^  namespace: (\S+)$", text, re.M)
    query = "?fieldValidation=Strict" + ("" if keep else "&dryRun=All")
    return call(PLACES[kind].format(namespace and namespace[1]) + query, text)


def kept(text):
    return re.search(r"^kind: (Namespace|ServiceAccount)$", text, re.M)


for _ in range(240):
    if call("readyz")[0] == 200:
        break
    time.sleep(0.5)
else:
    raise SystemExit("the API server is not ready after two minutes")

count, pods = 0, 0
for file in files:
    objects = pathlib.Path(file).read_text().split("\n---\n")
    for text in sorted(objects, key=lambda text: not kept(text)):
        status, warnings, answer = create(text, keep=bool(kept(text)))
        if status == 409 and kept(text):
            continue  # another file has it, too
        assert status == 201 and not warnings, (file, status, warnings, answer, text)
        count += 1
        made = json.loads(answer)
        template = {"Job": lambda o: o["spec"]["template"], "CronJob": lambda o: o["spec"]["jobTemplate"]["spec"]["template"]}.get(made["kind"])
        if template is None:
            continue
        # The server answers with the object as it read it: its pod has to be taken under restricted pod security, too.
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tried"}, "spec": template(made)["spec"]}
        place = PLACES["Pod"].format(made["metadata"]["namespace"]) + "?dryRun=All&fieldValidation=Strict"
        status, warnings, answer = call(place, json.dumps(pod), "application/json")
        assert status == 201 and not warnings, (file, status, warnings, answer)
        pods += 1
        # What is not right is refused: a member that no pod has, and a container that may be root.
        for broken in ({"restartPolice": "Never"}, {"securityContext": {"runAsNonRoot": False}}):
            status, _, answer = call(place, json.dumps({**pod, "spec": {**pod["spec"], **broken}}), "application/json")
            assert status in (400, 403, 422), (broken, status, answer)
assert count >= 10 and pods == 4, (count, pods)
print(f"kube-apiserver: ok ({count} objects and {pods} pods)")
