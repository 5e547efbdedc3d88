package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A check is added to Muster as ARCHITECTURE.md says: itself, its words, and the line by which it
 * is found. No file that is shipped is compiled anew. Schema, help, reader, rules, verdict and
 * report then know it.
 */
class ScratchCheckTest {
  private static final String LINES = "META-INF/services/dev.muster.drill.expect.Judge";

  @TempDir Path folder;

  @Test
  void aCheckIsItsOwnFilesAndALine() throws Exception {
    String check = "dev.muster.verdict.check.record.LastingCheck";
    Map<String, String> seen =
        new Scratch(folder)
            .files("check/LastingCheck", "check/Seen")
            .resource(
                check.replace('.', '/') + ".yaml",
                Tree.read("app/src/test/resources/scratch/check/LastingCheck.yaml"))
            .resource(LINES, Tree.read("core/src/main/resources/" + LINES) + check + "\n")
            .seen("dev.muster.report.Seen");

    assertThat(seen.get("schema"))
        .isEqualTo(
            "{\"description\":\"the run was over so soon\",\"type\":\"object\","
                + "\"additionalProperties\":false,\"required\":[\"within\"],\"properties\":{\"within\":"
                + "{\"$ref\":\"#/$defs/duration\",\"description\":\"a duration such as 60s\"}}}");
    assertThat(seen.get("help"))
        .startsWith("expect.lasting: a mapping\nthe run was over so soon\n")
        .contains("within  a duration such as 60s (required)");
    assertThat(seen.get("order")).endsWith(", lasting]");
    assertThat(seen.get("read")).isEqualTo("{lasting/within=PT20S}");
    assertThat(seen.get("none")).contains("nothing happens within 0s");
    assertThat(seen.get("long")).contains("nothing could exceed it");
    assertThat(seen.get("own")).contains("a run takes longer than 1s");
    assertThat(seen.get("wrong")).contains("expect.lasting.within: \"soon\" is not a duration");
    assertThat(seen.get("finding")).isEqualTo("FAIL the run took 30 s");
    assertThat(seen.get("unasked")).isEqualTo("[]");
    assertThat(seen.get("en")).isEqualTo("Length of the run: the run took 30 s");
    assertThat(seen.get("zh")).isEqualTo("演练时长: 演练历时 30 秒");
  }
}
