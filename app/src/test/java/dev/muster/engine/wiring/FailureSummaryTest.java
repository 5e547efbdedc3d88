package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.stats.Failure;
import dev.muster.timeline.Outcome;
import java.net.URI;
import org.junit.jupiter.api.Test;

class FailureSummaryTest {
  private static Failure http(int status, String words) {
    return new Failure(Outcome.HTTP_ERROR, status, 191, 191, words);
  }

  private static String words(Failure failure, String url) {
    return FailureSummary.of(failure, "POST", URI.create(url), "sk-0123456789");
  }

  @Test
  void anEndpointWithoutAPathGetsAHint() {
    assertThat(words(http(404, "HTTP 404: "), "http://llm.example.com/chat/completions"))
        .isEqualTo(
            "191 of 191 with HTTP 404 from POST http://llm.example.com/chat/completions:"
                + " many servers want /v1 in the endpoint");
    assertThat(words(http(404, "HTTP 404: "), "http://llm.example.com/v1/chat/completions"))
        .endsWith("/v1/chat/completions");
    assertThat(words(http(404, "HTTP 404: "), "http://llm.example.com/embeddings"))
        .endsWith("/v1 in the endpoint");
    assertThat(words(http(404, "HTTP 404: "), "http://llm.example.com/"))
        .endsWith("http://llm.example.com/");
    assertThat(words(http(401, "HTTP 401: "), "http://llm.example.com/chat/completions"))
        .doesNotContain("/v1");
  }

  @Test
  void theServersWordsAreOneShortLine() {
    assertThat(words(http(400, "HTTP 400: no such\n\tmodel: x\n"), "http://s/v1/chat/completions"))
        .endsWith("POST http://s/v1/chat/completions (no such model: x)");
    assertThat(words(http(400, "HTTP 400: " + "x".repeat(500)), "http://s/v1/chat/completions"))
        .endsWith("(" + "x".repeat(200) + "…)");
  }

  @Test
  void whereNoAnswerCameTheOutcomeIsTold() {
    assertThat(
            words(
                new Failure(Outcome.CONNECTION_FAILED, 0, 3, 4, "ConnectException: refused"),
                "http://s/v1/chat/completions"))
        .isEqualTo(
            "3 of 4 with outcome CONNECTION_FAILED of POST http://s/v1/chat/completions"
                + " (ConnectException: refused)");
  }

  @Test
  void noSecretIsTold() {
    String url = "https://me:passw0rd@s:8443/v1/chat/completions?key=a%20secret&v=1";
    String said =
        words(
            http(
                401,
                "HTTP 401: key sk-0123456789 of me:passw0rd: /x?key=a%20secret&v=1, a secret,"
                    + " a%20secret"),
            url);
    assertThat(said)
        .contains("POST https://s:8443/v1/chat/completions (key … of …: /x?…, …, …)")
        .doesNotContain("secret", "passw0rd", "sk-");
  }
}
