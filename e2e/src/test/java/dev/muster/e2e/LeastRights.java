package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An account with no rights but those that {@code muster rbac} prints for a drill. */
record LeastRights(KillingLab lab, Path home) {
  private static final String ACCOUNT = "driller";
  private static final String USER = "system:serviceaccount:default:" + ACCOUNT;

  void sufficeAndLessIsRefused() throws IOException {
    Muster muster = new Muster(home.resolve("rights"));
    Path drill = lab.drill("kind: CpuStress, load: 50, workers: 1");
    String[] run = {"run", drill.toString(), "--kubeconfig", kubeconfig().toString()};

    Muster.Ended refused = muster.run(Duration.ofMinutes(1), run);
    assertThat(refused.exit()).as(refused.endFirst()).isEqualTo(69);
    assertThat(refused.output()).contains("nothing was touched").contains("no permission to");

    grant(muster.run(Duration.ofMinutes(1), "rbac", drill.toString()).output());
    Muster.Ended ended = muster.run(Duration.ofMinutes(3), run);
    // inconclusive: nothing is known of clients
    assertThat(ended.exit()).as(ended.endFirst()).isIn(0, 2);
    assertThat(Muster.finding(muster.report(), "residue").path("status").asString())
        .as(ended.endFirst())
        .isEqualTo("pass");
  }

  /** As the user is told: the roles applied, and bound by the commands above them. */
  private void grant(String roles) throws IOException {
    lab.kubectl("apply", "-f", Files.writeString(home.resolve("roles.yaml"), roles).toString());
    List<String> commands = roles.lines().filter(l -> l.startsWith("#   kubectl ")).toList();
    assertThat(commands).isNotEmpty();
    for (String command : commands) {
      lab.kubectl(command.substring("#   kubectl ".length()).replace("USER", USER).split(" ", -1));
    }
  }

  private Path kubeconfig() throws IOException {
    lab.kubectl("create", "serviceaccount", ACCOUNT);
    String token = lab.kubectl("create", "token", ACCOUNT);
    Path file = Files.copy(lab.kubeconfig(), home.resolve("driller.conf"));
    String own = "--kubeconfig=" + file;
    lab.kubectl(own, "config", "set-credentials", ACCOUNT, "--token=" + token);
    lab.kubectl(own, "config", "set-context", "--current", "--user=" + ACCOUNT);
    return file;
  }
}
