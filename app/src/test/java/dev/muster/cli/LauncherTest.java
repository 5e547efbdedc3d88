package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with a Java that is a script. */
@Timeout(60)
class LauncherTest {
  @TempDir Path folder;

  @BeforeEach
  void tree() throws IOException {
    Files.copy(Path.of("../muster"), folder.resolve("muster"));
    Files.createDirectory(folder.resolve("dist"));
    Files.copy(Path.of("../dist/start.sh"), folder.resolve("dist/start.sh"));
    Files.writeString(folder.resolve("pom.xml"), "");
    Files.createDirectories(folder.resolve("core/src/main"));
    Files.writeString(folder.resolve("core/pom.xml"), "");
    for (String made : new String[] {"lib", "deepseek", "logstore", "agent", "load"}) {
      Files.createDirectories(folder.resolve("target").resolve(made));
    }
    Files.writeString(folder.resolve("target/.built"), "");
    Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    script("javac", "exit 0");
  }

  private void script(String name, String text) throws IOException {
    program(folder.resolve("jdk/bin").resolve(name), text);
  }

  private String output = "";

  /** Null: the launcher itself. */
  private @Nullable Path started;

  private String locale = "C";
  private Map<String, String> proxies = Map.of();

  private int muster(String... arguments) throws IOException, InterruptedException {
    var words = new ArrayList<String>();
    words.add("sh");
    words.add((started == null ? folder.resolve("muster") : started).toString());
    words.addAll(List.of(arguments));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("LC_ALL", locale);
    for (String variable : List.of("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")) {
      builder.environment().remove(variable);
      builder.environment().remove(variable.toLowerCase(Locale.ROOT));
    }
    builder.environment().putAll(proxies);
    if (Files.isDirectory(folder.resolve("bin"))) {
      builder.environment().put("PATH", folder.resolve("bin").toString());
    }
    Process process = builder.start();
    output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void theVerdictIsJavas() throws Exception {
    for (int code : new int[] {0, 1, 2, 64, 70}) {
      script("java", "[ \"$1\" = --dry-run ] || { echo \"$*\"; exit %d; }".formatted(code));
      assertThat(muster("runs", "show", "a b")).as(output).isEqualTo(code);
      assertThat(output).endsWith("dev.muster.cli.Main runs show a b\n");
    }
  }

  /** A lab's networks may be those of a user's own cluster, behind the user's proxy. */
  @Test
  void theUsersProxiesAreLeftAsTheyAre() throws Exception {
    script("java", "[ \"$1\" = --dry-run ] || echo \"<$NO_PROXY> <$no_proxy>\"");
    proxies = Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", "a.example");
    muster("run", "drill.yaml", "--context", "mine");
    assertThat(output).isEqualTo("<> <a.example>\n");
  }

  @Test
  void aJavaThatDoesNotStartIsNoVerdict() throws Exception {
    script("java", "echo 'Error: Could not create the Java Virtual Machine.' >&2; exit 1");
    assertThat(muster("--version")).isEqualTo(70);
    assertThat(output).contains("Error: Could not create");
    assertThat(muster("runs")).isEqualTo(70);
    assertThat(output).contains("muster: Java does not start: Error: Could not create");
  }

  /** An empty entry of a class path is the folder one stands in. */
  @Test
  void javaIsGivenEveryJarByNameAndTheCacheOfAStartWhereOneWasMade() throws Exception {
    Path lib = folder.resolve("target/lib");
    Files.writeString(lib.resolve("b.jar"), "");
    Files.writeString(lib.resolve("A.jar"), "");
    script("java", "[ \"$1\" = --dry-run ] || { echo \"$*\"; exit 0; }");
    muster("runs");
    assertThat(output).contains("-cp %1$s/A.jar:%1$s/b.jar ".formatted(lib.toRealPath()));
    assertThat(output).doesNotContain("AOTCache");
    Files.writeString(folder.resolve("target/start.aot"), "");
    muster("runs");
    assertThat(output).contains("-XX:AOTCache=" + lib.toRealPath() + "/../start.aot ");
  }

  @Test
  void whatFailsBeforeJavaIsNoVerdict() throws Exception {
    Files.delete(folder.resolve("target/.built"));
    Files.move(folder.resolve("target"), folder.resolve("aside"));
    Files.writeString(folder.resolve("target"), "no folder");
    assertThat(muster("--no-install", "runs")).as(output).isEqualTo(69);
    assertThat(output).contains("can not write " + folder.toRealPath() + "/target");
  }

  /** A system with what POSIX has, and no more: neither Maven nor flock nor apt-get. */
  private void otherSystem() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    String names = "sh cat chmod cp dirname find head id mkdir mv readlink rm sed sleep tail touch";
    for (String name : names.split(" ", -1)) {
      Path program = Path.of("/usr/bin", name);
      program(
          bin.resolve(name),
          "exec %s \"$@\"\n".formatted(Files.exists(program) ? program : "/bin/" + name));
    }
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void maven(String text) throws IOException {
    program(folder.resolve("bin/mvn"), text);
  }

  @Test
  void withoutMavenNobodyIsSentToAptWhereThereIsNone() throws Exception {
    otherSystem();
    Files.delete(folder.resolve("target/.built"));
    assertThat(muster("runs")).as(output).isEqualTo(69);
    assertThat(output).contains("missing: maven").doesNotContain("apt-get");
  }

  /** Empty jars, by the names of those of this very class path. */
  private void mavenThatBuilds() throws IOException {
    Files.delete(folder.resolve("target/.built"));
    Files.writeString(folder.resolve("pom.xml"), "<project>\n  <version>1</version>\n");
    String jars =
        classPath()
            .map(entry -> entry.getFileName().toString())
            .filter(name -> name.endsWith(".jar"))
            .collect(Collectors.joining(" "));
    maven(
        """
        for module in wire agent policy core fault load cluster lab deepseek logstore app; do
          mkdir -p $module/target/dependency && touch $module/target/$module-1.jar
        done
        cd app/target/dependency
        touch %s
        """
            .formatted(jars));
  }

  private static Stream<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of);
  }

  /** Where a jar of a built tree is in this class path: those of our own have no number there. */
  private static String onClassPath(String jar) {
    String module = jar.replace(".jar", "");
    return classPath()
        .map(Path::toString)
        .filter(entry ->
            entry.endsWith("/" + jar)
                || entry.endsWith("/" + module + "/target/classes")
                || entry.matches(".*/%1$s/.*%1$s-[0-9][^/]*\\.jar".formatted(module)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(jar));
  }

  private static Stream<String> jdeps(String option, List<String> jars) {
    var arguments = new ArrayList<>(List.of("--multi-release", "25", option));
    arguments.addAll(jars);
    var told = new StringWriter();
    var out = new PrintWriter(told);
    ToolProvider.findFirst("jdeps").orElseThrow().run(out, out, arguments.toArray(String[]::new));
    return told.toString().lines().map(String::strip);
  }

  private static List<String> withoutAnnotations(List<String> jars) {
    return Stream.concat(Stream.of("--ignore-missing-deps"), jars.stream()).toList();
  }

  /** What it lacked would be missed in the pod, on a node that shall be disturbed. */
  @Test
  void theAgentsImageHasAllThatTheAgentImportsAndNothingOfCore() throws Exception {
    otherSystem();
    mavenThatBuilds();
    script("java", "exit 0");
    assertThat(muster("runs")).as(output).isZero();
    List<String> names;
    try (Stream<Path> files = Files.list(folder.resolve("target/agent"))) {
      names = files.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(names)
        .contains("agent.jar")
        .allMatch(name -> name.matches("(agent|wire)\\.jar|jackson-core-3[0-9.]*\\.jar"));
    List<String> jars = names.stream().map(LauncherTest::onClassPath).toList();
    // annotations are for the compiler
    assertThat(jdeps("--missing-deps", jars))
        .filteredOn(line -> line.endsWith("not found") && line.startsWith("dev.muster."))
        .allMatch(line -> line.contains("-> org.jspecify.annotations."));

    String images = Files.readString(Path.of("../images/images.yaml"));
    Matcher runtime = Pattern.compile("(?m)^ {2}jre: \\[(.*)]$").matcher(images);
    assertThat(runtime.find()).isTrue();
    List<String> modules = List.of(runtime.group(1).split(", ", -1));
    assertThat(jdeps("--print-module-deps", withoutAnnotations(jars)))
        .singleElement()
        .satisfies(line -> assertThat(modules).contains(line.split(",", -1)));
  }

  /** The lock of a builder that was killed is there as well. */
  @Test
  void aSystemWithoutFlockBuildsAndRuns() throws Exception {
    otherSystem();
    mavenThatBuilds();
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Path lock = Files.createDirectories(folder.resolve("target/.lock.d"));
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
    script("java", "[ \"$1\" = --dry-run ] || { echo \"$*\"; exit 1; }");
    assertThat(muster("run", "drill.yaml", "--context", "mine")).as(output).isEqualTo(1);
    assertThat(output).contains("building Muster").endsWith("Main run drill.yaml --context mine\n");
    assertThat(folder.resolve("target/lib/core.jar")).exists();
    assertThat(folder.resolve("target/agent")).isDirectoryContaining("glob:**jackson-core*");
    assertThat(folder.resolve("target/load")).isDirectoryContaining("glob:**load.jar");
    assertThat(lock).doesNotExist();
    assertThat(muster("runs")).isEqualTo(1);
    assertThat(output).doesNotContain("building");
  }

  /** A start is no build of somebody who develops: it formats nothing and installs nothing. */
  @Test
  void aStartBuildsWithoutFormattingAndWithoutTheUsersRepository() throws Exception {
    otherSystem();
    Files.delete(folder.resolve("target/.built"));
    maven("echo \"asked: $*\"; exit 1");
    assertThat(muster("runs")).as(output).isEqualTo(70);
    var asked =
        List.of(
            output
                .lines()
                .filter(l -> l.startsWith("asked: "))
                .findFirst()
                .orElseThrow()
                .split(" "));
    assertThat(asked).contains("package", "-Dspotless.skip").doesNotContain("install");
  }

  @Test
  void aBuildThatFailsIsNoVerdictAndLeavesNoLock() throws Exception {
    otherSystem();
    Files.delete(folder.resolve("target/.built"));
    for (int code : new int[] {1, 2}) {
      maven("echo broken; exit " + code);
      assertThat(muster("runs")).as(output).isEqualTo(70);
      assertThat(output).contains("broken", "the build failed");
      assertThat(folder.resolve("target/.lock.d")).doesNotExist();
    }
  }

  @Test
  void aNameThatIsNotAsciiIsTakenInEveryLocale() throws Exception {
    script("java", "[ \"$1\" = --dry-run ] || { echo \"$LC_ALL\"; exit 0; }");
    locale = "C";
    assertThat(muster("validate", "演练.yaml")).isZero();
    assertThat(output).isEqualTo("C.UTF-8\n");
    locale = "C.UTF-8";
    assertThat(muster("validate", "演练.yaml")).isZero();
    assertThat(output).isEqualTo("C.UTF-8\n");
  }

  /** As a service of one's own without its cluster: before half a gigabyte is fetched for it. */
  @Test
  void aDrillThatIsRefusedInstallsNothing() throws Exception {
    assumeTrue(Files.exists(Path.of("/etc/debian_version")));
    otherSystem();
    program(folder.resolve("bin/id"), "echo 0");
    program(folder.resolve("bin/dpkg-query"), "exit 1");
    program(folder.resolve("bin/apt-get"), "echo \"$*\" >>'" + folder + "/installed'");
    String java =
        "[ \"$1\" != --dry-run ] || exit 0; for last; do :; done;"
            + " [ $last != --dry-run ] || { echo told; exit %d; }; echo ran";
    Path drill = Files.writeString(folder.resolve("d.yaml"), "");
    script("java", java.formatted(64));
    assertThat(muster("run", drill.toString())).as(output).isEqualTo(64);
    assertThat(output).isEqualTo("told\n");
    assertThat(folder.resolve("installed")).doesNotExist();
    script("java", java.formatted(0));
    assertThat(muster("run", drill.toString())).as(output).isZero();
    assertThat(folder.resolve("installed")).content().contains("install -y");
    assertThat(output).endsWith("ran\n");
  }

  @Test
  void aLinkToTheLauncherIsTheLauncher() throws Exception {
    script("java", "[ \"$1\" = --dry-run ] || { echo \"$*\"; exit 0; }");
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../muster"));
    Files.createSymbolicLink(elsewhere.resolve("muster"), Path.of("link"));
    started = elsewhere.resolve("muster");
    assertThat(muster("runs")).as(output).isZero();
    assertThat(output).contains("-Dmuster.dist=" + folder.toRealPath() + " ");
  }
}
