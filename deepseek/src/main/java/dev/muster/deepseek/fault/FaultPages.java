package dev.muster.deepseek.fault;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.http.Server;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.core.JsonGenerator;

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
    Server.send(
        response,
        begun ? 201 : 200,
        // {}: over already
        Json.object(json -> faults.of(fault.failure()).ifPresent(each -> write(json, each))));
  }

  private void tell(ServerResponse response) {
    Server.send(
        response,
        200,
        Json.object(json -> {
          json.writeArrayPropertyStart("faults");
          for (var each : faults.all()) {
            json.writeStartObject();
            write(json, each);
            json.writeEndObject();
          }
          json.writeEndArray();
        }));
  }

  private void end(ServerRequest request, ServerResponse response) {
    var id = request.path().pathParameters().get("id");
    if (!faults.end(id)) {
      throw ApiError.notFound("the fault " + id);
    }
    response.status(Status.NO_CONTENT_204).send();
  }

  private void write(JsonGenerator json, Faults.InForce each) {
    json.writeStringProperty("id", each.fault().id())
        .writeStringProperty("failure", each.fault().failure().word())
        .writeNumberProperty("ttl_ms", each.fault().ttl().toMillis())
        .writeNumberProperty("left_ms", Math.max(0, faults.left(each) / 1_000_000))
        .writeNumberProperty("affected", each.affected().get());
  }
}
