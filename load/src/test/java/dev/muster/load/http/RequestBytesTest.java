package dev.muster.load.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestBytesTest {
  private static final byte[] BODY = "{\"ä\":1}".getBytes(StandardCharsets.UTF_8);

  @Test
  void theLengthIsThatOfTheBytes() {
    assertThat(RequestBytes.post("/a?b=c", Map.of("host", "x"), BODY))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("POST /a?b=c HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\n\r\n{\"ä\":1}");
  }

  @Test
  void noValueMakesAHeaderOfItsOwn() {
    for (var value : new String[] {"k\nx-evil: 1", "k\r", "k—"}) {
      assertThatThrownBy(() -> RequestBytes.post("/", Map.of("authorization", value), BODY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("authorization")
          .hasMessageNotContaining("evil");
    }
  }
}
