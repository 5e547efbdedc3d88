package dev.muster.deepseek.fault;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Server;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.stream.Collectors;

/** {@code /faults}: begins, tells and ends faults, for whoever has the token. */
public final class FaultPages {
  private static final HeaderName TOKEN = HeaderNames.create("x-fault-token");

  private final FaultToken token;
  private final Faults faults;

  public FaultPages(FaultToken token, Faults faults) {
    this.token = token;
    this.faults = faults;
  }

  /** Without a token there are no such pages. */
  public void in(HttpRouting.Builder routing) {
    if (token.given()) {
      routing
          .post("/faults", withToken(this::begin))
          .get("/faults", withToken((_, r) -> tell(r)))
          .delete("/faults/{id}", withToken(this::end));
    }
  }

  private Handler withToken(Handler handler) {
    return (request, response) -> {
      if (!request.headers().first(TOKEN).filter(token::is).isPresent()) {
        throw ApiError.faultToken();
      }
      handler.handle(request, response);
    };
  }

  private void begin(ServerRequest request, ServerResponse response) {
    var content = request.content();
    var fault = Fault.parse(content.hasEntity() ? content.as(byte[].class) : new byte[0]);
    var begun = faults.put(fault);
    var told = faults.of(fault.failure()).map(this::json).orElse("{}"); // {}: over already
    Server.send(response, begun ? 201 : 200, told);
  }

  private void tell(ServerResponse response) {
    Server.send(
        response,
        200,
        faults.all().stream()
            .map(this::json)
            .collect(Collectors.joining(",", "{\"faults\":[", "]}")));
  }

  private void end(ServerRequest request, ServerResponse response) {
    var id = request.path().pathParameters().get("id");
    if (!faults.end(id)) {
      throw ApiError.notFound("the fault " + id);
    }
    response.status(Status.NO_CONTENT_204).send();
  }

  private String json(Faults.InForce each) {
    return "{\"id\":%s,\"failure\":\"%s\",\"ttl_ms\":%d,\"left_ms\":%d,\"affected\":%d}"
        .formatted(
            Json.quote(each.fault().id()),
            each.fault().failure().word(),
            each.fault().ttl().toMillis(),
            Math.max(0, faults.left(each) / 1_000_000),
            each.affected().get());
  }
}
