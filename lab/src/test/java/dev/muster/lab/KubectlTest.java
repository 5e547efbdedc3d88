package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubectlTest {
  private static final String NETWORKS =
      "10.240.0.0/16,10.244.0.0/16,10.96.0.0/16,.svc,.cluster.local\n";

  @TempDir Path folder;

  @Test
  void asksTheLabWithoutAProxy() throws IOException {
    Path program =
        Files.writeString(folder.resolve("kubectl"), "#!/bin/sh\necho \"$*\" \"$NO_PROXY\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Kubectl kubectl = new Kubectl(program, Path.of("/lab/admin.conf"));
    assertThat(kubectl.run("get", "nodes"))
        .startsWith("--kubeconfig /lab/admin.conf get nodes ")
        .endsWith(NETWORKS);
    assertThat(kubectl.tried("get", "nodes").output()).endsWith(NETWORKS);
    ProcessBuilder builder = kubectl.builder(List.of("get", "nodes"));
    assertThat(builder.environment().get("NO_PROXY") + "\n").endsWith(NETWORKS);
    assertThat(builder.command()).endsWith("get", "nodes");
  }
}
