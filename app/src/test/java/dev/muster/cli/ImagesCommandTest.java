package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.lab.ImagePush;
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
    assertThat(ImagesCommand.use("muster.dev/agent:1", pushed))
        .isEqualTo("# fault agent: r.example/a:t1  # sha256:0a");
  }
}
