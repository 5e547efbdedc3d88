package dev.muster.load.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestTemplateTest {
  private static final byte[] FIRST = "id: r-1\n\nRequest r-1. ü r-r-1".getBytes(UTF_8);
  private final RequestTemplate template = new RequestTemplate(FIRST, "r-1");

  @Test
  void everyPlaceGetsTheOtherId() {
    assertThat(new String(template.with("r-9"), UTF_8))
        .isEqualTo("id: r-9\n\nRequest r-9. ü r-r-9");
    assertThat(template.with("r-1")).isEqualTo(FIRST);
  }

  @Test
  void anIdOfAnotherLengthWouldMoveAllElse() {
    assertThat(template.takes("r-2")).isTrue();
    assertThat(template.takes("r-10")).isFalse();
  }
}
