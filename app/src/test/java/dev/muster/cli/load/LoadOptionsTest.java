package dev.muster.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.drill.Rate;
import dev.muster.drill.Rate.Stretch;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class LoadOptionsTest {
  @Command
  private static final class Options {
    @Mixin private final LoadOptions options = new LoadOptions();
  }

  private static Drill.Load load(String... words) {
    var command = new Options();
    new CommandLine(command).parseArgs(words);
    return command.options.load(URI.create("http://127.0.0.1:1/v1"), Map.of("A_KEY", "k", "B", ""));
  }

  @Test
  void withoutOptionsItIsADrillsLoad() {
    var load = load();
    assertThat(load.arrivals()).isEqualTo(Arrivals.poisson(1));
    assertThat(load.request()).isEqualTo(LoadRequest.USUAL);
    assertThat(load.timeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(load.stream()).isTrue();
  }

  @Test
  void arrivalsAreAsInADrill() {
    assertThat(load("--rate", "5/s", "--constant").arrivals()).isEqualTo(Arrivals.constant(5));
    assertThat(load("--ramp", "1/s,50/s,2m").arrivals())
        .isEqualTo(
            new Arrivals.Paced(
                Arrivals.Pattern.POISSON,
                new Rate(List.of(new Stretch(1, 50, Duration.ofMinutes(2))), 50)));
    assertThat(load("--steps", "5/s,1m,7/s,30s").arrivals().length())
        .hasValue(Duration.ofSeconds(90));
    assertThat(load("--trace", "a \"b\".csv", "--trace-unit", "ms").arrivals())
        .isEqualTo(new Arrivals.Trace("a \"b\".csv", null, Arrivals.Unit.MS));
  }

  @Test
  void theRequestIsAsInADrill() {
    var load =
        load(
            "--preset",
            "vllm",
            "--path",
            "/x",
            "--header",
            "X-Key: Bearer ${A_KEY}",
            "--body",
            "{\"a\": {\"b\": null}}",
            "--served-by",
            "X-Pod",
            "--connect-timeout",
            "7s",
            "--no-stream",
            "--answer-tokens",
            "9",
            "--seed",
            "4",
            "--model",
            "m: 'n'");
    var request = load.request();
    assertThat(request.preset()).isEqualTo(LoadRequest.Preset.VLLM);
    assertThat(request.headers()).isEqualTo(Map.of("X-Key", "Bearer ${A_KEY}"));
    assertThat(request.body().toString()).isEqualTo("{a={b=null}}");
    assertThat(request.servedBy()).containsExactly("x-pod");
    assertThat(request.connectTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(load.stream()).isFalse();
    assertThat(load.answerTokens()).isEqualTo(9);
    assertThat(load.seed()).isEqualTo(4);
    assertThat(Objects.requireNonNull(load.model())).isEqualTo("m: 'n'");
  }

  @Test
  void anyServiceIsAskedAsInADrill() {
    var request =
        load(
                "--preset",
                "http",
                "--method",
                "POST",
                "--path",
                "/health",
                "--body",
                "a: b",
                "--expect-status",
                "200,3xx",
                "--expect-json",
                "{\"/status\": \"ok\"}",
                "--expect-within",
                "2s")
            .request();
    assertThat(request.preset()).isEqualTo(LoadRequest.Preset.HTTP);
    assertThat(request.http().method()).isEqualTo("POST");
    assertThat(request.http().toString()).contains("a: b", "ok", "PT2S");
    refused("--expect-…", "--preset", "vllm", "--expect-status", "200");
    refused("--expect-…", "--preset", "http", "--expect-status", "2000");
  }

  /** What a drill refuses, in the option's words. */
  @Test
  void whatIsWrongIsToldOfItsOption() {
    refused("--rate: \"5\" is not a rate such as 10/s", "--rate", "5");
    refused("--prompts: /nope.jsonl can not be read", "--prompts", "/nope.jsonl");
    refused("--rate: a rate must be above 0/s", "--rate", "0/s");
    refused("--ramp wants FROM,TO,OVER", "--ramp", "1/s,2/s");
    refused("--ramp", "--ramp", "1/s,2/s,soon");
    refused("--steps wants RATE,FOR", "--steps", "1/s");
    refused("--timeout: \"soon\" is not a duration", "--timeout", "soon");
    refused("--path: \"x\" is not a path such as /chat", "--path", "x");
    refused("--header: \"Host\" is Muster's own", "--header", "Host: a");
    refused("--header wants 'NAME: VALUE'", "--header", "x");
    refused("environment variable B, which is not set", "--header", "x: ${B}");
    refused("environment variable C, which is not set", "--header", "x: ${C}");
    refused("--preset can not be \"vlm\"; did you mean \"vllm\"?", "--preset", "vlm");
    refused("--body: \"model\" is Muster's own", "--body", "{\"model\": 1}");
    refused("--body is no JSON object", "--body", "{");
    refused("tls is for an https endpoint", "--insecure");
    refused("--seed must be at least 0", "--seed", "-1");
    refused("--answer-tokens", "--answer-tokens", "0");
    refused("--concurrency must be from 1", "--concurrency", "0");
    refused("--constant is of a rate", "--constant", "--concurrency", "3");
    refused("are of a --trace", "--trace-unit", "ms");
  }

  private static void refused(String why, String... words) {
    assertThatThrownBy(() -> load(words))
        .as(Arrays.toString(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
