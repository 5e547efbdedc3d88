package dev.muster.lab;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Fabric;
import dev.muster.lab.node.Node;
import dev.muster.lab.node.Pki;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * etcd, kube-apiserver, kube-controller-manager and kube-scheduler in the control plane's
 * namespace.
 */
record ControlPlane(
    Addresses at, Path folder, Path binaries, Map<String, Map<String, String>> settings) {

  Pki pki() {
    return new Pki(folder.resolve("pki"));
  }

  /** One certificate per component: none can do another's work. */
  void credentials(List<Node> nodes) {
    Pki pki = pki();
    pki.authority();
    List<Callable<Void>> work = new ArrayList<>();
    work.add(
        certificate(
            "apiserver",
            "CN=kube-apiserver",
            "IP:%s,IP:%s,IP:127.0.0.1,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
                .formatted(at.controlPlane(), Addresses.KUBERNETES_SERVICE)));
    work.add(
        certificate("kubelet-client", "O=system:masters,CN=kube-apiserver-kubelet-client", ""));
    work.add(certificate("admin", "O=system:masters,CN=muster-admin", ""));
    work.add(certificate("controller-manager", "CN=system:kube-controller-manager", ""));
    work.add(certificate("scheduler", "CN=system:kube-scheduler", ""));
    work.add(certificate("kube-proxy", "CN=system:kube-proxy", ""));
    work.add(certificate(PolicyEnforcer.NAME, "CN=" + PolicyEnforcer.USER, ""));
    for (Node node : nodes) {
      work.add(certificate(node.name(), "O=system:nodes,CN=system:node:" + node.name(), ""));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while making certificates");
    } catch (ExecutionException e) {
      throw new LabException("can not make certificates: " + e.getMessage());
    }
  }

  private Callable<Void> certificate(String file, String subject, String names) {
    return () -> {
      pki().certificate(file, subject, names);
      pki().kubeconfig(file, at.api());
      return null;
    };
  }

  ProcessId etcd() {
    return start(
        "etcd",
        Path.of("etcd"),
        options(
            "data-dir", folder.resolve("etcd").toString(),
            "listen-client-urls", "http://127.0.0.1:2379",
            "advertise-client-urls", "http://127.0.0.1:2379",
            "listen-peer-urls", "http://127.0.0.1:2380",
            // a lab is thrown away; its disk must not be the thing measured
            "unsafe-no-fsync", "true"));
  }

  ProcessId apiServer() {
    Pki pki = pki();
    return start(
        "kube-apiserver",
        binaries.resolve("kube-apiserver"),
        options(
            "etcd-servers",
            "http://127.0.0.1:2379",
            "secure-port",
            "6443",
            "advertise-address",
            at.controlPlane(),
            "tls-cert-file",
            pki.certificate("apiserver").toString(),
            "tls-private-key-file",
            pki.key("apiserver").toString(),
            "client-ca-file",
            pki.certificate("ca").toString(),
            "kubelet-client-certificate",
            pki.certificate("kubelet-client").toString(),
            "kubelet-client-key",
            pki.key("kubelet-client").toString(),
            "kubelet-preferred-address-types",
            "InternalIP",
            "authorization-mode",
            "Node,RBAC",
            "enable-admission-plugins",
            "NodeRestriction",
            "anonymous-auth",
            "true",
            "service-cluster-ip-range",
            Addresses.SERVICES,
            "service-account-issuer",
            "https://kubernetes.default.svc",
            "service-account-key-file",
            pki.folder().resolve("sa.pub").toString(),
            "service-account-signing-key-file",
            pki.key("sa").toString(),
            "allow-privileged",
            "true"));
  }

  ProcessId controllerManager() {
    Pki pki = pki();
    return start(
        "kube-controller-manager",
        binaries.resolve("kube-controller-manager"),
        options(
            "kubeconfig",
            pki.folder().resolve("controller-manager.conf").toString(),
            "authentication-kubeconfig",
            pki.folder().resolve("controller-manager.conf").toString(),
            "authorization-kubeconfig",
            pki.folder().resolve("controller-manager.conf").toString(),
            "service-account-private-key-file",
            pki.key("sa").toString(),
            "root-ca-file",
            pki.certificate("ca").toString(),
            "use-service-account-credentials",
            "true",
            // it asks for a token for each of its 40 controllers first: at 20 a second that was 5 s
            "kube-api-qps",
            "200",
            "kube-api-burst",
            "400",
            "allocate-node-cidrs",
            "false",
            "leader-elect",
            "false"));
  }

  ProcessId scheduler() {
    String config = pki().folder().resolve("scheduler.conf").toString();
    return start(
        "kube-scheduler",
        binaries.resolve("kube-scheduler"),
        options(
            "kubeconfig", config,
            "authentication-kubeconfig", config,
            "authorization-kubeconfig", config,
            "leader-elect", "false"));
  }

  private ProcessId start(String component, Path program, Map<String, String> options) {
    options.putAll(settings.getOrDefault(component, Map.of()));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    options.forEach((flag, value) -> command.add("--" + flag + "=" + value));
    return Command.start(
        Fabric.inside(at.namespace("cp"), command),
        Addresses.withoutProxy(System.getenv()),
        folder.resolve("logs").resolve(component + ".log"));
  }

  private static Map<String, String> options(String... pairs) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      options.put(pairs[i], pairs[i + 1]);
    }
    return options;
  }
}
