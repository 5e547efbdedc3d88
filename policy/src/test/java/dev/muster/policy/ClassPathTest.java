package dev.muster.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the enforcer's module gives it: all that it imports, and nothing of Muster. */
class ClassPathTest {
  private static final List<String> PATH =
      List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));

  @Test
  void allThatItImportsIsThere() {
    String own =
        PATH.stream().filter(e -> e.endsWith("/policy/target/classes")).findFirst().orElseThrow();
    var told = new StringWriter();
    var out = new PrintWriter(told);
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                out,
                out,
                "--multi-release",
                "25",
                "--missing-deps",
                "--class-path",
                String.join(File.pathSeparator, PATH.stream().filter(e -> !e.equals(own)).toList()),
                own);
    assertThat(code).as(told.toString()).isZero();
    assertThat(told.toString()).doesNotContain("not found");
  }

  @Test
  void nothingOfMusterIs() {
    for (String name :
        List.of("dev.muster.drill.Drill", "dev.muster.lab.Lab", "dev.muster.wire.DeedSpec")) {
      assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }
  }
}
