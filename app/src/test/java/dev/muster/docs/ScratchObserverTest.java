package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An observer is added to Muster as ARCHITECTURE.md says: its room, its other side, and a line for
 * each. Schema, help, reader, rules and roles then know it, and it begins with a drill that names
 * it.
 */
class ScratchObserverTest {
  private static final String WATCHER = "core/src/main/java/dev/muster/drill/observer/Watcher.java";

  @TempDir Path folder;

  @Test
  void anObserverIsItsRoomAndItsOtherSideAndALineForEach() throws Exception {
    Map<String, String> seen =
        new Scratch(folder)
            .files("Jaeger", "JaegerObserver", "ObserverSeen")
            .changed(WATCHER, list -> list.replaceFirst("(permits [^{]*) \\{", "$1, Jaeger {"))
            .service(
                "dev.muster.cluster.fault.ObserverOnCluster",
                "dev.muster.observe.data.JaegerObserver$OnCluster")
            .seen("dev.muster.observe.data.ObserverSeen");

    assertThat(seen.get("schema"))
        .contains("\"place\":{\"$ref\":\"#/$defs/watcher\"", "\"required\":[\"place\"]")
        .endsWith("\"description\":\"who keeps spans\"}");
    assertThat(seen.get("help"))
        .contains("path=observe.jaeger", "meaning=who keeps spans", "path=place", "required=true");
    assertThat(seen.get("read")).isEqualTo("[Jaeger[place=service/m/jaeger:16686, service=api]]");
    assertThat(seen.get("lacks")).contains("observe.jaeger lacks \"place\"");
    assertThat(seen.get("unknown")).contains("unknown field \"colour\" in observe.jaeger");
    assertThat(seen.get("address")).contains("port 0 is none");
    assertThat(seen.get("roles")).contains("jaeger:16686");
    assertThat(seen.get("begun")).isEqualTo("[began api]");
    assertThat(seen.get("unnamed")).isEqualTo("[]");
  }
}
