package dev.muster.drill.observer;

/** Has alerts and series. */
public record Prometheus(Place place) implements Watcher {
  public static final Room ROOM =
      new Room(
          Place.field("prometheus", "where Prometheus is reached"),
          observe -> Place.of(observe, "prometheus", "prometheus", 9090).map(Prometheus::new));
}
