"""Reads what conformance writes with the libraries of others. Takes the directory of the outputs."""
import base64
import json
import pathlib
import sys
import zipfile

import in_toto_attestation.predicates.test_result.v0.test_result_pb2 as test_result
import in_toto_attestation.v1.statement_pb2 as statement_pb2
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.v1.statement import Statement
from junitparser import JUnitXml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

out = pathlib.Path(sys.argv[1])
report = json.loads((out / "report.json").read_text())

# junitparser: as many tests and failures as the report has.
suites = JUnitXml.fromfile(str(out / "junit.xml"))
cases = [case for suite in suites for case in suite]
failed = [case for case in cases if any(type(r).__name__ == "Failure" for r in case.result)]
musts = [r for r in report["results"] if r["outcome"] in ("fail", "unstable") and r["level"] == "MUST"]
assert len(cases) == len(report["results"]), (len(cases), len(report["results"]))
assert sorted(c.name for c in failed) == sorted(r["id"] for r in musts), [c.name for c in failed]
assert musts, "the target was to fail"

# prometheus_client: the metrics, by the strict parser of OpenMetrics.
families = {f.name: f for f in text_string_to_metric_families((out / "metrics.txt").read_text())}
verdicts = {s.labels["verdict"]: s.value for s in families["conformance_verdict"].samples}
assert verdicts == {"conformant": 0, "non-conformant": 1, "incomplete": 0}, verdicts
assert sum(s.value for s in families["conformance_requirements"].samples) == len(report["results"])
assert families["conformance_operation_latency_seconds"].type == "summary"

# securesystemslib: the key id is the one that it derives, and the signature verifies.
with zipfile.ZipFile(out / "certificate.zip") as bundle:
    envelope = Envelope.from_dict(json.loads(bundle.read("statement.dsse.json")))
key = SSlibKey.from_crypto(load_pem_public_key((out / "key.pub.pem").read_bytes()))
assert list(envelope.verify([key], 1)) == [key.keyid]

# in-toto-attestation: a statement and a test result, parsed without leave for unknown members.
text = base64.b64decode(base64.b64encode(envelope.payload))
parsed = json_format.Parse(text, statement_pb2.Statement(), ignore_unknown_fields=False)
Statement.copy_from_pb(parsed).validate()
result = json_format.ParseDict(json_format.MessageToDict(parsed.predicate), test_result.TestResult(), ignore_unknown_fields=False)
assert result.result == "PASSED" and result.passed_tests, result.result

print("junitparser, prometheus_client, securesystemslib, in-toto-attestation: ok")
