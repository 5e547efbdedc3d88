package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.lab.build.ImagePush;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesCommandTest {
  @ParameterizedTest
  @CsvSource({
    "muster.dev/deepseek:1, image",
    "muster.dev/etcd:3.4, etcd.image",
    "muster.dev/opensearch:1, opensearch.image",
    "muster.dev/rsyslog:1, shipper.image"
  })
  void anImageIsSaidAsTheValueOfItsChart(String name, String value) {
    assertThat(ImagesCommand.use(name, new ImagePush.Pushed("r.example/x", "t1", "sha256:0a")))
        .isEqualTo(
            "--set %s.repository=r.example/x --set-string %s.tag=t1  # sha256:0a"
                .formatted(value, value));
  }

  @Test
  void theAgentsPlaceIsForTheDrill() {
    var pushed = new ImagePush.Pushed("r.example/a", "t1", "sha256:0a");
    assertThat(ImagesCommand.use("muster.dev/agent:2", pushed))
        .isEqualTo("# fault agent: r.example/a:t1  # sha256:0a");
  }

  @Test
  void mustersOwnImageIsNoValueOfAChartAndComesFromAnArchiveAlone() {
    var pushed = new ImagePush.Pushed("r.example/muster", "0.1.0", "sha256:0a");
    assertThat(ImagesCommand.use("muster.dev/muster:0.1.0", pushed))
        .isEqualTo("# Muster: r.example/muster:0.1.0  # sha256:0a");
    Ended ended = Ended.of("images", "push", "r.example/x", "--own");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("dist/build makes one in target/dist");
  }
}
