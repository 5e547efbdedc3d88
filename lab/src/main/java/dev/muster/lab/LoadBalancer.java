package dev.muster.lab;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Fabric;
import dev.muster.lab.node.Node;
import dev.muster.lab.node.Template;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * HAProxy in the fabric, in front of the nodes' Envoys, as a cloud's load balancer with health
 * checks.
 */
public record LoadBalancer(Addresses at, Path folder) {
  /** Among the processes of a lab; one without an ingress has none. */
  public static final String NAME = "haproxy";

  ProcessId start(List<Node> nodes) {
    StringBuilder servers = new StringBuilder();
    for (Node node : nodes) {
      if (!node.ops()) {
        servers.append(
            "  server %s %s:8080 check port 8002\n".formatted(node.name(), node.address()));
      }
    }
    Path config =
        Template.write(
            "haproxy.cfg",
            Map.of("address", at.fabric(), "servers", servers.toString()),
            folder.resolve("haproxy.cfg"));
    return Command.start(
        Fabric.inside(at.namespace("fab"), List.of("haproxy", "-db", "-f", config.toString())),
        Map.of(),
        folder.resolve("logs").resolve("haproxy.log"));
  }

  URI url() {
    return URI.create("http://" + at.fabric());
  }

  /** Statistics as CSV: one line a server with its status. */
  URI statistics() {
    return URI.create("http://" + at.fabric() + ":8404/;csv");
  }
}
