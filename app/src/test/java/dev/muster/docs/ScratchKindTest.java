package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
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

  @TempDir Path folder;

  @Test
  void aKindIsItsOwnFilesAndALineOnEachSide() throws Exception {
    Map<String, String> seen =
        new Scratch(folder)
            .files("ClockJump", "ClockJumpOnCluster", "Seen")
            .changed(
                FAULT_KIND, list -> list.replaceFirst("(permits [^{]*) \\{", "$1, ClockJump {"))
            .changed(
                DEED_SPEC,
                deeds ->
                    deeds.replaceFirst(
                        "}\\s*$", "  record ClockJump(Duration by) implements DeedSpec {}\n}\n"))
            .service(
                "dev.muster.cluster.fault.OnCluster", "dev.muster.cluster.kind.ClockJumpOnCluster")
            .seen("dev.muster.cluster.kind.Seen");

    assertThat(seen.get("schema"))
        .isEqualTo("{\"$ref\":\"#/$defs/duration\",\"description\":\"how far it is set\"}");
    assertThat(seen.get("words of the schema")).endsWith(",\"ClockJump\"]");
    assertThat(seen.get("help"))
        .startsWith(
            "KindFacts[name=ClockJump, meaning=the node's clock is set forward, takes=nodes,"
                + " agent=true")
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
}
