package dev.muster.drill.file;

import dev.muster.drill.LoadRequest;
import dev.muster.drill.Success;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the {@link LoadRequest} of a drill's {@code load.request}, and fills in defaults. */
final class RequestReader {
  private RequestReader() {}

  static LoadRequest read(JsonNode request) {
    var preset = LoadRequest.Preset.of(request.path("preset").asString("deepseek"));
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .path("headers")
        .properties()
        .forEach(each -> headers.put(each.getKey(), each.getValue().asString()));
    return new LoadRequest(
        preset,
        request.path("path").asString(preset.path()),
        headers,
        DrillReader.map(request.path("body")),
        servedBy(request.path("servedBy")),
        DrillReader.duration(request.path("connectTimeout"), LoadRequest.CONNECT),
        DrillReader.optional(request.path("readTimeout")),
        tls(request.path("tls")),
        http(request));
  }

  private static List<String> servedBy(JsonNode names) {
    return names.isMissingNode()
        ? LoadRequest.SERVED_BY
        : names.valueStream().map(name -> name.asString().toLowerCase(Locale.ROOT)).toList();
  }

  private static LoadRequest.@Nullable Tls tls(JsonNode tls) {
    return tls.isMissingNode()
        ? null
        : new LoadRequest.Tls(
            text(tls, "ca"),
            text(tls, "certificate"),
            text(tls, "key"),
            tls.path("insecure").asBoolean(false));
  }

  private static LoadRequest.Http http(JsonNode request) {
    var body = request.path("body");
    return new LoadRequest.Http(
        request.path("method").asString(LoadRequest.Http.USUAL.method()),
        body.isString() ? body.asString() : null,
        success(request.path("success")));
  }

  private static Success success(JsonNode success) {
    var status = success.path("status");
    return new Success(
        status.isMissingNode()
            ? Success.USUAL.status()
            : (status.isArray() ? status.valueStream() : Stream.of(status))
                .map(each -> Success.Statuses.of(each.asString()))
                .toList(),
        DrillReader.map(success.path("json")),
        text(success, "contains"),
        DrillReader.optional(success.path("within")));
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.has(field) ? node.path(field).asString() : null;
  }
}
