package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kind of fault is added to Muster as ARCHITECTURE.md says: its two files and a line on each side
 * of the wire. Schema, help, reader, rules, plan, roles and the choice of who does it then know it.
 */
class ScratchKindTest {
  private static final String FAULT_KIND =
      "core/src/main/java/dev/muster/drill/kind/FaultKind.java";
  private static final String DEED_SPEC = "wire/src/main/java/dev/muster/wire/DeedSpec.java";
  private static final String SERVICES = "META-INF/services/dev.muster.cluster.fault.OnCluster";

  @TempDir Path folder;

  @Test
  void aKindIsItsOwnFilesAndALineOnEachSide() throws Exception {
    Map<String, String> seen = seen();

    assertThat(seen.get("schema"))
        .isEqualTo("{\"$ref\":\"#/$defs/duration\",\"description\":\"how far it is set\"}");
    assertThat(seen.get("words of the schema")).endsWith(",\"LlmFault\",\"ClockJump\"]");
    assertThat(seen.get("help"))
        .startsWith(
            "KindFacts[name=ClockJump, meaning=the node's clock is set forward, takes=nodes, agent=true")
        .contains("path=by", "meaning=how far it is set, required=true");
    assertThat(seen.get("read")).isEqualTo("ClockJump[by=PT2M]");
    assertThat(seen.get("plan")).isEqualTo("[by 2m]");
    assertThat(seen.get("lacks")).contains("lacks \"by\", which ClockJump needs");
    assertThat(seen.get("foreign"))
        .contains("ClockJump takes no \"loss\"; it takes by, duration, ttl");
    assertThat(seen.get("none")).contains("a jump of 0s is none");
    assertThat(seen.get("short")).contains("nobody could see ClockJump in that time");
    assertThat(seen.get("roles")).contains("componentstatuses");
    assertThat(seen.get("told")).isEqualTo("ClockJump[by=PT2M]");
    assertThat(seen.get("unseen")).isEqualTo("true");
  }

  private Map<String, String> seen() throws Exception {
    Path out = compiled();
    Files.createDirectories(out.resolve(SERVICES).getParent());
    Files.writeString(out.resolve(SERVICES), "dev.muster.cluster.kind.ClockJumpOnCluster\n");
    List<URL> all = new ArrayList<>(List.of(url(out)));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      all.add(url(Path.of(entry)));
    }
    try (URLClassLoader loader =
        new URLClassLoader(all.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Object made =
          loader.loadClass("dev.muster.cluster.kind.Seen").getDeclaredConstructor().newInstance();
      @SuppressWarnings("unchecked")
      Callable<Map<String, String>> seen = (Callable<Map<String, String>>) made;
      ClassLoader before = Thread.currentThread().getContextClassLoader();
      Thread.currentThread().setContextClassLoader(loader);
      try {
        return seen.call();
      } finally {
        Thread.currentThread().setContextClassLoader(before);
      }
    }
  }

  private static URL url(Path path) throws MalformedURLException {
    return path.toUri().toURL();
  }

  /** Their files, and the list of kinds with one more. */
  private Path compiled() throws IOException {
    Path list = folder.resolve("FaultKind.java");
    String shipped = Tree.read(FAULT_KIND);
    Files.writeString(list, shipped.replace("        LlmFault {", "        LlmFault, ClockJump {"));
    assertThat(list).content().contains("LlmFault, ClockJump");
    Path deeds = folder.resolve("DeedSpec.java");
    Files.writeString(
        deeds,
        Tree.read(DEED_SPEC)
            .replaceFirst("}\\s*$", "  record ClockJump(Duration by) implements DeedSpec {}\n}\n"));
    Path out = Files.createDirectory(folder.resolve("classes"));
    List<String> files =
        Stream.of("ClockJump", "ClockJumpOnCluster", "Seen")
            .map(name -> "/scratch/" + name + ".java")
            .map(ScratchKindTest.class::getResource)
            .map(resource -> Path.of(Objects.requireNonNull(resource).getPath()).toString())
            .toList();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                out.toString(),
                list.toString(),
                deeds.toString()));
    arguments.addAll(files);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    return out;
  }
}
