"""Rules that the schemas do not know: names that must meet, and the hardening of every pod.

Usage: check.py FILE, the output of `kustomize build`. Prints what is wrong; exit code 1 if anything is.
"""

import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    objects = [o for o in yaml.safe_load_all(file) if o]
wrong = []


def rule(holds, where, text):
    if not holds:
        wrong.append(f"{where}: {text}")


def named(kind):
    return {o["metadata"]["name"]: o for o in objects if o["kind"] == kind}


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


workloads = [o for o in objects if o["kind"] in ("Deployment", "StatefulSet")]
services, configs, secrets = named("Service"), named("ConfigMap"), named("Secret")
rule(len(named("Deployment")) == 6, "overlay", "the services are six")

for workload in workloads:
    where = f"{workload['kind']} {workload['metadata']['name']}"
    template = workload["spec"]["template"]
    pod, labels = template["spec"], template["metadata"]["labels"]
    security = pod.get("securityContext", {})
    rule(selects(workload["spec"]["selector"]["matchLabels"], labels), where, "its selector does not match its pods")
    rule(any(selects(s["spec"]["selector"], labels) for s in services.values()), where, "no Service leads to it")
    rule(security.get("runAsNonRoot") is True, where, "may run as root")
    rule(security.get("seccompProfile", {}).get("type") == "RuntimeDefault", where, "no seccomp profile")
    rule(pod.get("automountServiceAccountToken") is False, where, "gets a token of the cluster")
    rule(pod.get("enableServiceLinks") is False, where, "gets variables of the other Services")
    for container in pod["containers"]:
        own = container.get("securityContext", {})
        rule(own.get("allowPrivilegeEscalation") is False, where, "may gain privileges")
        rule(own.get("capabilities", {}).get("drop") == ["ALL"], where, "keeps capabilities")
        rule("readinessProbe" in container and "startupProbe" in container, where, "lacks probes")
        limits = container.get("resources", {}).get("limits", {})
        rule("memory" in limits and "cpu" in limits, where, "has no limits")
        for source in container.get("envFrom", []):
            if "configMapRef" in source:
                rule(source["configMapRef"]["name"] in configs, where, "its ConfigMap does not exist")
            if "secretRef" in source:
                rule(source["secretRef"]["name"] in secrets, where, "its Secret does not exist")
        for variable in container.get("env", []):
            wanted = variable.get("valueFrom", {}).get("secretKeyRef")
            if wanted:
                secret = secrets.get(wanted["name"], {})
                rule(wanted["key"] in secret.get("data", {}), where, f"no {wanted['key']} in its Secret")
        if workload["kind"] == "Deployment":
            rule(own.get("readOnlyRootFilesystem") is True, where, "may write on its root")
            rule("livenessProbe" in container, where, "lacks a liveness probe")

for service in services.values():
    where = f"Service {service['metadata']['name']}"
    ports = {
        port["name"]: port["containerPort"]
        for workload in workloads
        if selects(service["spec"]["selector"], workload["spec"]["template"]["metadata"]["labels"])
        for container in workload["spec"]["template"]["spec"]["containers"]
        for port in container["ports"]
    }
    for port in service["spec"]["ports"]:
        rule(ports.get(port["targetPort"]) == port["port"], where, f"port {port['port']} leads nowhere")

for config in configs.values():
    values = config["data"]
    for name, service in services.items():
        key = name.upper().replace("-", "_") + "_URL"
        if key in values:
            url = f"http://{name}:{service['spec']['ports'][0]['port']}"
            rule(values[key] == url, "ConfigMap", f"{key} is not {url}")
    hosts = [r["host"] for i in named("Ingress").values() for r in i["spec"]["rules"]]
    public = {v.split("://")[1] for k, v in values.items() if k.endswith("_PUBLIC_URL")}
    rule(public == set(hosts), "Ingress", "its hosts are not those of the public addresses")
for ingress in named("Ingress").values():
    for item in ingress["spec"]["rules"]:
        for path in item["http"]["paths"]:
            rule(path["backend"]["service"]["name"] in services, "Ingress", f"{item['host']} leads nowhere")

print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
sys.exit(bool(wrong))
