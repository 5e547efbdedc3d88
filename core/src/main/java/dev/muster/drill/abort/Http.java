package dev.muster.drill.abort;

import dev.muster.drill.field.Address;
import dev.muster.drill.field.Field;
import java.net.URI;
import java.util.List;

/** A URL that does not answer with a status below 400. */
public record Http(URI url) implements Probe {
  public static final Room ROOM =
      new Room(
          "http",
          rule -> new Http(URI.create(rule.text("url", ""))),
          _ -> {},
          List.of(
              Field.text(
                      "url",
                      "an http(s) URL",
                      "^https?://[^\\s]+$",
                      "what does not answer within 2 s with a status below 400")
                  .required("http://llm.example.com/health")
                  .sense(Address::url)));

  @Override
  public String words() {
    return url + " does not answer";
  }
}
