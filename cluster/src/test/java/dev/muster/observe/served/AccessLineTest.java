package dev.muster.observe.served;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines as ingresses and servers write them by default. */
class AccessLineTest {
  private static final String ID = "20260102-030405-llm-17";

  private static List<String> addresses(String line) {
    var read = AccessLine.of(line, AccessLine.ids("20260102-030405-llm")).orElseThrow();
    assertThat(read.id()).isEqualTo(ID);
    return read.addresses();
  }

  @Test
  void envoysNamesClientAndUpstream() {
    assertThat(
            addresses(
                "[2026-01-02T03:04:09.123Z] \"POST /v1/chat/completions HTTP/1.1\" 200 - 412 2210 812"
                    + " 3 \"10.9.0.1\" \"Java\" \""
                    + ID
                    + "\" \"llm.test\" \"10.9.2.14:8080\""))
        .containsExactly("10.9.0.1", "10.9.2.14");
  }

  @Test
  void nginxNamesEachUpstreamThatItTried() {
    assertThat(
            addresses(
                "10.0.0.3 - - [02/Jan/2026:03:04:09 +0000] \"POST /v1/embeddings HTTP/1.1\" 200 793"
                    + " \"-\" \"Java\" 512 0.031 [llm-vllm-80] [] 10.9.2.14:8080, 10.9.1.7:8080"
                    + " 0, 793 0.000, 0.030 502, 200 "
                    + ID))
        .containsExactly("10.0.0.3", "10.9.2.14", "10.9.1.7");
  }

  @Test
  void jsonAndIpv6() {
    assertThat(
            addresses(
                "{\"id\":\"" + ID + "\",\"up\":\"[fd00:1::2a]:8080\",\"from\":\"fd00:1::1\"}"))
        .containsExactly("fd00:1::2a", "fd00:1::1");
  }

  @Test
  void aServersOwnLineNamesNobodyElse() {
    assertThat(addresses("INFO 01-02 03:04:09 Received request chatcmpl-" + ID + ": params"))
        .isEmpty();
  }

  @Test
  void aRetryIsAnotherRequest() {
    var ids = AccessLine.ids("20260102-030405-llm");
    assertThat(AccessLine.of("\"" + ID + ".r1\" 10.9.2.14:80", ids).orElseThrow().id())
        .isEqualTo(ID + ".r1");
  }

  @Test
  void aLineOfAnotherRunIsNone() {
    assertThat(AccessLine.of("\"20260102-030405-llm-17\"", AccessLine.ids("20260102-030406-llm")))
        .isEmpty();
    assertThat(AccessLine.of("", AccessLine.ids("r"))).isEmpty();
  }
}
