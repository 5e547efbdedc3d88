package dev.muster.lab.node;

import dev.muster.lab.host.Cgroups;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.Packages;
import dev.muster.lab.host.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts and ends nodes. A boot finds the data of the one before (containers, kubelet's state,
 * identity) and a fresh network namespace, as a machine does that lost its power.
 */
public record Boot(LabSpec spec, Addresses at, Path folder, Path binaries, GoldenImages images) {

  /** What a later process must know to boot a node again. */
  public record Parts(LabSpec spec, String binaries, String cache, List<Image> images) {
    public Boot boot(Addresses at, Path folder) {
      return new Boot(
          spec, at, folder, Path.of(binaries), new GoldenImages(Path.of(cache), images));
    }
  }

  /** Tells a node, before its boot or later, whether the API server is still at its own start. */
  public void tell(Node node, boolean apiServerStarts) {
    Path file = data(node).resolve("public/api-server-starts");
    try {
      if (apiServerStarts) {
        Files.createDirectories(data(node).resolve("public"));
        Files.write(file, new byte[0]);
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new LabException("can not write " + file + ": " + e.getMessage());
    }
  }

  private Path data(Node node) {
    return folder.resolve("nodes").resolve(node.name());
  }

  public Node on(Node node, List<Node> all) {
    Path data = data(node);
    Fabric fabric = new Fabric(at);
    fabric.detach(node.name(), node.number());
    // a machine boots without cgroups; kubelet spends 3 s on each that holds a container of before
    Leftovers.removeCgroups(at.cgroup(node.name()));
    prepare(node, data);
    Disk.of(data).ensure(spec.diskBytes());
    fabric.attach(node.name(), node.number(), node.address(), all);
    fabric.gateway(node);
    long quota = Math.round(spec.cpus() * 100_000);
    var full =
        new java.util.HashMap<String, String>(
            Map.of(
                "CGROUP", at.cgroup(node.name()),
                "MEMORY_BYTES", Long.toString(spec.memoryBytes()),
                "MEMORY_KB", Long.toString(spec.memoryBytes() / 1024),
                "CPU_QUOTA_MICROS", Long.toString(quota),
                "NODE", node.name(),
                "NODE_ADDRESS", node.address(),
                "NODE_LABELS", labels(node),
                "DATA", data.toString(),
                "PUBLIC", data.resolve("public").toString(),
                "BINARIES", binaries.toString()));
    full.putAll(Addresses.withoutProxy(System.getenv())); // for containerd and kubelet
    full.put("CGROUPS", Cgroups.ofHost().words());
    full.put("LOGS", folder.resolve("logs").toString());
    full.put("KUBELET_FLAGS", kubeletFlags());
    ProcessId holder =
        Command.start(
            List.of(
                "sh",
                data.resolve("node-join.sh").toString(),
                "nsenter",
                "--net=/run/netns/" + at.namespace(node.name()),
                "unshare",
                "--cgroup",
                "sh",
                data.resolve("node-leaf.sh").toString(),
                "unshare",
                "--pid",
                "--mount",
                "--uts",
                "--ipc",
                "--fork",
                "--kill-child",
                "sh",
                data.resolve("node-boot.sh").toString()),
            full,
            folder.resolve("logs").resolve(node.name() + "-boot.log"));
    return node.with(holder);
  }

  /** The power cut: the link first, so that nobody gets a goodbye, then every process at once. */
  public Node off(Node node) {
    new Fabric(at).cut(node.number());
    ProcessId holder = node.holder();
    if (holder != null) {
      holder.children().forEach(ProcessId::kill);
      holder.kill();
    }
    return node.with(null);
  }

  private void prepare(Node node, Path data) {
    Map<String, String> values =
        Map.of(
            "data", data.toString(),
            "public", data.resolve("public").toString(),
            "node", node.name(),
            "dns", Addresses.DNS,
            "pods", node.pods(),
            "cni", Packages.cni().toString(),
            "extra", kubeletExtra());
    Path sharedPublic = data.resolve("public");
    try {
      Files.createDirectories(sharedPublic);
      // a node gets its own credentials and nobody else's
      Pki pki = new Pki(folder.resolve("pki"));
      copy(pki.certificate("ca"), sharedPublic.resolve("ca.crt"));
      copy(
          pki.folder().resolve(node.name() + ".conf"), sharedPublic.resolve(node.name() + ".conf"));
      copy(pki.folder().resolve("kube-proxy.conf"), sharedPublic.resolve("kube-proxy.conf"));
    } catch (IOException e) {
      throw new LabException("can not write " + data + ": " + e.getMessage());
    }
    // a folder of its own: a shell must not find its script rewritten while it reads it
    Template.write("node-join.sh", Map.of(), data.resolve("node-join.sh"));
    Template.write("node-leaf.sh", Map.of(), data.resolve("node-leaf.sh"));
    Template.write("node-boot.sh", Map.of(), data.resolve("node-boot.sh"));
    Template.write("containerd.toml", values, data.resolve("containerd.toml"));
    Template.write("cni.conflist", values, data.resolve("cni/10-muster.conflist"));
    Template.write("kubelet.yaml", values, data.resolve("kubelet.yaml"));
    var proxy = new java.util.HashMap<>(values);
    proxy.put("pods", Addresses.PODS);
    Template.write("kube-proxy.yaml", proxy, data.resolve("kube-proxy.yaml"));
    if (!Files.exists(data.resolve("containerd"))) {
      images.copyTo(data.resolve("containerd"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** A field of the configuration from 1.27 on, a flag before. */
  private String kubeletFlags() {
    return minor(spec.kubernetes()) >= 27
        ? ""
        : "--container-runtime-endpoint=unix:///run/containerd/containerd.sock";
  }

  private String kubeletExtra() {
    StringBuilder extra = new StringBuilder();
    // from 1.35 kubelet refuses cgroup v1 unless told; before, it refuses the unknown field
    if (minor(spec.kubernetes()) >= 31) {
      extra.append("failCgroupV1: false\n");
    }
    spec.settings()
        .getOrDefault("kubelet", Map.of())
        .forEach((field, value) -> extra.append(field).append(": ").append(value).append('\n'));
    return extra.toString();
  }

  public static int minor(String version) {
    return Integer.parseInt(version.split("\\.", -1)[1]);
  }

  private static String labels(Node node) {
    String zone = "topology.kubernetes.io/region=lab,topology.kubernetes.io/zone=" + node.zone();
    return node.ops() ? zone + ",muster.dev/role=ops" : zone;
  }
}
