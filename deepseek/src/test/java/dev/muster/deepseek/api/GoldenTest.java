package dev.muster.deepseek.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients send and get, as files: a request, a line of three dashes, and the response that a
 * real gateway and a real worker give. Ids and times of answers are stars; of the headers those
 * count that a file names. {@code -Dgolden.record=true} writes the responses anew.
 */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class GoldenTest {
  private static final Path CASES = Path.of("src/test/resources/golden");
  private static final boolean RECORD = Boolean.getBoolean("golden.record");

  @TempDir private static Path folder;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static LocalService service;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeAll
  static void start() throws IOException {
    service =
        new LocalService(
            folder,
            Map.of("DECODE_TOKENS_PER_SECOND", "2000", "CONTEXT_TOKENS", "2000"),
            Map.of("API_KEYS", "sk-rich,sk-poor:0"));
  }

  @AfterAll
  static void stop() {
    service.close();
    CLIENT.close();
  }

  static List<Path> cases() throws IOException {
    try (var files = Files.list(CASES)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itIsAnsweredAsTheFileSays(Path file) throws Exception {
    var text = Files.readString(file);
    int border = text.indexOf("\n---\n");
    var request = text.substring(0, border);
    var response = send(request);
    if (RECORD) {
      Files.writeString(file, request + "\n---\n" + recorded(response));
      return;
    }
    var expected = text.substring(border + 5);
    var head = expected.substring(0, expected.indexOf("\n\n")).lines().toList();
    assertThat(response.statusCode()).as(response.body()).isEqualTo(Integer.parseInt(head.get(0)));
    for (var header : head.subList(1, head.size())) {
      var name = header.substring(0, header.indexOf(": "));
      assertThat(response.headers().firstValue(name).map(value -> name + ": " + value))
          .contains(header);
    }
    assertThat(parts(response.body()).toList())
        .containsExactlyElementsOf(
            parts(expected.substring(expected.indexOf("\n\n") + 2)).toList());
    assertThat(ids(response.body())).as("one id for one answer").hasSizeLessThanOrEqualTo(1);
  }

  private static HttpResponse<String> send(String request)
      throws IOException, InterruptedException {
    int end = request.indexOf("\n\n");
    var head = (end < 0 ? request : request.substring(0, end)).lines().toList();
    int space = head.get(0).indexOf(' ');
    var path = head.get(0).substring(space + 1);
    var builder =
        HttpRequest.newBuilder(URI.create(service.url(path)))
            .timeout(Duration.ofSeconds(20))
            .method(
                head.get(0).substring(0, space),
                end < 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.substring(end)));
    for (var header : head.subList(1, head.size())) {
      int colon = header.indexOf(": ");
      builder.header(header.substring(0, colon), header.substring(colon + 2));
    }
    return CLIENT.send(builder.build(), BodyHandlers.ofString());
  }

  /** The events of a stream, or the whole body; JSON is compared as such. */
  private static Stream<Object> parts(String body) {
    if (body.lines().noneMatch(line -> line.startsWith("data: "))) {
      return Stream.of(part(body.strip()));
    }
    return body.lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> part(line.substring("data: ".length())));
  }

  private static Object part(String text) {
    return text.startsWith("{") ? masked(Json.parse(text)) : text;
  }

  private static JsonNode masked(JsonNode json) {
    if (json instanceof ObjectNode object && object.has("created")) {
      object.put("id", "*");
      object.put("created", "*");
    }
    return json;
  }

  private static List<String> ids(String body) {
    return body.lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> Json.parse(line.substring("data: ".length())).path("id").asString(""))
        .distinct()
        .toList();
  }

  private static String recorded(HttpResponse<String> response) {
    var head =
        Stream.of("content-type", "allow", "retry-after", "x-muster-tokens")
            .flatMap(name -> response.headers().firstValue(name).map(v -> name + ": " + v).stream())
            .collect(joining("\n"));
    var stream = response.headers().firstValue("content-type").orElse("").contains("event-stream");
    return response.statusCode()
        + "\n"
        + head
        + "\n\n"
        + parts(response.body())
            .map(part -> (stream ? "data: " : "") + part + "\n")
            .collect(joining("\n"));
  }
}
