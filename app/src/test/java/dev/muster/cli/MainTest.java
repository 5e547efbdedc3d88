package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.home.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a user's own mistake gets: a message that helps, a documented exit code, no stack trace. */
class MainTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: "http://127.0.0.1:1"}
      load: {arrivals: {constant: 1/s}, baseline: 5s}
      faults: [{kind: NodeShutdown, duration: 30s, ttl: 1m}]
      expect: {detected: {within: 60s}}
      """;

  private static final String POWER =
      "power: {off: [x, '{{node}}'], on: [x, '{{node}}'], state: [x, '{{node}}']}\n";

  /** Set for all tests of this module: never the user's own. */
  private static final Path HOME = Path.of(System.getenv("MUSTER_HOME"));

  @TempDir Path folder;

  private static Ended muster(String... arguments) {
    return Ended.of(arguments);
  }

  @Test
  void theVersionIsTheJars() {
    var out = new StringWriter();
    assertThat(Main.line().setOut(new PrintWriter(out)).execute("--version")).isZero();
    assertThat(out).hasToString("muster " + Version.number() + System.lineSeparator());
  }

  @Test
  void aDrillThatIsNotThere() {
    Ended ended = muster("run", folder.resolve("none.yaml").toString());
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("none.yaml").contains("drills/");
    for (String command : new String[] {"run", "rbac", "convert"}) {
      ended = muster(command, folder.toString());
      assertThat(ended.exit()).as(command).isEqualTo(64);
      assertThat(ended.errors()).as(command).contains(folder + ": is a folder");
    }
  }

  @Test
  void aChaosMeshFileThatADrillCanNotHonourIsRefusedAtItsField() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            apiVersion: chaos-mesh.org/v1alpha1
            kind: PodChaos
            metadata: {name: fail, namespace: llm}
            spec: {action: pod-failure, mode: one, selector: {}, duration: 30s}
            """);
    for (String command : new String[] {"convert", "run"}) {
      Ended ended = muster(command, file.toString());
      assertThat(ended.exit()).isEqualTo(64);
      assertThat(ended.errors()).contains("c.yaml:4:16: \"action\" is refused");
    }
  }

  @Test
  void aMisspeltFieldIsToldWithItsPlaceAndTheRightWord() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL.replace("expect", "expects"));
    Ended ended = muster("run", drill.toString());
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("d.yaml:7:1").contains("did you mean \"expect\"?");
  }

  /** Before anything is installed or compiled for a lab in which the service would not be. */
  @Test
  void aServiceOfOnesOwnWithoutItsCluster() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL + POWER);
    for (String[] options :
        new String[][] {
          {}, {"--dry-run"}, {"--keep-lab"}, {"--lab", "none"}, {"--lab", "none", "--dry-run"}
        }) {
      List<String> words = new ArrayList<>(List.of("run", drill.toString()));
      words.addAll(List.of(options));
      Ended ended = muster(words.toArray(String[]::new));
      assertThat(ended.exit()).as(ended.errors()).isEqualTo(64);
      assertThat(ended.errors()).contains("http://127.0.0.1:1", "--context NAME", "'deploy'");
    }
    assertThat(HOME.resolve("labs")).doesNotExist();
  }

  @Test
  void aKubeconfigThatIsNotThere() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL + POWER);
    Path none = folder.resolve("none.conf");
    Ended ended = muster("run", drill.toString(), "--kubeconfig", none.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("none.conf");
  }

  @Test
  void aClusterThatDoesNotAnswer() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL + POWER);
    Path config =
        Files.writeString(
            folder.resolve("dead.conf"),
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {}}]
            current-context: c
            """);
    Ended ended = muster("run", drill.toString(), "--kubeconfig", config.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("127.0.0.1:1");
    Path runs = HOME.resolve("runs");
    assertThat(runs.toFile().list()).as("a refused run leaves no folder").isEmpty();
  }

  @Test
  void aPowerFaultWithoutPower() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL);
    Path config = Files.writeString(folder.resolve("any.conf"), "apiVersion: v1\nkind: Config\n");
    Ended ended = muster("run", drill.toString(), "--kubeconfig", config.toString());
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("power");
  }

  @Test
  void theContextIsOfTheKubeconfigThatWasGiven() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL + POWER);
    Path config =
        Files.writeString(
            folder.resolve("two.conf"),
            """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: a, cluster: {server: "https://127.0.0.1:1"}}
            - {name: b, cluster: {server: "https://127.0.0.1:2"}}
            contexts:
            - {name: a, context: {cluster: a, user: u}}
            - {name: b, context: {cluster: b, user: u}}
            users: [{name: u, user: {}}]
            current-context: a
            """);
    Ended ended =
        muster("run", drill.toString(), "--kubeconfig", config.toString(), "--context", "b");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("https://127.0.0.1:2").contains("nobody listens");
    ended = muster("run", drill.toString(), "--kubeconfig", config.toString(), "--context", "c");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("no context c").contains("[a, b]");
  }

  @Test
  void aFileThatIsNoKubeconfig() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL + POWER);
    Path config = Files.writeString(folder.resolve("bad.conf"), "apiVersion: [v1\nkind: {");
    Ended ended = muster("run", drill.toString(), "--kubeconfig", config.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("bad.conf is no kubeconfig: line 2, column 5: ");
    ended = muster("run", drill.toString(), "--kubeconfig", drill.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("d.yaml is no kubeconfig: ").contains("\"Drill\"");
  }

  @Test
  void noAddressIsMadeUpWhereTheKubeconfigHasNone() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL + POWER);
    Path config = Files.writeString(folder.resolve("any.conf"), "apiVersion: v1\nkind: Config\n");
    for (String command : new String[] {"run", "cleanup"}) {
      Ended ended =
          command.equals("run")
              ? muster("run", drill.toString(), "--kubeconfig", config.toString())
              : muster("cleanup", "--kubeconfig", config.toString());
      assertThat(ended.exit()).isEqualTo(69);
      assertThat(ended.errors()).contains("any.conf: it has no current-context");
    }
  }

  @Test
  void aLabsNameCanNotLeadElsewhere() throws IOException {
    Path victim = Files.createDirectories(HOME.resolve("victim"));
    for (String name : new String[] {"../victim", "", "*", "BAD!"}) {
      Ended ended = muster("lab", "down", "--name", name);
      assertThat(ended.exit()).as(name).isEqualTo(64);
      assertThat(ended.errors()).contains("lab name '" + name + "'");
    }
    assertThat(victim).isDirectory();
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL);
    assertThat(muster("run", drill.toString(), "--nodes", "1").exit()).isEqualTo(64);
    assertThat(muster("run", drill.toString(), "--lab", "../x").exit()).isEqualTo(64);
  }

  @Test
  void oneUnreadableRunDoesNotKeepCleanupFromTheOthers() throws IOException {
    Path runs = HOME.resolve("runs");
    try {
      Path bad = Files.createDirectories(runs.resolve("20260101-000000-bad"));
      Files.writeString(bad.resolve("timeline.jsonl"), "rubbish\n{}\n");
      Path killed = Files.createDirectories(runs.resolve("20260101-000001-killed"));
      Files.writeString(killed.resolve("timeline.jsonl"), "");
      Files.writeString(killed.resolve("drill.yaml"), DRILL);
      Files.writeString(killed.resolve("site.properties"), "lab=gone\nlab.started=true\n");
      assertThat(muster("cleanup").exit()).isEqualTo(69);
      assertThat(killed.resolve("timeline.jsonl")).content().contains("RunEnded");
    } finally {
      for (Path run : dev.muster.lab.Lab.names(runs).stream().map(runs::resolve).toList()) {
        new dev.muster.engine.home.RunFolder(run).discard();
      }
    }
  }

  @Test
  void optionsOfTheLabAreNotForForeignClusters() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL);
    Ended ended = muster("run", drill.toString(), "--kubeconfig", "x", "--kubernetes", "1.26");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("--kubernetes");
  }

  @Test
  void aDryRunRefusesWhatARunWould() throws IOException {
    String drill =
        Files.writeString(
                folder.resolve("d.yaml"), DRILL.replace("\"http://127.0.0.1:1\"", "ingress"))
            .toString();
    String config =
        Files.writeString(folder.resolve("any.conf"), "apiVersion: v1\nkind: Config\n").toString();
    assertThat(planned(drill, "--kubernetes", "abc").errors()).contains("no recipe", "abc");
    assertThat(planned(drill, "--nodes", "1").errors()).contains("2 to 9 nodes");
    assertThat(planned(drill, "--nodes", "50").errors()).contains("2 to 9 nodes");
    assertThat(planned(drill, "--lab", "../x").errors()).contains("lab name");
    assertThat(planned(drill, "--binaries", folder + "/none").errors()).contains("kube-apiserver");
    assertThat(planned(drill, "--lab", "x", "--kubeconfig", config).errors()).contains("--lab");
    assertThat(planned(drill, "--kubeconfig", config).errors()).contains("'power' commands");
  }

  private static Ended planned(String drill, String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--dry-run", drill));
    words.addAll(List.of(options));
    Ended ended = muster(words.toArray(String[]::new));
    assertThat(ended.exit()).as(words.toString()).isEqualTo(64);
    assertThat(ended.output()).isEmpty();
    return ended;
  }

  @Test
  void aPlanIsForPeopleOrForPrograms() throws IOException {
    String inTheLab = DRILL.replace("\"http://127.0.0.1:1\"", "ingress");
    String drill = Files.writeString(folder.resolve("d.yaml"), inTheLab).toString();
    Ended text = muster("run", "--dry-run", drill, "--lab", "none");
    assertThat(text.exit()).isZero();
    assertThat(text.output()).contains("NodeShutdown", "victims: not known");
    assertThat(muster("run", "--dry-run", drill, "--lab", "none", "--quiet").output()).isEmpty();
    Ended json = muster("run", "--dry-run", drill, "--lab", "none", "--output", "json");
    var plan = new JsonMapper().readTree(json.output());
    assertThat(plan.path("steps").toString()).contains("NodeShutdown");
    assertThat(plan.path("victims").isNull()).isTrue();
    assertThat(plan.path("notes").isArray()).isTrue();
    assertThat(plan.path("refusals").isArray()).isTrue();
  }

  @Test
  void aCommandThatIsOnlyAGroupShowsWhatIsInIt() {
    for (String group : new String[] {"", "lab", "images"}) {
      Ended ended = group.isEmpty() ? muster() : muster(group);
      assertThat(ended.exit()).as(group).isEqualTo(64);
      assertThat(ended.output()).as(group).isEmpty();
      assertThat(ended.errors()).as(group).contains("Usage: muster", "Commands:");
    }
    assertThat(muster("lab", "up", "--nodes", "x").errors()).contains("--nodes").contains("Try '");
  }

  @Test
  void whoWantsAListOfRunsIsToldHow() {
    Ended ended = muster("runs", "list");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("'muster runs' alone lists them");
  }

  @Test
  void anUnknownCommandOrOption() {
    assertThat(muster("rnu").exit()).isEqualTo(64);
    assertThat(muster("run", "--kepe-lab", "x").exit()).isEqualTo(64);
  }

  @Test
  void aHomeThatIsAFileIsNotTakenForAnEmptyOne() throws IOException {
    Path drill = Files.writeString(folder.resolve("d.yaml"), DRILL);
    Path aside = HOME.resolveSibling("home.aside");
    Files.createDirectories(HOME);
    Files.move(HOME, aside);
    try {
      Files.writeString(HOME, "");
      for (String command :
          List.of(
              "cleanup --dry-run",
              "runs",
              "runs table",
              "runs show latest",
              "report latest",
              "stop",
              "resume latest",
              "lab status",
              "lab down",
              "run " + drill,
              "run --dry-run " + drill)) {
        Ended ended = muster(command.split(" ", -1));
        assertThat(ended.exit()).as(command).isEqualTo(69);
        assertThat(ended.output()).as(command).isEmpty();
        assertThat(ended.errors())
            .as(command)
            .containsOnlyOnce(HOME.toString())
            .contains("MUSTER_HOME");
      }
    } finally {
      Files.delete(HOME);
      Files.move(aside, HOME);
    }
  }
}
