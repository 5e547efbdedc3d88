package dev.muster.agent.pod;

import dev.muster.wire.AgentEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * What Alertmanager posts to a webhook (its payload's version 4), as far as it is evidence: who was
 * told of which alerts.
 */
final class Notification {
  private static final JsonFactory JSON = new JsonFactory();

  private Notification() {}

  /**
   * @throws IllegalArgumentException if the body is no such payload
   */
  static AgentEvent.Notified of(byte[] body) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
      return read(json);
    } catch (StreamReadException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static AgentEvent.Notified read(JsonParser json) {
    String receiver = "";
    String status = "";
    List<AgentEvent.Alert> alerts = null;
    expect(json.nextToken(), JsonToken.START_OBJECT, "the payload");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "receiver" -> receiver = text(json);
        case "status" -> status = text(json);
        case "alerts" -> alerts = alerts(json);
        default -> json.skipChildren();
      }
    }
    if (alerts == null) {
      throw new IllegalArgumentException("the payload has no alerts");
    }
    return new AgentEvent.Notified(receiver, status, alerts);
  }

  private static List<AgentEvent.Alert> alerts(JsonParser json) {
    expect(json.currentToken(), JsonToken.START_ARRAY, "alerts");
    List<AgentEvent.Alert> alerts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_OBJECT, "an alert");
      alerts.add(alert(json));
    }
    return alerts;
  }

  private static AgentEvent.Alert alert(JsonParser json) {
    Map<String, String> texts = new HashMap<>();
    Map<String, String> labels = Map.of();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "status", "fingerprint", "startsAt", "endsAt" -> texts.put(name, text(json));
        case "labels" -> labels = labels(json);
        default -> json.skipChildren();
      }
    }
    return new AgentEvent.Alert(
        texts.getOrDefault("status", ""),
        labels.getOrDefault("alertname", ""),
        labels,
        texts.getOrDefault("startsAt", ""),
        texts.getOrDefault("endsAt", ""),
        texts.getOrDefault("fingerprint", ""));
  }

  private static Map<String, String> labels(JsonParser json) {
    expect(json.currentToken(), JsonToken.START_OBJECT, "labels");
    Map<String, String> labels = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      labels.put(name, text(json));
    }
    return labels;
  }

  private static String text(JsonParser json) {
    expect(json.currentToken(), JsonToken.VALUE_STRING, String.valueOf(json.currentName()));
    return json.getString();
  }

  private static void expect(JsonToken found, JsonToken wanted, String where) {
    if (found != wanted) {
      throw new IllegalArgumentException(where + " should be " + wanted + ", not " + found);
    }
  }
}
