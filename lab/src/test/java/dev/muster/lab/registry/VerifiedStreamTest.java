package dev.muster.lab.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VerifiedStreamTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  private static VerifiedStream stream(String announced) {
    return new VerifiedStream(new ByteArrayInputStream(CONTENT), announced);
  }

  @Test
  void whatWasAnnouncedCanBeReadToItsEndAndBeyond() throws IOException {
    try (VerifiedStream in = stream(Digests.bytes(CONTENT))) {
      assertThat(in.read()).isEqualTo('c');
      in.skipNBytes(2);
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("tent");
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void whatIsSomethingElseEndsWithBothDigests() {
    String announced = "0".repeat(64);
    assertThatThrownBy(() -> stream(announced).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sha256:" + Digests.bytes(CONTENT))
        .hasMessageContaining("not sha256:" + announced);
  }
}
