package dev.muster.engine.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.home.Home;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundleSource;
import dev.muster.lab.node.LabSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SitesTest {
  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();

  /** As far as a lab can be told from its folder: complete, and its only node is off. */
  private Home home(PackedLab packed) throws IOException {
    var home = new Home(folder.resolve("home"), folder.resolve("cache"), packed.dist());
    Path lab = Files.createDirectories(home.labs().resolve("default"));
    Files.writeString(
        lab.resolve("state.json"),
        """
        {"name": "default", "index": 0, "kubernetes": "1.37.2", "complete": true,
         "owner": {"pid": 1, "start": 1}, "settings": {}, "processes": {},
         "nodes": [{"number": 1, "name": "node-1", "zone": "a", "address": "10.0.0.1", "pods": "10.1.0.0/24"}]}
        """);
    return home;
  }

  /**
   * One that came up without monitoring lacks its images: pods of the chart would wait for ever.
   */
  @Test
  void aLabThatIsUpGetsTheImagesThatItLacks() throws IOException {
    PackedLab packed = PackedLab.in(folder, Bundle.architecture());
    Home home = home(packed);
    var bundle = new Bundle(BundleSource.of(packed.bundle().toString()), null, told::add);
    var wanted = LabSpec.of("default", "1.37", 4, List.of("a"), Map.of());
    try (Sites sites = new Sites(home, told::add, new LabArtifacts(home, told::add, bundle))) {
      Sites.Hosted hosted = sites.lab(wanted, null, true, true, false);
      assertThat(hosted.started()).isFalse();
    }
    assertThat(told)
        .containsSubsequence(
            "using lab default, which is up already", "node-1 is off: not loaded there");
  }
}
