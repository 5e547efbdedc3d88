package dev.muster.deepseek.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Log log =
      new Log(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          () -> Instant.parse("2026-11-24T19:00:00.123Z"),
          "api",
          "deepseek-api-1");

  @Test
  void aLineIsOneJsonObjectThatALogStoreTakesAsItIs() {
    log.info("request finished", "request_id", "a\"b\n", "status", 200, "stream", true);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"@timestamp":"2026-11-24T19:00:00.123Z","level":"INFO","component":"api",\
            "pod":"deepseek-api-1","message":"request finished","request_id":"a\\"b\\n",\
            "status":200,"stream":true}
            """);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    log.warn("request finished", "worker", "", "tokens", -1, "attempts", 0);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .endsWith("\"message\":\"request finished\",\"attempts\":0}\n");
  }
}
