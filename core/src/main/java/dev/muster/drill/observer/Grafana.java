package dev.muster.drill.observer;

/** Is told of the run; the chart of {@code monitor} has none. */
public record Grafana(Place place) implements Watcher {
  public static final Room ROOM =
      new Room(
          Place.field("grafana", "where Grafana is reached"),
          observe -> Place.said(observe, "grafana").map(Grafana::new));
}
