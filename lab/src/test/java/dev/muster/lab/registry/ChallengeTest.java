package dev.muster.lab.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void aTokenIsAskedForAsThePublicRegistriesWriteIt() {
    assertThat(
            Challenge.of(
                List.of(
                    "Bearer"
                        + " realm=\"https://auth.example.com/token\",service=\"registry.example.com\","
                        + "scope=\"repository:a/b:pull,push\"")))
        .contains(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example.com/token",
                    "service", "registry.example.com",
                    "scope", "repository:a/b:pull,push")));
    assertThat(
            Challenge.of(List.of("bearer Realm=https://auth.example.com, error=\"a \\\"b\\\"\"")))
        .hasValueSatisfying(challenge -> {
          assertThat(challenge.parameter("realm")).isEqualTo("https://auth.example.com");
          assertThat(challenge.parameter("error")).isEqualTo("a \"b\"");
          assertThat(challenge.parameter("scope")).isEmpty();
        });
  }

  @Test
  void aTokenIsRatherGivenThanAPassword() {
    assertThat(Challenge.of(List.of("Basic realm=\"x\"", "Bearer realm=\"y\"")))
        .hasValueSatisfying(challenge -> assertThat(challenge.parameter("realm")).isEqualTo("y"));
    assertThat(Challenge.of(List.of("Negotiate", "Basic realm=\"x\"")))
        .hasValueSatisfying(challenge -> assertThat(challenge.scheme()).isEqualTo("basic"));
    assertThat(Challenge.of(List.of("Negotiate", ""))).isEmpty();
    assertThat(Challenge.of(List.of())).isEmpty();
  }
}
