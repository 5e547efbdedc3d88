package dev.muster.drill.observer;

import dev.muster.drill.field.Field;
import java.util.Optional;

public record Jaeger(Place place, String service) implements Watcher {
  public static final Room ROOM =
      new Room(
          Field.mapping(
              "jaeger",
              "who keeps spans",
              Place.field("place", "where it is reached").required("http://jaeger"),
              Field.text("service", "whose spans; api if left out")),
          observe ->
              Place.said(observe.in("jaeger"), "place")
                  .map(place -> new Jaeger(place, observe.in("jaeger").text("service", "api"))));
}
